package skywire.transport;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import skywire.platform.Clock;

/**
 * Knows when to ping a neighbour and what its answers mean. Whatever it sends is a sign of life: over a slow link an
 * answer may be long behind other packets. Peers that have never answered (old ones do not) are asked a few times and
 * then left alone. Thread-safe.
 */
final class Pinger {
    /** Pings whose answers are still waited for; older ones are forgotten. */
    private static final int MOST_OPEN = 16;

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Asked> open = new ArrayDeque<>(); // guarded by lock; oldest first
    private long askedAt; // guarded by lock; nanoTime of the last ping
    private int missed; // guarded by lock; pings since the last sign of life
    private boolean answers; // guarded by lock; the peer has answered once
    private Duration roundTrip = Duration.ZERO; // guarded by lock
    private volatile boolean heard; // a packet has come since somebody looked

    /** A ping: its timestamp on the wire, and when it was sent by our clock. */
    private record Asked(long mark, long at) {}

    Pinger(Clock clock) {
        this.clock = clock;
        this.askedAt = clock.nanoTime() - Transport.PING_EVERY.toNanos(); // the first one is due at once
    }

    boolean isDue() {
        lock.lock();
        try {
            look();
            return (answers || missed < Transport.MOST_MISSED) && elapsed();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the peer used to answer, and has sent nothing at all during the last few pings. */
    boolean isGone() {
        lock.lock();
        try {
            look();
            return answers && missed >= Transport.MOST_MISSED && elapsed();
        } finally {
            lock.unlock();
        }
    }

    private void look() {
        if (answers && heard) { // a peer that does not answer is not asked for ever because it sends
            missed = 0;
        }
        heard = false;
    }

    private boolean elapsed() {
        return clock.nanoTime() - askedAt >= Transport.PING_EVERY.toNanos();
    }

    void asked(long mark) {
        lock.lock();
        try {
            askedAt = clock.nanoTime();
            open.add(new Asked(mark, askedAt));
            if (open.size() > MOST_OPEN) {
                open.remove();
            }
            missed++;
        } finally {
            lock.unlock();
        }
    }

    /** A packet has come, whatever it is. Costs next to nothing. */
    void heard() {
        if (!heard) {
            heard = true;
        }
    }

    /** An answer has come; one that fits no open ping, or one made up, means nothing. */
    void answered(long mark) {
        lock.lock();
        try {
            for (Asked asked : open) {
                if (asked.mark() == mark) {
                    roundTrip = Duration.ofNanos(clock.nanoTime() - asked.at());
                    answers = true;
                    missed = 0;
                    open.removeIf(o -> o.at() - asked.at() <= 0); // answers keep the order of the questions
                    return;
                }
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
