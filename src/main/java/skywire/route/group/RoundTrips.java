package skywire.route.group;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;

/** Pings under way and what their answers told. Thread-safe. */
final class RoundTrips {
    private static final int MOST = 16;

    private final Clock clock;
    private final int step;
    private final int offset;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Long, Long> asked = new LinkedHashMap<>(); // guarded by lock; mark to nanoTime
    private Duration last = Duration.ZERO; // guarded by lock
    private Failure ended; // guarded by lock; null while open

    RoundTrips(Clock clock) {
        this(clock, 1, 0);
    }

    /** Marks are {@code offset} beyond a multiple of {@code step}, so that those of several ones differ. */
    RoundTrips(Clock clock, int step, int offset) {
        this.clock = clock;
        this.step = step;
        this.offset = offset;
    }

    /** The mark for a new ping: the time in milliseconds, made different from those under way. */
    long ask() throws Failure {
        lock.lock();
        try {
            if (asked.size() >= MOST) {
                throw new Failure(Failure.Kind.LIMIT, "too many pings under way");
            }
            long mark = clock.unixMillis() / step * step + offset;
            while (asked.containsKey(mark)) {
                mark += step;
            }
            asked.put(mark, clock.nanoTime());
            return mark;
        } finally {
            lock.unlock();
        }
    }

    /** An answer has come; whether it is one to a ping under way. */
    boolean answered(long mark) {
        lock.lock();
        try {
            Long at = asked.remove(mark);
            if (at != null) {
                last = Duration.ofNanos(clock.nanoTime() - at);
                changed.signalAll();
            }
            return at != null;
        } finally {
            lock.unlock();
        }
    }

    /** The ping was not sent. */
    void forget(long mark) {
        lock.lock();
        try {
            asked.remove(mark);
        } finally {
            lock.unlock();
        }
    }

    /** Gives up the ping that has waited longest. */
    void forgetOldest() {
        lock.lock();
        try {
            asked.keySet().stream().findFirst().ifPresent(asked::remove);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the answer to that mark. */
    Duration await(long mark, Deadline deadline) throws IOException {
        lock.lock();
        try {
            while (asked.containsKey(mark)) {
                if (ended != null) {
                    throw new Failure(ended.kind(), ended.getMessage(), ended);
                }
                if (!clock.await(lock, changed, deadline) && asked.containsKey(mark)) {
                    throw Failure.timeout("ping");
                }
            }
            return last;
        } finally {
            asked.remove(mark);
            lock.unlock();
        }
    }

    void end(Failure why) {
        lock.lock();
        try {
            ended = why;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    Duration last() {
        lock.lock();
        try {
            return last;
        } finally {
            lock.unlock();
        }
    }
}
