package skywire.service.store;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;

/**
 * A store in one H2 MVStore file, used by one platform thread only: an interrupt would close the file for everybody.
 * Changes are gathered, the last one of a row wins, and each commit writes all that have come. When the file cannot be
 * written (disk full), the changes stay in memory, one line is logged, and it is tried again every {@link #RETRY}.
 */
public final class FileStore implements Store {
    /** Time between tries while the file cannot be written. */
    public static final Duration RETRY = Duration.ofSeconds(5);

    private static final System.Logger LOG = System.getLogger(FileStore.class.getName());
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
    private static final int COMMITS_PER_COMPACTION = 500;
    private static final int FILL_PERCENT = 50;
    private static final int COMPACT_BYTES = 4 << 20;
    private static final String TABLE = "rows";
    private static final String DAMAGED =
            "it is damaged; move it away to start with an empty one (publishers register again)";

    private final Clock clock;
    private final Path file;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Optional<String>> dirty = new LinkedHashMap<>(); // guarded by lock; empty = removed
    private long noted; // guarded by lock; changes so far
    private long written; // guarded by lock; changes that are in the file
    private String trouble; // guarded by lock; null while all is well
    private boolean closing; // guarded by lock
    private boolean ended; // guarded by lock
    private Map<String, String> loaded; // guarded by lock; until it is fetched
    private MVStore store; // store thread only, after the start; null while the file cannot be opened
    private MVMap<String, String> rows; // with store
    private int commits; // store thread only

    private FileStore(Platform platform, Path file) {
        this.clock = platform.clock();
        this.file = file;
    }

    /**
     * Opens or makes the file, mode 0600.
     *
     * @throws Failure with one clear sentence if it is damaged, in use, or cannot be made
     */
    public static FileStore open(Platform platform, Path file) throws IOException {
        var made = new FileStore(platform, file);
        made.openFile();
        made.loaded = new TreeMap<>(made.rows);
        platform.startOutside("store " + file.getFileName(), made::work);
        return made;
    }

    private void openFile() throws IOException {
        try {
            createPrivate(file);
            // no background thread, no automatic commit: this thread does both
            store = new MVStore.Builder()
                    .fileName(file.toString())
                    .autoCommitDisabled()
                    .open();
            rows = store.openMap(TABLE);
        } catch (MVStoreException e) {
            throw new Failure(Failure.Kind.REFUSED, "store " + file + ": " + reason(e), e);
        } catch (IOException e) {
            throw new Failure(Failure.Kind.REFUSED, "store " + file + ": " + Failure.text(e), e);
        }
    }

    private static void createPrivate(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        Files.createDirectories(directory);
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            return; // as it should be after the first start
        }
    }

    private static String reason(MVStoreException e) {
        return switch (e.getErrorCode()) {
            case DataUtils.ERROR_FILE_LOCKED -> "another process is using it";
            case DataUtils.ERROR_FILE_CORRUPT -> DAMAGED;
            case DataUtils.ERROR_UNSUPPORTED_FORMAT -> "it was written by another version of the software";
            default ->
                switch (e.getCause()) {
                    case EOFException cutShort -> DAMAGED;
                    case IOException io -> Failure.text(io);
                    case null, default -> Failure.text(e);
                };
        };
    }

    @Override
    public Map<String, String> load() {
        lock.lock();
        try {
            Map<String, String> once = loaded == null ? new TreeMap<>() : loaded;
            loaded = null;
            return once;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void put(String key, String value) {
        note(key, Optional.of(value));
    }

    @Override
    public void remove(String key) {
        note(key, Optional.empty());
    }

    private void note(String key, Optional<String> value) {
        lock.lock();
        try {
            dirty.put(key, value);
            noted++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean flush(Deadline deadline) {
        lock.lock();
        try {
            long upTo = noted;
            while (written < upTo && trouble == null && !ended) {
                if (!clock.await(lock, changed, deadline)) {
                    break;
                }
            }
            return written >= upTo;
        } catch (Failure e) {
            return false; // interrupted; the caller sees its own interrupt
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<String> trouble() {
        lock.lock();
        try {
            return Optional.ofNullable(trouble);
        } finally {
            lock.unlock();
        }
    }

    /** The store thread. */
    private void work() {
        try {
            while (awaitWork()) {
                commitAll();
            }
        } catch (Failure e) {
            LOG.log(System.Logger.Level.ERROR, "store " + file + ": its thread was interrupted", e);
        } finally {
            closeFile();
            lock.lock();
            try {
                ended = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Waits for changes (in trouble, for the time of the next try as well); false when it is time to end. */
    private boolean awaitWork() throws Failure {
        lock.lock();
        try {
            Deadline retry = clock.in(RETRY);
            while (!closing && trouble != null && clock.await(lock, changed, retry)) {}
            while (!closing && dirty.isEmpty()) {
                clock.await(lock, changed, Deadline.NEVER);
            }
            return !dirty.isEmpty() && (!closing || trouble == null);
        } finally {
            lock.unlock();
        }
    }

    private void commitAll() {
        Map<String, Optional<String>> batch;
        long upTo;
        lock.lock();
        try {
            batch = new LinkedHashMap<>(dirty);
            dirty.clear();
            upTo = noted;
        } finally {
            lock.unlock();
        }
        String failed = write(batch);
        lock.lock();
        try {
            if (failed == null) {
                written = upTo;
            } else {
                batch.forEach(dirty::putIfAbsent);
            }
            report(failed);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void report(String failed) {
        if (failed != null && trouble == null) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "store " + file + " cannot be written: " + failed + "; changes are kept in memory until it can");
        } else if (failed == null && trouble != null) {
            LOG.log(System.Logger.Level.INFO, "store " + file + " is written again");
        }
        trouble = failed == null ? null : "store " + file + " cannot be written: " + failed;
    }

    /** Writes one batch; the reason if that failed. */
    private String write(Map<String, Optional<String>> batch) {
        try {
            if (store == null) {
                openFile();
            }
            batch.forEach((key, value) -> {
                if (value.isPresent()) {
                    rows.put(key, value.get());
                } else {
                    rows.remove(key);
                }
            });
            store.commit();
            if (++commits % COMMITS_PER_COMPACTION == 0) {
                store.compact(FILL_PERCENT, COMPACT_BYTES);
            }
            return null;
        } catch (MVStoreException e) {
            closeFile();
            return reason(e);
        } catch (IOException e) {
            return Failure.text(e.getCause() == null ? e : e.getCause());
        }
    }

    private void closeFile() {
        if (store == null) {
            return;
        }
        try {
            store.closeImmediately(); // all that counts is committed
        } catch (MVStoreException e) {
            LOG.log(System.Logger.Level.DEBUG, "closing " + file, e);
        }
        store = null;
        rows = null;
    }

    @Override
    public void close() {
        Deadline limit = clock.in(CLOSE_LIMIT);
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
            while (!ended && clock.await(lock, changed, limit)) {}
        } catch (Failure e) {
            LOG.log(System.Logger.Level.DEBUG, "closing " + file + " was interrupted", e);
        } finally {
            lock.unlock();
        }
    }
}
