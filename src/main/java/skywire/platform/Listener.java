package skywire.platform;

import java.io.Closeable;
import java.io.IOException;

/** Accepts links. Thread-safe. */
public interface Listener extends Closeable {
    /** Waits for the next link, also while the system is short of descriptors; throws once the listener is closed. */
    Link accept() throws IOException;

    /** Where it listens, with the port really bound. */
    HostPort local();

    /** Stops listening; a waiting {@link #accept} fails. Idempotent. */
    @Override
    void close();
}
