package skywire.dmsg;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.locks.ReentrantLock;
import skywire.key.PublicKey;
import skywire.platform.Clock;
import skywire.platform.Deadline;

/** What earlier dials taught us: which server led to whom, and which do not forward. Bounded. Thread-safe. */
final class DialMemory {
    private static final int SIZE = 1024;
    private static final Duration KEPT = Duration.ofMinutes(10);

    private record Known(PublicKey server, Deadline until) {}

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final SequencedMap<PublicKey, Known> good = new LinkedHashMap<>(); // by destination; guarded by lock
    private final SequencedMap<PublicKey, Deadline> silent = new LinkedHashMap<>(); // by server; guarded by lock

    DialMemory(Clock clock) {
        this.clock = clock;
    }

    /** A dial to this destination went through that server. */
    void worked(PublicKey destination, PublicKey server) {
        lock.lock();
        try {
            good.remove(destination);
            good.put(destination, new Known(server, clock.in(KEPT)));
            if (good.size() > SIZE) {
                good.pollFirstEntry();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The server that led there last, if that was not long ago. */
    Optional<PublicKey> lastGood(PublicKey destination) {
        lock.lock();
        try {
            Known known = good.get(destination);
            return known == null || known.until.passed() ? Optional.empty() : Optional.of(known.server);
        } finally {
            lock.unlock();
        }
    }

    /** A dial to this destination through that server failed. */
    void failed(PublicKey destination, PublicKey server) {
        lock.lock();
        try {
            Known known = good.get(destination);
            if (known != null && known.server.equals(server)) {
                good.remove(destination);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A server did not answer a request it would have had to forward. */
    void doesNotForward(PublicKey server) {
        lock.lock();
        try {
            silent.remove(server);
            silent.put(server, clock.in(KEPT));
            if (silent.size() > SIZE) {
                silent.pollFirstEntry();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether it is worth asking this server to forward. */
    boolean mayForward(PublicKey server) {
        lock.lock();
        try {
            Deadline until = silent.get(server);
            return until == null || until.passed();
        } finally {
            lock.unlock();
        }
    }
}
