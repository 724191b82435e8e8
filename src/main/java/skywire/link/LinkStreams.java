package skywire.link;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Supplier;
import skywire.platform.Deadline;
import skywire.platform.Link;

/** Views of a link as streams of {@code java.io}, for code that wants those. As thread-safe as the link. */
public final class LinkStreams {
    private LinkStreams() {}

    /** Reads from the link, each read by the deadline supplied then; closing the stream closes the link. */
    public static InputStream input(Link link, Supplier<Deadline> deadline) {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] b, int off, int len) throws IOException {
                return len == 0 ? 0 : link.read(b, off, len, deadline.get());
            }

            @Override
            public void close() {
                link.close();
            }
        };
    }

    /** Writes to the link at once, each write by the deadline supplied then; closing the stream closes the link. */
    public static OutputStream output(Link link, Supplier<Deadline> deadline) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] b, int off, int len) throws IOException {
                link.write(b, off, len, deadline.get());
            }

            @Override
            public void close() {
                link.close();
            }
        };
    }
}
