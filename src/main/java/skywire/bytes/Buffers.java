package skywire.bytes;

import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Large arrays in use only while bytes move. They hold no state between uses, so all links of the process share them;
 * what is not pooled is left to the garbage collector. Thread-safe.
 */
public final class Buffers {
    /** Length of every array. */
    public static final int SIZE = 64 * 1024;

    private static final int KEPT = 32;
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final ArrayDeque<byte[]> FREE = new ArrayDeque<>(KEPT); // guarded by LOCK

    private Buffers() {}

    /** An array with any content. */
    public static byte[] take() {
        LOCK.lock();
        try {
            byte[] b = FREE.pollLast();
            if (b != null) {
                return b;
            }
        } finally {
            LOCK.unlock();
        }
        return new byte[SIZE];
    }

    /** Takes an array back; those of another length are ignored. The caller must not touch it again. */
    public static void give(byte[] b) {
        if (b == null || b.length != SIZE) {
            return;
        }
        LOCK.lock();
        try {
            if (FREE.size() < KEPT) {
                FREE.addLast(b);
            }
        } finally {
            LOCK.unlock();
        }
    }
}
