package skywire.platform;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A bounded queue between threads that can be closed with a reason. Thread-safe. */
public final class Mailbox<T> {
    private final Clock clock;
    private final int capacity;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition notEmpty = lock.newCondition();
    private final Condition notFull = lock.newCondition();
    private final Queue<T> items = new ArrayDeque<>(); // guarded by lock
    private boolean closed; // guarded by lock
    private Failure reason; // guarded by lock; set once, with closed

    /** An empty mailbox for at most {@code capacity} items. */
    public Mailbox(Clock clock, int capacity) {
        this.clock = clock;
        this.capacity = capacity;
    }

    /** Adds the item unless the mailbox is full or closed. */
    public boolean offer(T item) {
        lock.lock();
        try {
            if (closed || items.size() >= capacity) {
                return false;
            }
            items.add(item);
            notEmpty.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Adds the item, waiting for room; {@code TIMEOUT} at the deadline, the closing reason when closed. */
    public void put(T item, Deadline deadline) throws IOException {
        lock.lock();
        try {
            while (!closed && items.size() >= capacity) {
                if (!clock.await(lock, notFull, deadline) && items.size() >= capacity) {
                    throw Failure.timeout("waiting for room in a queue");
                }
            }
            if (closed) {
                throw new Failure(reason.kind(), reason.getMessage(), reason);
            }
            items.add(item);
            notEmpty.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Takes the oldest item, waiting for one; {@code TIMEOUT} at the deadline; once closed and empty, the reason. */
    public T take(Deadline deadline) throws IOException {
        lock.lock();
        try {
            while (items.isEmpty()) {
                if (closed) {
                    throw new Failure(reason.kind(), reason.getMessage(), reason);
                }
                if (!clock.await(lock, notEmpty, deadline) && items.isEmpty() && !closed) {
                    throw Failure.timeout("waiting for an item");
                }
            }
            notFull.signal();
            return items.remove();
        } finally {
            lock.unlock();
        }
    }

    /** Takes the oldest item if there is one. */
    public Optional<T> poll() {
        lock.lock();
        try {
            T item = items.poll();
            if (item != null) {
                notFull.signal();
            }
            return Optional.ofNullable(item);
        } finally {
            lock.unlock();
        }
    }

    /** Number of items waiting. */
    public int size() {
        lock.lock();
        try {
            return items.size();
        } finally {
            lock.unlock();
        }
    }

    /** Refuses new items from now on; those inside can still be taken. The first reason wins. */
    public void close(Failure why) {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                reason = why;
            }
            notEmpty.signalAll();
            notFull.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
