package skywire.platform;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Time and waiting for it. Thread-safe. */
public interface Clock {
    /** Monotonic nanoseconds; only differences mean something. */
    long nanoTime();

    /** Wall-clock time. */
    Instant now();

    /**
     * Waits on a condition until it is signalled or the deadline has passed. The caller holds {@code lock} and re-checks
     * its predicate in a loop: wake-ups may be spurious.
     *
     * @return false if the deadline has passed
     * @throws Failure of kind {@code CANCELLED} if the thread was interrupted; its interrupt flag is set again
     */
    boolean await(ReentrantLock lock, Condition condition, Deadline deadline) throws Failure;

    /**
     * Lets the time pass.
     *
     * @throws Failure of kind {@code CANCELLED} if the thread was interrupted; its interrupt flag is set again
     */
    void sleep(Duration time) throws Failure;

    /** Nanoseconds since the Unix epoch. */
    default long unixNanos() {
        Instant now = now();
        return Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano());
    }

    /** Milliseconds since the Unix epoch. */
    default long unixMillis() {
        return now().toEpochMilli();
    }

    /** The deadline that far from now. */
    default Deadline in(Duration time) {
        return new Deadline(this, nanoTime() + time.toNanos());
    }
}
