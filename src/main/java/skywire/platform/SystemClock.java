package skywire.platform;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The JDK's time. */
final class SystemClock implements Clock {
    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public boolean await(ReentrantLock lock, Condition condition, Deadline deadline) throws Failure {
        try {
            if (deadline.isNever()) {
                condition.await();
                return true;
            }
            return condition.awaitNanos(deadline.nanosLeft()) > 0;
        } catch (InterruptedException e) {
            throw Failure.cancelled("waiting");
        }
    }

    @Override
    public void sleep(Duration time) throws Failure {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            throw Failure.cancelled("sleep");
        }
    }
}
