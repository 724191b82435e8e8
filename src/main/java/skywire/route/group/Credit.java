package skywire.route.group;

import skywire.limit.Quota;

/**
 * How many bytes the other end may send (docs/design-mux.md, "receiver"): what has been read, and a window beyond, which
 * grows when a round trip's worth of it is used up, as far as the node has memory for it. Guarded by its user.
 */
final class Credit {
    /** Bytes a new group may hold. */
    static final int FIRST_WINDOW = 256 * 1024;

    /** Bytes a group may hold. */
    static final int MOST_WINDOW = 4 * 1024 * 1024;

    /** Bytes the groups of a node may hold beyond their first windows. */
    static final long NODE = 64L * 1024 * 1024;

    private static final long LEAST_TIME = 10_000_000; // ns

    private final Quota node;
    private int window = FIRST_WINDOW;
    private long consumed;
    private long given = FIRST_WINDOW;
    private long markedAt;
    private long marked;

    Credit(Quota node, long now) {
        this.node = node;
        this.markedAt = now;
    }

    /** The reader has taken so much; whether the other end should hear of it soon. */
    boolean consumed(int bytes, long roundTrip, long now) {
        consumed += bytes;
        long time = Math.max(LEAST_TIME, roundTrip);
        if (now - markedAt > time) {
            markedAt = now;
            marked = consumed - bytes;
        }
        if (consumed - marked >= window / 2 && grow()) {
            markedAt = now;
            marked = consumed;
        }
        return consumed + window - given >= window / 4;
    }

    /** Most of the window is taken by packets that wait for one before them: the ways differ, and need more. */
    void waiting(int early) {
        if (early >= window / 2) {
            grow();
        }
    }

    private boolean grow() {
        if (window >= MOST_WINDOW || node.used() + window > node.most()) {
            return false;
        }
        node.take(window);
        window *= 2;
        return true;
    }

    /** What may be sent, from the beginning of the stream; never goes back. */
    long give() {
        given = Math.max(given, consumed + window);
        return given;
    }

    int window() {
        return window;
    }

    /** Nothing will be held any more. */
    void release() {
        node.take(FIRST_WINDOW - window);
        window = FIRST_WINDOW;
    }
}
