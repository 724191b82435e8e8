package skywire.dmsg.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.yamux.YamuxStream;

/** What a server does for its clients now: requests and the like, and streams joined to one another. Thread-safe. */
final class Traffic {
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition rested = lock.newCondition();
    private final Set<Bridge> bridges = new LinkedHashSet<>(); // guarded by lock
    private int forwarded; // guarded by lock; bridges in which another server is involved
    private int others; // guarded by lock
    private long endedBytes; // guarded by lock; of bridges that are no more
    private boolean over; // guarded by lock; nobody is to wait any longer

    Traffic(Clock clock) {
        this.clock = clock;
    }

    /** Something begins that counts as traffic, such as a request. */
    void begins() {
        lock.lock();
        others++;
        lock.unlock();
    }

    /** It is over; a request that was answered with yes, after the streams were joined. */
    void ends() {
        lock.lock();
        try {
            others--;
            tellRest();
        } finally {
            lock.unlock();
        }
    }

    /** Joins two streams and moves what comes, until either ends; {@code elsewhere} if another server is involved. */
    void join(YamuxStream from, YamuxStream to, boolean elsewhere) {
        var bridge = new Bridge(clock, from, to, elsewhere, this::bridgeEnded);
        lock.lock();
        try {
            bridges.add(bridge);
            forwarded += elsewhere ? 1 : 0;
        } finally {
            lock.unlock();
        }
        bridge.start();
    }

    private void bridgeEnded(Bridge bridge) {
        lock.lock();
        try {
            if (bridges.remove(bridge)) {
                endedBytes += bridge.bytes();
                forwarded -= bridge.isForwarded() ? 1 : 0;
            }
            tellRest();
        } finally {
            lock.unlock();
        }
    }

    private void tellRest() {
        if (others == 0 && bridges.isEmpty()) {
            rested.signalAll();
        }
    }

    /** Streams joined now. */
    int streams() {
        lock.lock();
        try {
            return bridges.size();
        } finally {
            lock.unlock();
        }
    }

    /** Of these, the ones in which another server is involved. */
    int forwarded() {
        lock.lock();
        try {
            return forwarded;
        } finally {
            lock.unlock();
        }
    }

    /** Bytes moved since the start. */
    long bytes() {
        lock.lock();
        try {
            return endedBytes + bridges.stream().mapToLong(Bridge::bytes).sum();
        } finally {
            lock.unlock();
        }
    }

    /** Ends streams in which nothing moves; looks again and again, until interrupted. */
    void endIdle(Duration limit) throws Failure {
        while (true) {
            clock.sleep(limit.dividedBy(4));
            for (Bridge bridge : all()) {
                bridge.endIfIdle(limit);
            }
        }
    }

    private List<Bridge> all() {
        lock.lock();
        try {
            return new ArrayList<>(bridges);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is none; false if there still is some at the deadline, or after {@link #release}. */
    boolean awaitRest(Deadline until) throws Failure {
        lock.lock();
        try {
            while (others > 0 || !bridges.isEmpty()) {
                if (over || !clock.await(lock, rested, until) && until.passed()) {
                    return others == 0 && bridges.isEmpty();
                }
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Lets nobody wait any longer. */
    void release() {
        lock.lock();
        try {
            over = true;
            rested.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
