package skywire.route.group;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import skywire.limit.Quota;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.transport.Transport;

/**
 * What has arrived for a group and was not read yet, bounded in bytes. Back-pressure first: the feeder waits for room;
 * but a reader so slow that there is none in time loses the group, since all other routes of that neighbour wait too.
 * Thread-safe.
 */
final class Inbox {
    /** Bytes that may wait for the reader, with what they cost to keep. */
    static final int MOST_BYTES = 4 * 1024 * 1024;

    /** What a chunk costs beyond its bytes: many tiny ones must not fill the memory. */
    private static final int OVERHEAD = 64;

    private static final Duration PATIENCE = Transport.PATIENCE;

    private final Clock clock;
    private final Quota quota;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition notEmpty = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final ArrayDeque<byte[]> chunks = new ArrayDeque<>(); // guarded by lock
    private int taken; // guarded by lock; bytes of the first chunk already read
    private int bytes; // guarded by lock; not read yet
    private int held; // guarded by lock; cost of the chunks
    private int wanted; // guarded by lock; bytes the feeder waits for, 0 if it does not
    private long movedAt; // guarded by lock; nanoTime of the last read, or when there was something to read again
    private boolean ended; // guarded by lock; nothing more will come
    private Failure why; // guarded by lock; why it ended, null for an orderly end

    /** An empty one; what waits in it is part of {@code quota}. */
    Inbox(Clock clock, Quota quota) {
        this.clock = clock;
        this.quota = quota;
        this.movedAt = clock.nanoTime();
    }

    /** Adds a chunk, waiting for room; false if the reader is too slow. After the end it is dropped. */
    boolean add(byte[] chunk) throws Failure {
        if (chunk.length == 0) {
            return true;
        }
        lock.lock();
        try {
            if (isFull(chunk.length) && !awaitRoom(chunk.length)) {
                return false;
            }
            if (!ended) {
                if (chunks.isEmpty()) {
                    movedAt = clock.nanoTime();
                }
                chunks.add(chunk);
                bytes += chunk.length;
                hold(chunk.length + OVERHEAD);
                notEmpty.signal();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean isFull(int n) {
        int cost = n + OVERHEAD;
        return held + cost > MOST_BYTES || !quota.hasRoom(held, cost);
    }

    private void hold(int cost) {
        held += cost;
        quota.take(cost);
    }

    /** How long nothing has been read, if so much is here that this matters; else zero. */
    Duration stuck() {
        lock.lock();
        try {
            return held > Quota.SHARE ? Duration.ofNanos(clock.nanoTime() - movedAt) : Duration.ZERO;
        } finally {
            lock.unlock();
        }
    }

    /** For the one feeder, the reader of the transport. */
    private boolean awaitRoom(int n) throws Failure {
        Deadline deadline = clock.in(PATIENCE);
        wanted = n;
        try {
            while (!ended && isFull(n)) {
                if (!clock.await(lock, room, deadline) && !ended && isFull(n)) {
                    return false;
                }
            }
            return true;
        } finally {
            wanted = 0;
        }
    }

    /** Reads at least one byte; -1 at the orderly end. */
    int read(byte[] b, int off, int len, Deadline deadline) throws IOException {
        if (len == 0) {
            return 0;
        }
        lock.lock();
        try {
            while (chunks.isEmpty()) {
                if (ended) {
                    return atEnd();
                }
                if (!clock.await(lock, notEmpty, deadline) && chunks.isEmpty() && !ended) {
                    throw Failure.timeout("read from a route group");
                }
            }
            return take(b, off, len);
        } finally {
            lock.unlock();
        }
    }

    private int atEnd() throws Failure {
        if (why != null) {
            throw new Failure(why.kind(), why.getMessage(), why);
        }
        return -1;
    }

    private int take(byte[] b, int off, int len) {
        int done = 0;
        while (done < len && !chunks.isEmpty()) {
            byte[] chunk = chunks.peek();
            int n = Math.min(len - done, chunk.length - taken);
            System.arraycopy(chunk, taken, b, off + done, n);
            taken += n;
            done += n;
            if (taken == chunk.length) {
                chunks.remove();
                hold(-chunk.length - OVERHEAD);
                taken = 0;
            }
        }
        bytes -= done;
        movedAt = clock.nanoTime();
        if (wanted > 0 && !isFull(wanted)) {
            room.signal();
        }
        return done;
    }

    /** Nothing more will come: what is here can still be read, then the reader sees an orderly end or a failure. */
    void finish(Failure failure) {
        end(failure, false);
    }

    /** As {@link #finish}, but what is here is dropped. */
    void abort(Failure failure) {
        end(failure, true);
    }

    private void end(Failure failure, boolean drop) {
        lock.lock();
        try {
            if (!ended) {
                ended = true;
                why = failure;
            }
            if (drop) {
                chunks.clear();
                hold(-held);
                bytes = 0;
                taken = 0;
            }
            notEmpty.signalAll();
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Bytes waiting. */
    int bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }
}
