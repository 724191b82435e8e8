package skywire.service;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import skywire.key.PublicKey;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;

/**
 * The numbers that signed requests of each key must carry (transport §10). A number is never good twice: keys that were
 * never seen, or were forgotten, start at a floor above every number that was used before. Requests of one key are
 * answered one after another. Thread-safe.
 */
final class Nonces {
    /** Most keys that are remembered; beyond it those silent for longest are forgotten. */
    static final int MOST_KEYS = 50_000;

    private static final Duration TURN_LIMIT = Duration.ofSeconds(5);

    private final Clock clock;
    private final int mostKeys;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition freed = lock.newCondition();
    private final Map<PublicKey, Long> next = new LinkedHashMap<>(16, 0.75f, true); // guarded by lock
    private final Set<PublicKey> busy = new TreeSet<>(); // guarded by lock; whose turn it is
    private long floor; // guarded by lock; unsigned

    Nonces(Clock clock, long floor, int mostKeys) {
        this.clock = clock;
        this.floor = floor;
        this.mostKeys = mostKeys;
    }

    /** The number the next request of this key must carry. */
    long next(PublicKey key) {
        lock.lock();
        try {
            return next.getOrDefault(key, floor);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Begins a request of the key, when earlier ones have been answered; {@link #end} must follow.
     *
     * @throws Failure of kind {@code TIMEOUT} if earlier ones take too long
     */
    void begin(PublicKey key) throws Failure {
        Deadline limit = clock.in(TURN_LIMIT);
        lock.lock();
        try {
            while (!busy.add(key)) {
                if (!clock.await(lock, freed, limit) && busy.contains(key)) {
                    throw Failure.timeout("waiting for an earlier request of the same key");
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends a request of the key; {@code used} makes its number void. */
    void end(PublicKey key, boolean used) {
        lock.lock();
        try {
            if (used) {
                next.put(key, next.getOrDefault(key, floor) + 1);
                forgetOldest();
            }
            busy.remove(key);
            freed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void forgetOldest() {
        if (next.size() > mostKeys) {
            Iterator<Long> oldest = next.values().iterator();
            long forgotten = oldest.next();
            oldest.remove();
            floor = Long.compareUnsigned(forgotten, floor) > 0 ? forgotten : floor;
        }
    }
}
