package skywire.route;

import java.util.Optional;
import java.util.UUID;
import skywire.transport.NextHop;

/** Finds the neighbour behind a live transport. Thread-safe. */
@FunctionalInterface
public interface Hops {
    /** The neighbour; empty if there is no such transport, or it has ended. */
    Optional<? extends NextHop> find(UUID transport);
}
