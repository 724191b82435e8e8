package skywire.yamux;

import java.util.ArrayDeque;
import skywire.bytes.Buffers;

/**
 * Received bytes that wait for their reader, in pieces that are never moved: the first one small, each further one larger
 * up to {@link Buffers#SIZE}. Takes memory by what is really in it, none when empty. Not thread-safe.
 */
final class Waiting {
    private static final int SMALLEST = 512;

    private byte[] head; // null while empty
    private byte[] tail; // null while empty; all pieces before it are full
    private ArrayDeque<byte[]> behind; // the pieces after the head; null while there never were any
    private int from; // in head
    private int to; // in tail
    private int size;

    int size() {
        return size;
    }

    void add(byte[] b, int off, int len) {
        for (int done = 0; done < len; ) {
            if (tail == null || to == tail.length) {
                grow(len - done);
            }
            int n = Math.min(len - done, tail.length - to);
            System.arraycopy(b, off + done, tail, to, n);
            to += n;
            done += n;
        }
        size += len;
    }

    private void grow(int need) {
        int wanted = Math.max(tail == null ? SMALLEST : 2 * tail.length, need);
        int length = Math.min(Integer.highestOneBit(wanted - 1) << 1, Buffers.SIZE);
        tail = length == Buffers.SIZE ? Buffers.take() : new byte[length];
        to = 0;
        if (head == null) {
            head = tail;
            return;
        }
        if (behind == null) {
            behind = new ArrayDeque<>(4);
        }
        behind.add(tail);
    }

    /** Moves out up to {@code len} bytes. */
    int take(byte[] b, int off, int len) {
        int done = 0;
        while (done < len && size > 0) {
            int n = Math.min(len - done, piece());
            System.arraycopy(head, from, b, off + done, n);
            skip(n);
            done += n;
        }
        return done;
    }

    /** The array behind {@link #headIndex}, for reading in place. */
    byte[] array() {
        return head;
    }

    int headIndex() {
        return from;
    }

    /** Bytes that lie in one piece from {@link #headIndex} on. */
    int piece() {
        return size == 0 ? 0 : (head == tail ? to : head.length) - from;
    }

    /** Drops the first {@code n} bytes, at most {@link #piece}. */
    void skip(int n) {
        size -= n;
        from += n;
        if (size == 0) {
            clear();
        } else if (from == head.length) {
            Buffers.give(head);
            head = behind.remove();
            from = 0;
        }
    }

    void clear() {
        Buffers.give(head);
        if (behind != null) {
            behind.forEach(Buffers::give);
            behind.clear();
        }
        head = null;
        tail = null;
        from = 0;
        to = 0;
        size = 0;
    }
}
