package skywire.cli;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** The process's output, which knows whether something of a result was lost: text writers do not tell. Thread-safe. */
final class ResultStream extends OutputStream {
    private final FileOutputStream out;
    private volatile IOException trouble; // the first one

    ResultStream(FileOutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] b, int off, int len) throws IOException {
        try {
            out.write(b, off, len);
        } catch (IOException e) {
            trouble = trouble == null ? e : trouble;
            throw e;
        }
    }

    /** Why something could not be written, unless it was that nobody wants to read it any more. */
    Optional<String> lost() {
        return Optional.ofNullable(trouble).filter(e -> !isClosedPipe(e)).map(IOException::getMessage);
    }

    /** As after {@code skywire tp ls | head -1}: what the reader wanted it has. */
    static boolean isClosedPipe(IOException e) {
        return e.getMessage() != null
                && e.getMessage().toLowerCase(java.util.Locale.ROOT).contains("broken pipe");
    }
}
