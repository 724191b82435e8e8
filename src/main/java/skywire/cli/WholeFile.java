package skywire.cli;

import java.io.Closeable;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import skywire.control.ControlException;
import skywire.platform.Failure;

/**
 * A file that appears under its name only once it is complete. Until then its bytes are in a hidden file beside it, which
 * goes away on {@link #close}, or when the process is ended by a signal. What is no regular file (a device, a pipe) is
 * written to directly.
 */
final class WholeFile implements Closeable {
    /** What one types for the output of the program. */
    static final String OUTPUT = "-";

    private final Path file;
    private final Path draft; // null if the file is written to directly
    private final OutputStream out;
    private final Thread onExit;
    private volatile boolean complete;

    private WholeFile(Path file, Path draft, OutputStream out) {
        this.file = file;
        this.draft = draft;
        this.out = out;
        this.onExit = new Thread(this::discard, "discard");
    }

    /** Begins a file; complains at once if it could not be put there. */
    static WholeFile begin(Path file) throws IOException {
        try {
            if (Files.isDirectory(file)) {
                throw new Failure(Failure.Kind.REFUSED, file + ": is a folder, not a file");
            }
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                return new WholeFile(file, null, Files.newOutputStream(file));
            }
            Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
            checkFolder(target);
            if (Files.exists(target) && !Files.isWritable(target)) {
                throw new AccessDeniedException(target.toString());
            }
            Path draft = target.resolveSibling(
                    "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
            var whole = new WholeFile(target, draft, Files.newOutputStream(draft));
            Runtime.getRuntime().addShutdownHook(whole.onExit);
            return whole;
        } catch (Failure | ControlException e) {
            throw e;
        } catch (IOException e) {
            throw cannot(file, e);
        }
    }

    /** The output of the program in place of a file; it stays open. */
    static WholeFile output(OutputStream out) {
        return new WholeFile(Path.of(OUTPUT), null, new FilterOutputStream(out) {
            @Override
            public void write(byte[] b, int off, int len) throws IOException {
                out.write(b, off, len);
            }

            @Override
            public void close() throws IOException {
                flush();
            }
        });
    }

    /** Complains if there is no folder to put the file into: it is not made, since its name may be mistyped. */
    static void checkFolder(Path file) throws ControlException {
        Path folder = file.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder)) {
            throw new ControlException(
                    Failure.Kind.NOT_FOUND,
                    file + ": there is no folder " + folder,
                    "make it:  mkdir -p '" + folder + "'");
        }
    }

    /** Adds bytes. */
    void write(byte[] b, int off, int len) throws IOException {
        try {
            out.write(b, off, len);
        } catch (IOException e) {
            throw cannot(file, e);
        }
    }

    /** The file is complete: it appears, in place of an older one if there is one. */
    void complete() throws IOException {
        try {
            out.close();
            if (draft != null) {
                move();
            }
            complete = true;
        } catch (IOException e) {
            throw cannot(file, e);
        }
    }

    private void move() throws IOException {
        try {
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static Failure cannot(Path file, IOException e) {
        String why = e instanceof AccessDeniedException ? "permission denied" : Failure.text(e);
        return new Failure(Failure.Kind.REFUSED, file + ": cannot be written: " + why, e);
    }

    /** Ends it; unless it is complete, nothing of it stays. */
    @Override
    public void close() throws IOException {
        try {
            out.close();
        } finally {
            discard();
            forgetHook();
        }
    }

    private void discard() {
        if (draft != null && !complete) {
            try {
                Files.deleteIfExists(draft);
            } catch (IOException e) {
                System.getLogger(WholeFile.class.getName()).log(System.Logger.Level.WARNING, draft + " stays", e);
            }
        }
    }

    private void forgetHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(onExit);
        } catch (IllegalStateException endOfProcess) {
            discard(); // the hook may run already; twice does no harm
        }
    }
}
