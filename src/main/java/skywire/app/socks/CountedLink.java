package skywire.app.socks;

import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;
import skywire.platform.Deadline;
import skywire.platform.Link;

/**
 * A link that counts its bytes: for the statistics of many, and its own, by which one sees whether it moves. As
 * thread-safe as the link below.
 */
final class CountedLink implements Link {
    private final Link link;
    private final LongAdder sent;
    private final LongAdder received;
    private volatile long heard; // bytes read; reader only writes
    private volatile long begun; // bytes handed to write; writer only writes
    private volatile long written; // bytes that write has taken; writer only writes
    private volatile long begunWhenHeard; // reader only writes

    CountedLink(Link link, LongAdder sent, LongAdder received) {
        this.link = link;
        this.sent = sent;
        this.received = received;
    }

    @Override
    public int read(byte[] b, int off, int len, Deadline deadline) throws IOException {
        int n = link.read(b, off, len, deadline);
        if (n > 0) {
            received.add(n);
            heard += n;
            begunWhenHeard = begun;
        }
        return n;
    }

    @Override
    public void write(byte[] b, int off, int len, Deadline deadline) throws IOException {
        begun += len;
        link.write(b, off, len, deadline);
        written += len;
        sent.add(len);
    }

    /** Bytes read from this link. */
    long heard() {
        return heard;
    }

    /** Bytes written to this link. */
    long written() {
        return written;
    }

    /** Bytes written, those of a write under way too, since a read last brought something. */
    long writtenSinceHeard() {
        return begun - begunWhenHeard;
    }

    @Override
    public void finishWriting(Deadline deadline) throws IOException {
        link.finishWriting(deadline);
    }

    @Override
    public void close() {
        link.close();
    }

    @Override
    public String local() {
        return link.local();
    }

    @Override
    public String remote() {
        return link.remote();
    }
}
