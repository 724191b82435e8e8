package skywire.limit;

import java.util.concurrent.locks.ReentrantLock;
import skywire.platform.Clock;

/** A token bucket: so many per second on average, so many at once. Thread-safe. */
public final class RateLimit {
    private final Clock clock;
    private final double perNano;
    private final double burst;
    private final ReentrantLock lock = new ReentrantLock();
    private double tokens; // guarded by lock
    private long filledAt; // guarded by lock

    /** A full bucket. */
    public RateLimit(Clock clock, double perSecond, double burst) {
        this.clock = clock;
        this.perNano = perSecond / 1e9;
        this.burst = burst;
        this.tokens = burst;
        this.filledAt = clock.nanoTime();
    }

    /** Takes {@code n} tokens if they are there. */
    public boolean take(double n) {
        lock.lock();
        try {
            long now = clock.nanoTime();
            tokens = Math.min(burst, tokens + (now - filledAt) * perNano);
            filledAt = now;
            if (tokens < n) {
                return false;
            }
            tokens -= n;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Takes one token if it is there. */
    public boolean take() {
        return take(1);
    }
}
