package skywire.testkit;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Network;
import skywire.platform.Platform;

/** The real world with a clock that is set by the test; waiting is real. */
public final class FixedTime implements Platform, Clock {
    private final Platform world = Platform.system();
    private volatile Instant now;
    private final Instant began;

    /** A clock that stands at this time. */
    public FixedTime(Instant now) {
        this.now = now;
        this.began = now;
    }

    /** Moves the clock. */
    public void pass(Duration time) {
        now = now.plus(time);
    }

    @Override
    public Clock clock() {
        return this;
    }

    @Override
    public Network network() {
        return world.network();
    }

    @Override
    public SecureRandom random() {
        return world.random();
    }

    @Override
    public Thread start(String name, Runnable body) {
        return world.start(name, body);
    }

    @Override
    public long nanoTime() {
        return Duration.between(began, now).toNanos();
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public boolean await(ReentrantLock lock, Condition condition, Deadline deadline) throws Failure {
        return world.clock().await(lock, condition, deadline);
    }

    @Override
    public void sleep(Duration time) throws Failure {
        world.clock().sleep(time);
    }
}
