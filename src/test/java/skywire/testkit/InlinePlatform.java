package skywire.testkit;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Network;
import skywire.platform.Platform;

/**
 * A world without threads: those that are started are kept, and run by the test when it wants to. Every wait ends at
 * its deadline at once, and chance is always the same. For feeding one reader with bytes. One thread.
 */
public final class InlinePlatform implements Platform, Clock {
    private final Map<String, Runnable> started = new LinkedHashMap<>();
    private final SecureRandom random = new Same();
    private long nanos;

    /** Runs the thread of that name to its end; does nothing if it was not started. */
    public void run(String name) {
        Runnable body = started.remove(name);
        if (body != null) {
            body.run();
        }
    }

    @Override
    public Clock clock() {
        return this;
    }

    @Override
    public Network network() {
        throw new IllegalStateException("no network here");
    }

    @Override
    public SecureRandom random() {
        return random;
    }

    @Override
    public Thread start(String name, Runnable body) {
        started.put(name, body);
        return Thread.ofVirtual().unstarted(body);
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public Instant now() {
        return Instant.ofEpochSecond(1_700_000_000, nanos);
    }

    @Override
    public boolean await(ReentrantLock lock, Condition condition, Deadline deadline) throws Failure {
        if (deadline.isNever()) {
            throw new Failure(Failure.Kind.CANCELLED, "nobody would ever wake it");
        }
        nanos += Math.max(0, deadline.nanosLeft());
        return false;
    }

    @Override
    public void sleep(Duration time) {
        nanos += time.toNanos();
    }

    private static final class Same extends SecureRandom {
        private static final long serialVersionUID = 1L;
        private final transient SplittableRandom source = new SplittableRandom(1);

        Same() {
            super(null, null);
        }

        @Override
        public void nextBytes(byte[] bytes) {
            source.nextBytes(bytes);
        }

        @Override
        public void setSeed(long seed) {
            // called by the constructor of Random
        }
    }
}
