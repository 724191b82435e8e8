package skywire.limit;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes that many queues may hold together. It is counted, not kept apart: who finds no room waits, and whoever sees that
 * it is short may end those that hold much and do not move. Thread-safe.
 */
public final class Quota {
    /** What one queue may hold although all of them together hold too much: those that move go on. */
    public static final int SHARE = 64 * 1024;

    private static final int RESERVE = 16; // part of it that is to be free

    private final long most;
    private final AtomicLong used = new AtomicLong();

    /** So many bytes. */
    public Quota(long most) {
        this.most = most;
    }

    /** A part of the heap this process may have, in percent. */
    public static Quota ofHeap(int percent) {
        return new Quota(Runtime.getRuntime().maxMemory() / 100 * percent);
    }

    /** Whether a queue that holds {@code held} bytes may have {@code more}; the first packet of a queue always fits. */
    public boolean hasRoom(int held, int more) {
        return held == 0 || held + more <= SHARE || used.get() + more <= most;
    }

    /** Takes that much, room or not; or, negative, gives it back. */
    public void take(int bytes) {
        used.addAndGet(bytes);
    }

    /** Whether hardly anything is left. */
    public boolean isShort() {
        return used.get() > most - most / RESERVE;
    }

    /** Bytes held now. */
    public long used() {
        return used.get();
    }

    /** Bytes there may be, but for the {@link #SHARE} of each queue. */
    public long most() {
        return most;
    }
}
