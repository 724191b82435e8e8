package skywire.control;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import skywire.platform.Failure;

/**
 * Keeps a second program out of a folder, for as long as the process lives: a file that is locked, with the process's
 * number in it. The file stays, since removing it would let two programs in that come at the same time.
 *
 * <p>Must not be opened a second time by the process that holds it: the system gives a lock up with any of its channels.
 */
final class FolderLock implements Closeable {
    private static final int LONGEST = 20;
    private static final System.Logger LOG = System.getLogger(FolderLock.class.getName());

    private final Path file;
    private final FileChannel channel; // the lock ends with it; null where the file system has no locks

    private FolderLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Takes the lock; fails with {@code REFUSED} if another program has it. */
    static FolderLock take(Path file) throws IOException {
        FileChannel channel = open(file);
        try {
            if (!lock(channel, file)) {
                return new FolderLock(file, null);
            }
            write(channel, Long.toString(ProcessHandle.current().pid()));
            return new FolderLock(file, channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static FileChannel open(Path file) throws IOException {
        var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var how = Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        try {
            return FileChannel.open(file, how, mode);
        } catch (IOException e) {
            throw new Failure(Failure.Kind.REFUSED, file + ": cannot be opened: " + Failure.text(e), e);
        }
    }

    /** False if the file system has no locks: the control socket must do then. */
    private static boolean lock(FileChannel channel, Path file) throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            throw taken(file, "this process");
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, file + " cannot be locked: " + Failure.text(e));
            channel.close();
            return false;
        }
        if (lock == null) {
            throw taken(file, "process " + owner(file));
        }
        return true;
    }

    private static ControlException taken(Path file, String by) {
        Path folder = file.toAbsolutePath().getParent();
        return new ControlException(
                Failure.Kind.REFUSED,
                "a program runs in " + folder + " already (" + by + ")",
                "stop it:  skywire visor halt --control '" + folder.resolve(ControlPath.NAME)
                        + "'   or choose another folder (\"local_path\")");
    }

    private static void write(FileChannel channel, String text) throws IOException {
        channel.truncate(0);
        ByteBuffer bytes = StandardCharsets.US_ASCII.encode(text + "\n");
        while (bytes.hasRemaining()) {
            channel.write(bytes, bytes.position());
        }
    }

    /** The number in the file; {@code ?} if there is none. */
    private static String owner(Path file) throws IOException {
        try {
            String text = Files.readString(file, StandardCharsets.US_ASCII).strip();
            return text.matches("[0-9]{1," + LONGEST + "}") ? text : "?";
        } catch (NoSuchFileException e) {
            return "?";
        }
    }

    /** Whether it still keeps others out; nobody knows of a lock on a file that was deleted. */
    boolean holds() {
        return channel == null || Files.exists(file);
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
