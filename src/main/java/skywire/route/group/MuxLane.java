package skywire.route.group;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import skywire.limit.LogLimit;
import skywire.noise.FrameCipher;
import skywire.packet.Close;
import skywire.packet.Data;
import skywire.packet.ErrorText;
import skywire.packet.Handshake;
import skywire.packet.Packet;
import skywire.packet.Ping;
import skywire.packet.Pong;
import skywire.packet.Sack;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.route.mux.Leg;
import skywire.route.mux.LegState;
import skywire.route.mux.Segment;

/**
 * One leg of a {@link MuxStream} with its route: the writer that takes packets for it, what comes in by it, its pings.
 * Thread-safe; fields guarded by the stream's lock say so.
 */
final class MuxLane implements Opening.User {
    /** A packet that the leg's transport has not taken for so long goes by another leg. */
    private static final Duration WRITE_LIMIT = Duration.ofSeconds(2);

    private static final int MOST_ANSWERS = 20;
    private static final int MOST_BATCH = 64 * 1024;

    private final MuxStream stream;
    private final Clock clock;
    private final RouteLeg route;
    private final Leg leg; // guarded by the stream's lock
    private final Handshake opening; // the answer to a repeated Handshake; null for the side that dialled
    private final FrameCipher sealer; // writer thread only; null if frames are not sealed
    private final ReentrantLock openLock = new ReentrantLock();
    private final FrameCipher opener; // guarded by openLock; null if frames are not sealed
    private final RoundTrips pings;
    final Condition work; // of the stream's lock
    private int answers; // guarded by openLock; Handshakes answered
    private String errorText; // guarded by openLock; what came before a Close, null before
    private volatile long pongAt; // on the stream's clock, the last answer to a ping
    private volatile boolean ponged;
    long pingedAt; // guarded by the stream's lock
    int pingsMissed; // guarded by the stream's lock
    LegState told; // guarded by the stream's lock; the state that was last logged
    long retiredAt; // guarded by the stream's lock; when it was retired by this side
    boolean gone; // guarded by the stream's lock

    MuxLane(MuxStream stream, Clock clock, RouteLeg route, Leg leg, Handshake opening, Seals seals, Condition work) {
        this.stream = stream;
        this.clock = clock;
        this.route = route;
        this.leg = leg;
        this.opening = opening;
        this.sealer = seals == null ? null : seals.dataSealer();
        this.opener = seals == null ? null : seals.dataOpener();
        this.pings = new RoundTrips(clock, RouteGroup.MOST_LEGS, leg.number() % RouteGroup.MOST_LEGS);
        this.work = work;
        this.pingedAt = stream.now();
    }

    Leg leg() {
        return leg;
    }

    RouteLeg route() {
        return route;
    }

    // ---- out ----

    /** The writer: takes what the leg is to send and hands it to the transport, which may take its time. */
    void write() throws IOException {
        while (true) {
            List<Segment> batch = stream.take(this);
            if (batch.isEmpty()) {
                return;
            }
            try {
                for (Segment segment : batch) {
                    send(segment);
                }
                stream.written(batch);
            } catch (Failure e) {
                switch (e.kind()) {
                    case CANCELLED -> throw e;
                    case TIMEOUT -> stream.stuck(this);
                    default -> gone(e);
                }
            }
        }
    }

    private void send(Segment segment) throws IOException {
        if (sealer == null) {
            segment.ready();
        } else if (!segment.isReady() && segment.claim()) {
            Seals.seal(sealer, segment);
        }
        if (segment.isReady()) { // else whoever took it first is about to send it
            route.send(id -> new Data(id, segment.payload()), clock.in(WRITE_LIMIT));
        }
    }

    /** How much it takes at once: what takes a millisecond, so that others get what this leg would only queue. */
    List<Segment> takeBatch(skywire.route.mux.Sender sender, long now) {
        List<Segment> batch = new ArrayList<>(4);
        long most = Math.min(MOST_BATCH, leg.rate() / 1000);
        long bytes = 0;
        do {
            Segment segment = sender.next(leg, now);
            if (segment == null) {
                break;
            }
            batch.add(segment);
            bytes += segment.length();
        } while (bytes < most);
        return batch;
    }

    // ---- in ----

    @Override
    public void packet(Packet packet) {
        switch (packet) {
            case Data data -> stream.data(this, data.payload());
            case Handshake handshake -> shaken(handshake);
            case Ping ping -> {
                stream.heard(this);
                route.express(id -> Pong.of(id, ping.unixMillis()));
            }
            case Pong pong -> ponged(pong);
            case Sack sack -> stream.sack(this, sack);
            case ErrorText error -> noteError(error);
            case Close close -> stream.legEnded(this, Opening.closedThere(errorText()), close.code());
            default -> {} // keeps the rules alive, or has no meaning for a group
        }
    }

    private void shaken(Handshake handshake) {
        if (!stream.isOfGroup(handshake)) {
            return; // of another group: proves nothing
        }
        stream.heard(this);
        boolean answer;
        openLock.lock();
        try {
            answer = !stream.isDialled() && answers++ < MOST_ANSWERS;
        } finally {
            openLock.unlock();
        }
        if (answer) {
            route.express(id -> opening != null ? opening.to(id) : stream.handshake(leg.number(), id));
        }
    }

    /** A peer of June answers on its first leg whatever leg was asked. */
    private void ponged(Pong pong) {
        if (!answered(pong) && stream.kind() == GroupKind.COMPATIBLE) {
            stream.heard(this);
            for (MuxLane lane : stream.lanes()) {
                if (lane.answered(pong)) {
                    return;
                }
            }
        }
    }

    private boolean answered(Pong pong) {
        boolean ours = pings.answered(pong.unixMillis());
        if (ours) {
            pongAt = stream.now();
            ponged = true;
            stream.ponged(this, pings.last().toNanos());
        }
        return ours;
    }

    /** Whether a ping was answered after that time. */
    boolean pongedSince(long time) {
        return ponged && pongAt - time > 0;
    }

    /** When a ping was last answered, on the stream's clock; {@code never} if none was. */
    long lastPong(long never) {
        return ponged ? pongAt : never;
    }

    private void noteError(ErrorText error) {
        openLock.lock();
        try {
            errorText = LogLimit.clean(error.message(), ErrorText.LONGEST);
        } finally {
            openLock.unlock();
        }
    }

    private String errorText() {
        openLock.lock();
        try {
            return errorText;
        } finally {
            openLock.unlock();
        }
    }

    /** Opens the data of a packet; null if it was changed on the way. */
    byte[] open(long sequence, byte[] payload) {
        openLock.lock();
        try {
            return Seals.open(opener, sequence, payload);
        } catch (Failure e) {
            return null;
        } finally {
            openLock.unlock();
        }
    }

    @Override
    public void gone(Failure why) {
        stream.legEnded(this, why, Close.LEG_RETIRED);
    }

    // ---- pings ----

    /** Asks the other end of the leg for a sign of life, as far as that is possible without waiting. */
    void ping() {
        try {
            long mark = pings.ask();
            if (!route.express(id -> Ping.of(id, mark, 0))) {
                pings.forget(mark);
            }
        } catch (Failure e) {
            pings.forgetOldest(); // none of so many was answered
        }
    }

    Duration ping(Deadline deadline) throws IOException {
        long mark = pings.ask();
        if (!route.express(id -> Ping.of(id, mark, 0))) {
            pings.forget(mark);
            throw new Failure(Failure.Kind.UNREACHABLE, "the first transport of the route has ended");
        }
        return pings.await(mark, deadline);
    }

    Duration roundTrip() {
        return pings.last();
    }

    /** Takes its rules back. */
    void end(Failure why) {
        route.end(why);
        pings.end(why);
    }
}
