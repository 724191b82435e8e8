package skywire.control;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Link;

/** Lines of text on a link. One reader at a time; a line is written as a whole. */
final class Lines {
    private final Link link;
    private final int longest;
    private byte[] buffer = new byte[4096]; // reader only
    private int length; // reader only; bytes in the buffer
    private int searched; // reader only; so many of them are no line end

    Lines(Link link, int longest) {
        this.link = link;
        this.longest = longest;
    }

    /** The next line, or nothing after the peer's end; {@code LIMIT} if it is too long. */
    Optional<String> read(Deadline deadline) throws IOException {
        while (true) {
            for (; searched < length; searched++) {
                if (buffer[searched] == '\n') {
                    return Optional.of(take());
                }
            }
            if (length >= longest) {
                throw new Failure(Failure.Kind.LIMIT, "a line is longer than " + longest + " bytes");
            }
            if (length == buffer.length) {
                buffer = Arrays.copyOf(buffer, Math.min(longest, buffer.length * 2));
            }
            int n = link.read(buffer, length, buffer.length - length, deadline);
            if (n < 0) {
                return Optional.empty();
            }
            length += n;
        }
    }

    private String take() {
        String line = new String(buffer, 0, searched, StandardCharsets.UTF_8);
        int rest = searched + 1;
        System.arraycopy(buffer, rest, buffer, 0, length - rest);
        length -= rest;
        searched = 0;
        return line;
    }

    /** Writes a line. */
    void write(String line, Deadline deadline) throws IOException {
        link.write((line + "\n").getBytes(StandardCharsets.UTF_8), deadline);
    }
}
