package skywire.sim;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * A road that connections lead over, with one rate in each direction for all of them together, as those over one modem
 * share it. What is written goes in pieces of the size of a real packet, one after the other in the order of writing, so
 * that a large block arrives bit by bit and delays the others no longer than it has to. It can be changed and stopped
 * while it is in use. Use it on simulated threads only.
 */
public final class Road {
    /** Bytes that a piece has at most: about what fits into a packet of a real network. */
    static final int PIECE = 1_400;

    private final SimNetwork network;
    private final String name;
    private final int buffer;
    private final Direction forth = new Direction();
    private final Direction back = new Direction();
    private long delayNanos;
    private long jitterNanos;
    private long bytesPerSecond;
    private boolean stopped;

    Road(SimNetwork network, String name, Duration delay, long bytesPerSecond, int buffer) {
        this.network = network;
        this.name = name;
        this.buffer = buffer;
        this.delayNanos = delay.toNanos();
        this.bytesPerSecond = bytesPerSecond;
    }

    /** One of both directions. Carrier thread only. */
    final class Direction {
        private record Piece(Pipe pipe, Pipe.Segment segment) {}

        private final Queue<Piece> waiting = new ArrayDeque<>();
        private boolean busy; // a piece is being sent
        private long freeAt; // when the last one was, or will be, sent

        /** Bytes a connection takes before its writer waits. */
        int buffer() {
            return buffer;
        }

        long delayNanos() {
            return delayNanos;
        }

        void enter(Pipe pipe, Pipe.Segment segment) {
            waiting.add(new Piece(pipe, segment));
            if (!busy) {
                begin();
            }
        }

        private void begin() {
            freeAt = network.clock().elapsed();
            next();
        }

        private void next() {
            busy = !stopped && !waiting.isEmpty();
            if (busy) {
                Piece piece = waiting.remove();
                freeAt += piece.segment.length() * 1_000_000_000L / bytesPerSecond;
                network.clock().after(freeAt - network.clock().elapsed(), () -> {
                    long jitter = jitterNanos == 0 ? 0 : network.dice().nextLong(jitterNanos);
                    piece.pipe.travel(piece.segment, freeAt + delayNanos + jitter);
                    next();
                });
            }
        }
    }

    Direction direction(boolean isForth) {
        return isForth ? forth : back;
    }

    /** From now on it has that delay each way and that rate; what has left the bottleneck keeps its time. */
    public void set(Duration delay, long rate) {
        network.event("road " + name + ": " + delay + ", " + rate + " bytes/s");
        delayNanos = delay.toNanos();
        bytesPerSecond = rate;
    }

    /** From now on up to that much is added to the delay, by chance; nothing overtakes within a connection. */
    public void jitter(Duration most) {
        jitterNanos = most.toNanos();
    }

    /** Nothing gets onto it until {@link #resume}; what waits for it keeps its place. */
    public void stop() {
        network.event("fault: road " + name + " stops");
        stopped = true;
    }

    /** Ends {@link #stop}. */
    public void resume() {
        network.event("fault ends: road " + name + " resumes");
        if (stopped) {
            stopped = false;
            for (Direction d : new Direction[] {forth, back}) {
                if (!d.busy) {
                    d.begin();
                }
            }
        }
    }

    /** Delay each way without jitter and without waiting. */
    public Duration delay() {
        return Duration.ofNanos(delayNanos);
    }

    /** Bytes a second. */
    public long bytesPerSecond() {
        return bytesPerSecond;
    }

    @Override
    public String toString() {
        return name;
    }
}
