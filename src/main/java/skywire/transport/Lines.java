package skywire.transport;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Link;

/** Lines of text at the start of a link: read byte by byte, so that nothing behind the newline is taken. */
final class Lines {
    /** Bytes of the longest line. */
    static final int LONGEST = 4096;

    private Lines() {}

    /** The next line without its newline. */
    static String read(Link link, Deadline deadline) throws IOException {
        byte[] line = new byte[256];
        for (int n = 0; n < LONGEST; n++) {
            if (n == line.length) {
                line = Arrays.copyOf(line, 2 * n);
            }
            if (link.read(line, n, 1, deadline) < 0) {
                throw new EOFException("stream ended within a line");
            }
            if (line[n] == '\n') {
                return new String(line, 0, n, StandardCharsets.UTF_8);
            }
        }
        throw Failure.malformed("line longer than " + LONGEST + " bytes");
    }

    /** Writes the line and its newline in one write. */
    static void write(Link link, String line, Deadline deadline) throws IOException {
        link.write((line + "\n").getBytes(StandardCharsets.UTF_8), deadline);
    }
}
