package skywire.route.mux;

import java.util.function.Consumer;

/** One direction of a leg: a queue, a rate, a delay, and all that can be wrong with a path. */
final class ModelPipe {
    private static final int HEADER = 20; // bytes of a packet around its payload

    /**
     * What goes by a leg.
     *
     * @param kind what it is
     * @param payload of data and control frames
     * @param stamp of pings and their answers
     */
    record Frame(Kind kind, byte[] payload, long stamp) {}

    enum Kind {
        DATA,
        CORRUPT,
        CONTROL,
        PING,
        PONG,
        CLOSE
    }

    private final ModelLoop loop;
    private final Consumer<Frame> sink;
    private final Runnable room;
    final int limit; // bytes that wait before the sender has to
    long delay;
    double nanosPerByte;
    double loss;
    double corrupt;
    double twice;
    double late; // part of the packets that others overtake
    long lateness;
    boolean hole;
    boolean cut;
    long stalledUntil;
    private long busyUntil;
    private int queued;
    private long lastArrival;
    long packets;
    long bytes;

    ModelPipe(ModelLoop loop, long delay, double bytesPerSecond, int limit, Consumer<Frame> sink, Runnable room) {
        this.loop = loop;
        this.delay = delay;
        this.nanosPerByte = 1e9 / bytesPerSecond;
        this.limit = limit;
        this.sink = sink;
        this.room = room;
    }

    boolean hasRoom() {
        return queued < limit;
    }

    /** Queues a data packet, or what has to follow it. */
    void send(Frame frame) {
        int size = frame.payload.length + HEADER;
        if (frame.kind == Kind.DATA) {
            packets++;
            bytes += frame.payload.length;
        }
        queued += size;
        busyUntil = Math.max(busyUntil, loop.now()) + (long) (size * nanosPerByte);
        loop.at(busyUntil, () -> {
            boolean full = !hasRoom();
            queued -= size;
            travel(frame);
            if (full) {
                room.run();
            }
        });
    }

    /** Sends ahead of what waits. */
    void express(Frame frame) {
        loop.in((long) ((frame.payload.length + HEADER) * nanosPerByte), () -> travel(frame));
    }

    private void travel(Frame frame) {
        if (cut || hole || loop.chance(loss)) {
            return;
        }
        if (loop.chance(twice)) {
            loop.in(delay + loop.dice.nextLong(1 + lateness), () -> arrive(frame));
        }
        if (loop.chance(late)) {
            loop.in(delay + loop.dice.nextLong(1 + lateness), () -> arrive(frame));
            return;
        }
        lastArrival = Math.max(lastArrival, loop.now() + delay); // a shorter delay lets nothing overtake
        loop.at(lastArrival, () -> arrive(frame));
    }

    private void arrive(Frame frame) {
        if (cut || hole) {
            return;
        }
        if (loop.now() < stalledUntil) {
            loop.at(stalledUntil, () -> arrive(frame));
        } else if (!loop.chance(corrupt)) {
            sink.accept(frame);
        } else if (frame.kind == Kind.DATA) {
            sink.accept(new Frame(Kind.CORRUPT, frame.payload, 0));
        }
    }

    /** All that is wrong with it is over. */
    void heal() {
        loss = 0;
        corrupt = 0;
        twice = 0;
        late = 0;
        hole = false;
        stalledUntil = 0;
    }
}
