package skywire.sim;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * One direction of a connection: a send buffer of limited size, a way that takes time, a receive buffer. Nothing is
 * lost or reordered, as with TCP; it may only stop. Carrier thread only.
 */
final class Pipe {
    /** How long a kernel sends a segment again before it gives the connection up (Linux: 15 times). */
    private static final long UNANSWERED_LIMIT = 924_000_000_000L;

    /** When TCP's own keep-alive gives an idle connection up. */
    private static final long IDLE_LIMIT = (7_200 + 9 * 75) * 1_000_000_000L;

    private final SimNetwork network;
    private final SimHost sender;
    private final Way way;
    private final Road.Direction road; // null: the way alone
    private final int number;
    private final Deque<Segment> held = new ArrayDeque<>(); // arrived at a stalled place
    private final Deque<byte[]> received = new ArrayDeque<>();
    private int firstAt; // bytes of the first received block already read
    private long freeAt; // when the last byte sent so far is on the way
    private long lastArrival;
    private int unread; // bytes on the way or received, not yet read
    private int arrived; // of them, received
    private boolean stalled;
    private int stalls;
    private SimLink receiver;

    /** How a way between two hosts behaves: a least delay, a random part on top, bytes per second, bytes of buffer. */
    record Way(long delayNanos, long jitterNanos, long bytesPerSecond, int buffer) {}

    private enum Kind {
        DATA,
        FIN,
        RST
    }

    static final class Segment { // compared by identity
        private final Kind kind;
        private final byte[] data;

        Segment(Kind kind, byte[] data) {
            this.kind = kind;
            this.data = data;
        }

        int length() {
            return data.length;
        }
    }

    Pipe(SimNetwork network, SimHost sender, Way way, Road.Direction road, int number) {
        this.network = network;
        this.sender = sender;
        this.way = way;
        this.road = road;
        this.number = number;
    }

    void receiver(SimLink link) {
        receiver = link;
    }

    /** Bytes that can be sent at once; a road is not given less than a piece, or all pieces would become tiny in time. */
    int room() {
        if (road == null) {
            return way.buffer - unread;
        }
        int room = road.buffer() - unread;
        return room < Road.PIECE ? 0 : room;
    }

    void send(byte[] b, int off, int len) {
        unread += len;
        network.sent(sender, len);
        int piece = road == null ? len : Road.PIECE;
        for (int at = off; at < off + len; at += piece) {
            post(new Segment(Kind.DATA, Arrays.copyOfRange(b, at, Math.min(at + piece, off + len))));
        }
    }

    void sendEnd() {
        post(new Segment(Kind.FIN, new byte[0]));
    }

    void sendReset() {
        post(new Segment(Kind.RST, new byte[0]));
    }

    private void post(Segment s) {
        if (road != null) {
            road.enter(this, s);
            return;
        }
        long now = network.clock().elapsed();
        freeAt = Math.max(freeAt, now) + s.data.length * 1_000_000_000L / way.bytesPerSecond;
        long jitter = way.jitterNanos == 0 ? 0 : network.dice().nextLong(way.jitterNanos);
        lastArrival = Math.max(lastArrival + 1, freeAt + way.delayNanos + jitter);
        network.clock().after(lastArrival - now, () -> arrive(s));
    }

    /** It is on its way, and arrives at that moment. */
    void travel(Segment s, long at) {
        lastArrival = Math.max(lastArrival + 1, at);
        network.clock().after(lastArrival - network.clock().elapsed(), () -> arrive(s));
    }

    private void arrive(Segment s) {
        if (stalled || !held.isEmpty()) {
            held.add(s);
            network.clock().after(UNANSWERED_LIMIT, () -> {
                if (held.contains(s)) {
                    receiver.peer().onGivenUp();
                }
            });
        } else {
            deliver(s);
        }
    }

    private void deliver(Segment s) {
        network.trace().mix(3, (long) number << 32 | s.kind.ordinal() << 28 | s.data.length);
        switch (s.kind) {
            case DATA -> {
                if (receiver.refusesData()) {
                    unread -= s.data.length;
                    receiver.answerReset();
                } else {
                    received.add(s.data);
                    arrived += s.data.length;
                    receiver.onData();
                }
            }
            case FIN -> receiver.onEnd();
            case RST -> receiver.onReset();
        }
    }

    /** Bytes that can be read at once. */
    int available() {
        return arrived;
    }

    /** Whether bytes were received or are on the way that nobody has read. */
    boolean hasUnread() {
        return arrived > 0;
    }

    /** Moves up to {@code len} received bytes. */
    int take(byte[] b, int off, int len) {
        int n = 0;
        while (n < len && !received.isEmpty()) {
            byte[] first = received.peek();
            int part = Math.min(len - n, first.length - firstAt);
            System.arraycopy(first, firstAt, b, off + n, part);
            n += part;
            firstAt += part;
            if (firstAt == first.length) {
                received.remove();
                firstAt = 0;
            }
        }
        unread -= n;
        arrived -= n;
        return n;
    }

    /** Nothing arrives any more until it is resumed. */
    void stall() {
        stalled = true;
        int epoch = ++stalls;
        network.clock().after(IDLE_LIMIT, () -> {
            if (stalled && stalls == epoch) {
                receiver.peer().onGivenUp();
            }
        });
    }

    /** What was held back arrives now. */
    void resume() {
        stalled = false;
        while (!held.isEmpty() && !stalled) {
            deliver(held.remove());
        }
    }
}
