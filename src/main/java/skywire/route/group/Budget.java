package skywire.route.group;

import java.util.concurrent.atomic.AtomicLong;

/** What all inboxes of a visor may hold together. Thread-safe. */
final class Budget {
    /** Part of the heap that may lie in inboxes. */
    private static final int HEAP_PART = 8;

    private final long most;
    private final AtomicLong used = new AtomicLong();

    Budget(long most) {
        this.most = most;
    }

    /** A budget that fits this process. */
    static Budget ofHeap() {
        return new Budget(Runtime.getRuntime().maxMemory() / HEAP_PART);
    }

    boolean hasRoom(int bytes) {
        return used.get() + bytes <= most;
    }

    /** Takes that much, or, negative, gives it back. */
    void take(int bytes) {
        used.addAndGet(bytes);
    }

    long used() {
        return used.get();
    }
}
