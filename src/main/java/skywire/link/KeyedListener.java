package skywire.link;

import java.io.Closeable;
import java.io.IOException;

/** Accepts keyed links on one port. Thread-safe. */
public interface KeyedListener extends Closeable {
    /**
     * Waits for the next link; the caller owns it.
     *
     * @throws skywire.platform.Failure of kind {@code CLOSED_HERE} once the listener is closed
     */
    KeyedLink accept() throws IOException;

    /** The port it listens on. */
    int port();

    /** Stops listening and frees the port; a waiting {@link #accept} fails. Idempotent. */
    @Override
    void close();
}
