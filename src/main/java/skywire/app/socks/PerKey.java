package skywire.app.socks;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import skywire.key.PublicKey;

/** Counts what clients have at present, up to so many altogether and of one key. Thread-safe. */
final class PerKey {
    private final int most;
    private final int mostOfOne;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<PublicKey, Integer> counts = new LinkedHashMap<>(); // guarded by lock; none is 0
    private int total; // guarded by lock; sum of counts

    PerKey(int most, int mostOfOne) {
        this.most = most;
        this.mostOfOne = mostOfOne;
    }

    /** Counts one more, to be given back with {@link #leave}; false if there are too many. */
    boolean enter(PublicKey key) {
        lock.lock();
        try {
            int mine = counts.getOrDefault(key, 0);
            if (total >= most || mine >= mostOfOne) {
                return false;
            }
            counts.put(key, mine + 1);
            total++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    void leave(PublicKey key) {
        lock.lock();
        try {
            total--;
            counts.computeIfPresent(key, (k, n) -> n == 1 ? null : n - 1);
        } finally {
            lock.unlock();
        }
    }

    int total() {
        lock.lock();
        try {
            return total;
        } finally {
            lock.unlock();
        }
    }
}
