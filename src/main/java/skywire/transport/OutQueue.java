package skywire.transport;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import skywire.limit.Quota;
import skywire.packet.Packet;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;

/**
 * Packets waiting for one neighbour: a lane per route, served in turn, bounded in bytes here and in the whole node. One writer takes batches; any
 * number of threads put. Back-pressure first, drop last: see {@link #relay}. Thread-safe.
 */
final class OutQueue {
    /** Bytes waiting on one route, with what they cost to keep, before its feeders wait. */
    static final int LANE_BYTES = 256 * 1024;

    /** Bytes waiting altogether before all feeders wait. */
    static final int TOTAL_BYTES = 4 * 1024 * 1024;

    /** Bytes beyond {@link #TOTAL_BYTES} kept for small packets that must not wait. */
    static final int RESERVE = 64 * 1024;

    private static final long STALL = Transport.STALL.toNanos();
    private static final long PATIENCE = Transport.PATIENCE.toNanos();

    private final Clock clock;
    private final Quota quota;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition notEmpty = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final Lanes lanes; // guarded by lock
    private int feeders; // guarded by lock; threads waiting for room
    private boolean writing; // guarded by lock; the writer has a batch under way
    private long progressAt; // guarded by lock; when the writer last began or ended a batch
    private boolean stalled; // guarded by lock; drop what is relayed, until the queue has drained
    private long dropped; // guarded by lock
    private Failure closed; // guarded by lock; null while open

    /** An empty one; what waits in it is part of {@code quota}. */
    OutQueue(Clock clock, Quota quota) {
        this.clock = clock;
        this.quota = quota;
        this.lanes = new Lanes(clock, quota);
        this.progressAt = clock.nanoTime();
    }

    /** Adds a packet of our own, waiting for room until the deadline. */
    void put(Packet packet, Deadline deadline) throws IOException {
        lock.lock();
        try {
            while (closed == null && !mayPut(packet)) {
                if (!await(deadline) && closed == null && !mayPut(packet)) {
                    throw Failure.timeout("waiting for room in the queue of a transport");
                }
            }
            add(packet, false);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Adds a packet of somebody else, waiting for room for {@link Transport#PATIENCE}. If the writer has not moved in
     * that time, the queue is stalled; if it has, this packet's route gets too much.
     */
    Outcome relay(Packet packet) throws IOException {
        lock.lock();
        try {
            Outcome outcome = stalled ? Outcome.DROPPED : awaitRoom(packet);
            if (closed == null && outcome != Outcome.QUEUED) {
                dropped++;
                stalled |= outcome == Outcome.STALLED;
                return outcome;
            }
            add(packet, true);
            return Outcome.QUEUED;
        } finally {
            lock.unlock();
        }
    }

    private Outcome awaitRoom(Packet packet) throws Failure {
        long from = clock.nanoTime();
        while (closed == null && !stalled && isFull(packet)) {
            long left = PATIENCE - (clock.nanoTime() - from);
            if (left <= 0) {
                return progressAt - from <= 0 ? Outcome.STALLED : Outcome.DROPPED;
            }
            await(clock.in(Duration.ofNanos(left)));
        }
        return stalled ? Outcome.DROPPED : Outcome.QUEUED;
    }

    /** What became of a relayed packet. */
    enum Outcome {
        /** It is on its way. */
        QUEUED,
        /** It was dropped: its route gets more than the neighbour takes, or the neighbour is known to be stalled. */
        DROPPED,
        /** It was dropped, and the neighbour was found to be stalled just now. */
        STALLED
    }

    /** Adds a small packet without waiting, within a reserve; false if there is no room or the queue is closed. */
    boolean offer(Packet packet) {
        return offer(packet, false);
    }

    /** As {@link #offer}, but not behind what waits of its route. */
    boolean express(Packet packet) {
        return offer(packet, true);
    }

    private boolean offer(Packet packet, boolean express) {
        lock.lock();
        try {
            if (closed != null || lanes.bytes() + Lanes.cost(packet) > TOTAL_BYTES + RESERVE) {
                return false;
            }
            append(packet, true, express);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean await(Deadline deadline) throws Failure {
        feeders++;
        try {
            return clock.await(lock, room, deadline);
        } finally {
            feeders--;
        }
    }

    /**
     * Our own routes share what there is: one that has less than its part is let in before those that have more, or
     * chance would decide whose packets wait for minutes. Packets of others cannot wait for their turn like that.
     */
    private boolean mayPut(Packet packet) {
        int lane = lanes.bytes(packet.routeId());
        int share = TOTAL_BYTES / (lanes.count() + 1);
        return !isFull(packet) && (lane == 0 || lane + Lanes.cost(packet) <= share);
    }

    private boolean isFull(Packet packet) {
        int cost = Lanes.cost(packet);
        int lane = lanes.bytes(packet.routeId());
        return lane > 0 && lane + cost > LANE_BYTES
                || lanes.bytes() + cost > TOTAL_BYTES
                || !quota.hasRoom(lanes.bytes(), cost);
    }

    private void add(Packet packet, boolean relayed) throws Failure {
        if (closed != null) {
            throw new Failure(closed.kind(), closed.getMessage(), closed);
        }
        append(packet, relayed, false);
    }

    private void append(Packet packet, boolean relayed, boolean express) {
        if (express) {
            lanes.addExpress(packet);
        } else {
            lanes.add(packet, relayed);
        }
        if (!writing) {
            notEmpty.signal();
        }
    }

    /**
     * For the writer: waits for packets.
     *
     * @return size of the first, so that a batch has room for it
     */
    int await() throws IOException {
        lock.lock();
        try {
            writing = false;
            while (lanes.bytes() == 0) {
                stalled = false;
                if (closed != null) {
                    throw new Failure(closed.kind(), closed.getMessage(), closed);
                }
                clock.await(lock, notEmpty, Deadline.NEVER);
            }
            return lanes.firstSize();
        } finally {
            lock.unlock();
        }
    }

    /**
     * For the writer: encodes as many packets as fit, one per route in turn.
     *
     * @param batch room for the first packet at least
     * @param most bytes of all packets, if they are several
     * @return bytes encoded, 0 if the queue was closed meanwhile
     */
    int take(byte[] batch, int most) {
        lock.lock();
        try {
            int n = lanes.take(batch, most);
            writing = true;
            progressAt = clock.nanoTime();
            if (feeders > 0) {
                room.signalAll();
            }
            return n;
        } finally {
            lock.unlock();
        }
    }

    /**
     * For the writer: the batch is written. If that took as long as a stall, packets of others that have waited as
     * long are dropped.
     *
     * @return whether some were dropped
     */
    boolean wrote() {
        lock.lock();
        try {
            long now = clock.nanoTime();
            boolean slow = now - progressAt >= STALL;
            progressAt = now;
            return slow && dropOlderThan(now - STALL);
        } finally {
            lock.unlock();
        }
    }

    /** How long the writer has not moved, if so much waits for it that this matters; else zero. */
    Duration stuck() {
        lock.lock();
        try {
            boolean matters = writing && lanes.bytes() > Quota.SHARE;
            return matters ? Duration.ofNanos(clock.nanoTime() - progressAt) : Duration.ZERO;
        } finally {
            lock.unlock();
        }
    }

    /** Drops all packets of others, and those that come until the queue has drained; whether there were any. */
    boolean shed() {
        lock.lock();
        try {
            stalled |= writing;
            return dropOlderThan(clock.nanoTime());
        } finally {
            lock.unlock();
        }
    }

    private boolean dropOlderThan(long limit) {
        int n = lanes.dropRelayed(limit);
        dropped += n;
        room.signalAll();
        return n > 0;
    }

    /** Packets of others dropped so far. */
    long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    /** Bytes waiting, with what they cost to keep. */
    int waiting() {
        lock.lock();
        try {
            return lanes.bytes();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the neighbour is stalled. */
    boolean isStalled() {
        lock.lock();
        try {
            return stalled;
        } finally {
            lock.unlock();
        }
    }

    /** Refuses packets from now on and wakes everybody; what waits is dropped. */
    void close(Failure why) {
        lock.lock();
        try {
            if (closed == null) {
                closed = why;
            }
            lanes.clear();
            notEmpty.signalAll();
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
