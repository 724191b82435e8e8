package skywire.service.store;

import java.io.Closeable;
import java.util.Map;
import java.util.Optional;
import skywire.platform.Deadline;

/**
 * A table of texts by key behind a service that has all of it in memory: rows are read once, at the start, and written
 * as they change. Thread-safe.
 *
 * <p>Writing never fails towards the service: what cannot be written now is kept and tried again, and {@link #trouble}
 * says so. A service goes on with what it has in memory.
 */
public interface Store extends Closeable {
    /** All rows, as they were when the store was opened; to be called once. */
    Map<String, String> load();

    /** Notes a new value of a row; does not wait. */
    void put(String key, String value);

    /** Notes that a row is gone; does not wait. */
    void remove(String key);

    /**
     * Waits until everything noted before is safe from the end of the process.
     *
     * @return false if that was not so by the deadline, or cannot be done at present
     */
    boolean flush(Deadline deadline);

    /** Why rows cannot be written at present, in one sentence for the operator. */
    Optional<String> trouble();

    /** The same for everybody, without the name of the file. */
    default Optional<String> complaint() {
        return trouble().map(text -> "the store cannot be written at present");
    }

    /** Writes what is left, as far as that is possible at once, and closes the file. Idempotent. */
    @Override
    void close();

    /** A store that forgets: the service keeps everything in memory anyway. */
    static Store none() {
        return NoStore.INSTANCE;
    }
}
