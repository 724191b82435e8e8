package skywire.route.setup;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import skywire.directory.Path;

/**
 * The one owner of the number of legs of a route group: plans and dials those that are missing, and retires those that
 * are too many (mux §3.5, §5, §8.9). Ends with its group. Thread-safe.
 */
public final class LegKeeper {
    private LegKeeper() {}

    /** What is wanted at present. */
    public LegWish wish() {
        throw new UnsupportedOperationException();
    }

    /** Wants something else from now on; returns at once. */
    public void want(LegWish wish) {
        throw new UnsupportedOperationException();
    }

    /** What is wanted, what there is, and why there is a difference. */
    public LegCount count() {
        throw new UnsupportedOperationException();
    }

    /** The way a leg takes; empty for a leg that there is not. */
    public Optional<Path> path(UUID leg) {
        throw new UnsupportedOperationException();
    }

    /** The ways of all legs by their first transports, the oldest first. */
    public Map<UUID, Path> paths() {
        throw new UnsupportedOperationException();
    }

    /** Why legs could not be set up lately, for people, the latest last. */
    public List<String> failures() {
        throw new UnsupportedOperationException();
    }
}
