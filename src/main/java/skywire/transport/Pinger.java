package skywire.transport;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import skywire.platform.Clock;

/**
 * Knows when to ping a neighbour and what its answers mean. Peers that have never answered (old ones do not) are asked
 * a few times and then left alone. Thread-safe.
 */
final class Pinger {
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private long askedAt; // guarded by lock; nanoTime of the last ping
    private long askedMark; // guarded by lock; its timestamp on the wire
    private int unanswered; // guarded by lock; pings since the last answer
    private boolean answers; // guarded by lock; the peer has answered once
    private Duration roundTrip = Duration.ZERO; // guarded by lock

    Pinger(Clock clock) {
        this.clock = clock;
        this.askedAt = clock.nanoTime() - Transport.PING_EVERY.toNanos(); // the first one is due at once
    }

    boolean isDue() {
        lock.lock();
        try {
            return (answers || unanswered < Transport.MOST_MISSED) && elapsed();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the peer used to answer, and has not for the last few pings. */
    boolean isGone() {
        lock.lock();
        try {
            return answers && unanswered >= Transport.MOST_MISSED && elapsed();
        } finally {
            lock.unlock();
        }
    }

    private boolean elapsed() {
        return clock.nanoTime() - askedAt >= Transport.PING_EVERY.toNanos();
    }

    void asked(long mark) {
        lock.lock();
        try {
            askedAt = clock.nanoTime();
            askedMark = mark;
            unanswered++;
        } finally {
            lock.unlock();
        }
    }

    void answered(long mark) {
        lock.lock();
        try {
            if (unanswered > 0 && mark == askedMark) {
                unanswered = 0;
                answers = true;
                roundTrip = Duration.ofNanos(clock.nanoTime() - askedAt);
            }
        } finally {
            lock.unlock();
        }
    }

    Duration roundTrip() {
        lock.lock();
        try {
            return roundTrip;
        } finally {
            lock.unlock();
        }
    }
}
