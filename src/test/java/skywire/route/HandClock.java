package skywire.route;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import skywire.platform.Clock;
import skywire.platform.Deadline;

/** A clock that only a test moves; nobody may wait on it. */
public final class HandClock implements Clock {
    private volatile long nanos = 1;

    /** Lets time pass. */
    public void pass(Duration time) {
        nanos += time.toNanos();
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public Instant now() {
        return Instant.EPOCH.plusNanos(nanos);
    }

    @Override
    public boolean await(ReentrantLock lock, Condition condition, Deadline deadline) {
        throw new UnsupportedOperationException("nobody waits on this clock");
    }

    @Override
    public void sleep(Duration time) {
        throw new UnsupportedOperationException("nobody waits on this clock");
    }
}
