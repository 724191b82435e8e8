package skywire.service.routes;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;

/**
 * The graph of the transports there are now: asked for anew when it is older than it may be, by one caller at a time.
 * If that fails, the old one serves for a while. Thread-safe.
 */
final class FreshGraph {
    /** How long a graph is used while its source does not answer. */
    static final Duration STALE = Duration.ofMinutes(5);

    /** What everybody may know of {@link #trouble}. */
    static final String NO_LIST = "the list of transports cannot be had at present";

    private final Clock clock;
    private final Duration fresh;
    private final RouteFinderService.Transports source;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition fetched = lock.newCondition();
    private RouteGraph graph; // guarded by lock; null before the first
    private long madeAt; // guarded by lock
    private boolean fetching; // guarded by lock
    private String trouble; // guarded by lock; null while all is well

    FreshGraph(Clock clock, Duration fresh, RouteFinderService.Transports source) {
        this.clock = clock;
        this.fresh = fresh;
        this.source = source;
    }

    /** The graph to answer from; throws if there is none that is recent enough. */
    RouteGraph get(Deadline deadline) throws IOException {
        lock.lock();
        try {
            while (true) {
                if (isYounger(fresh) || fetching && isYounger(STALE)) {
                    return graph;
                }
                if (!fetching) {
                    fetching = true;
                    break;
                }
                if (!clock.await(lock, fetched, deadline) && fetching) {
                    throw Failure.timeout("waiting for the list of transports");
                }
            }
        } finally {
            lock.unlock();
        }
        return fetch(deadline);
    }

    private boolean isYounger(Duration age) {
        return graph != null && clock.nanoTime() - madeAt < age.toNanos();
    }

    /** Asks the source; everybody who waits for it goes on afterwards. */
    private RouteGraph fetch(Deadline deadline) throws IOException {
        RouteGraph made = null;
        IOException failure = null;
        try {
            made = RouteGraph.of(source.all(deadline));
        } catch (IOException e) {
            failure = e;
        } finally {
            took(made, failure);
        }
        lock.lock();
        try {
            if (made == null && !isYounger(STALE)) {
                throw Failure.wrap("list of transports", failure);
            }
            return graph;
        } finally {
            lock.unlock();
        }
    }

    private void took(RouteGraph made, IOException failure) {
        lock.lock();
        try {
            fetching = false;
            fetched.signalAll();
            trouble = failure == null ? null : NO_LIST + ": " + Failure.text(failure);
            if (made != null) {
                graph = made;
                madeAt = clock.nanoTime();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The same for everybody, without where the list comes from. */
    Optional<String> complaint() {
        return trouble().map(text -> NO_LIST);
    }

    /** Why the last list could not be had; empty while all is well. */
    Optional<String> trouble() {
        lock.lock();
        try {
            return Optional.ofNullable(trouble);
        } finally {
            lock.unlock();
        }
    }
}
