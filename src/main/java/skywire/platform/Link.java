package skywire.platform;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;

/**
 * Anything that carries a stream of bytes both ways: TCP, a secured link, a yamux stream, a dmsg stream, a transport, a
 * route group.
 *
 * <p>One thread may read while another writes; more than one reader or writer at a time must be kept apart by the
 * caller unless the implementation says otherwise. {@link #close} may be called by anybody, at any time. A failed or
 * timed-out write leaves the link unusable (part of it may have been sent); a timed-out read leaves it intact.
 */
public interface Link extends Closeable {
    /**
     * Reads at least one byte if {@code len > 0}.
     *
     * @return the number of bytes read, -1 after the peer's orderly end
     * @throws Failure of kind {@code TIMEOUT} if nothing came by the deadline
     */
    int read(byte[] b, int off, int len, Deadline deadline) throws IOException;

    /**
     * Writes all the bytes: on return they are with the kernel or definitely queued, and the array may be reused.
     *
     * @throws Failure of kind {@code TIMEOUT} if the peer took them too slowly
     */
    void write(byte[] b, int off, int len, Deadline deadline) throws IOException;

    /** Tells the peer that no more bytes will follow, where the carrier can say so; reading goes on. */
    void finishWriting(Deadline deadline) throws IOException;

    /** Ends both directions at once. Quick, idempotent, never waits for the peer. */
    @Override
    void close();

    /** Where this end is, for people and logs: {@code 127.0.0.1:8080}, {@code 02ab…:80}. */
    String local();

    /** Where the other end is, for people and logs. For an authenticated link it is {@code <public key>:<port>}. */
    String remote();

    /** Reads exactly {@code len} bytes. */
    default void readFully(byte[] b, int off, int len, Deadline deadline) throws IOException {
        for (int done = 0, n; done < len; done += n) {
            n = read(b, off + done, len - done, deadline);
            if (n < 0) {
                throw new EOFException("stream ended after " + done + " of " + len + " bytes");
            }
        }
    }

    /** Writes the whole array. */
    default void write(byte[] b, Deadline deadline) throws IOException {
        write(b, 0, b.length, deadline);
    }
}
