package skywire.route.setup;

import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import skywire.key.PublicKey;
import skywire.platform.Clock;

/** Relays that failed a short time ago, and are left out for a while where there is another way. Thread-safe. */
final class Suspects {
    /** How long a relay is left out. */
    static final Duration TIME = Duration.ofSeconds(60);

    /** Relays remembered; the one noted longest ago goes first. */
    static final int MOST = 1_000;

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<PublicKey, Long> until = new LinkedHashMap<>(); // guarded by lock; oldest first

    Suspects(Clock clock) {
        this.clock = clock;
    }

    /** These are left out from now on. */
    void add(Collection<PublicKey> relays) {
        long end = clock.nanoTime() + TIME.toNanos();
        lock.lock();
        try {
            for (PublicKey relay : relays) {
                until.remove(relay); // so that it goes to the end
                until.put(relay, end);
            }
            Iterator<PublicKey> oldest = until.keySet().iterator();
            while (until.size() > MOST) {
                oldest.next();
                oldest.remove();
            }
        } finally {
            lock.unlock();
        }
    }

    /** A route leads through these: they work. */
    void clear(Collection<PublicKey> relays) {
        lock.lock();
        try {
            until.keySet().removeAll(relays);
        } finally {
            lock.unlock();
        }
    }

    /** Those to leave out now. */
    Set<PublicKey> now() {
        long now = clock.nanoTime();
        lock.lock();
        try {
            until.values().removeIf(end -> now - end >= 0);
            return new LinkedHashSet<>(until.keySet());
        } finally {
            lock.unlock();
        }
    }
}
