package skywire.route.group;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import skywire.bytes.MalformedException;
import skywire.limit.LogLimit;
import skywire.limit.Quota;
import skywire.packet.Close;
import skywire.packet.Data;
import skywire.packet.ErrorText;
import skywire.packet.Handshake;
import skywire.packet.RouteDescriptor;
import skywire.packet.Sack;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;
import skywire.platform.Scope;
import skywire.route.mux.Capability;
import skywire.route.mux.Control;
import skywire.route.mux.Extension;
import skywire.route.mux.Leg;
import skywire.route.mux.LegInfo;
import skywire.route.mux.LegSet;
import skywire.route.mux.LegState;
import skywire.route.mux.Receiver;
import skywire.route.mux.Segment;
import skywire.route.mux.SendMode;
import skywire.route.mux.Sender;
import skywire.route.mux.Sequence;

/**
 * A stream of bytes over several legs (mux, docs/design-mux.md): the threads, the lock and the clock around {@link Sender}
 * and {@link Receiver}. Each leg has a writer; one more thread does what is due at a time. Thread-safe, with one reader and
 * one writer at a time.
 *
 * <p>Long because all of it shares one lock; what needs none of it is in {@link MuxLane}, {@link Credit}, {@link Standing}
 * and {@link Seals}.
 */
final class MuxStream implements GroupLink {
    private static final System.Logger LOG = System.getLogger(MuxStream.class.getName());

    private static final long MILLI = 1_000_000;

    /** Least time between two acknowledgements. */
    private static final long ACK_GAP = MILLI;

    /** How long a packet waits for its acknowledgement at most. */
    private static final long ACK_DELAY = 5 * MILLI;

    private static final int ACK_EVERY = 2; // packets
    private static final int SACK_EVERY = 64; // packets; the peer stores 128
    private static final long SACK_DELAY =
            150 * MILLI; // a hole that old may be a loss; each SACK makes it repeat a lot

    private static final int MOST_NUMBER = 0xffff; // of a leg

    private static final int MOST_SACK_SHIFT = 5;

    /** What was written is still delivered for so long after {@link #close}. */
    private static final long LINGER = 5_000 * MILLI;

    /** A retired leg is given up by this side after that time if the other one does not say so. */
    private static final long RETIRE_LIMIT = 3_000 * MILLI;

    private static final long PING_EVERY = 10_000 * MILLI;
    private static final long PING_AGAIN = 1_000 * MILLI;
    private static final int MOST_MISSED = 3;

    /** A leg that has answered nothing for so long is dead. */
    private static final long DEAD_AFTER = 30_000 * MILLI;

    /** The other end has acknowledged nothing for so long: it is gone. */
    private static final long SILENT_LIMIT = 60_000 * MILLI;

    private static final long OVERDRAFT = 64 * 1024; // bytes beyond the credit that are forgiven

    /**
     * What the two ends have agreed on.
     *
     * @param kind not plain
     * @param groupId of the full form, else empty
     * @param seals of the full form, else null
     * @param acknowledges whether the peer acknowledges; if not, nothing can be repaired and one leg is all there is
     * @param newSack whether the peer reads the newer SACK
     */
    record Agreement(GroupKind kind, byte[] groupId, Seals seals, boolean acknowledges, boolean newSack) {}

    private final Clock clock;
    private final RouteDescriptor descriptor;
    private final Agreement agreed;
    private final boolean dialled;
    private final long origin; // nanoTime that is 0 here, so that times can be compared
    private final Quota quota;
    private final Scope scope;
    private final LogLimit log;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition readable = lock.newCondition();
    private final Condition room = lock.newCondition(); // in the receiver, for a peer without credit
    private final Condition writable = lock.newCondition();
    private final Condition timer = lock.newCondition();
    private final Condition legsChanged = lock.newCondition();

    // All below is guarded by lock.
    private final LegSet legs = new LegSet(RouteGroup.MOST_LEGS);
    private final Map<Leg, MuxLane> lanes = new LinkedHashMap<>();
    private final Sender sender;
    private final Receiver receiver = new Receiver();
    private final Credit credit;
    private final Standing standing = new Standing();
    private int nextNumber = 1; // of the next leg
    private int ownWidth;
    private int peerWidth = Standing.ANY_WIDTH;
    private int reverseWidth = 1;
    private long peerStatus; // version of the peer's last status
    private long peerEnd = -1; // packets of its whole stream, once it has ended
    private String peerText = "";
    private boolean newSack;
    private int unacked; // packets since the last acknowledgement
    private int sackRepeats; // since something came in order
    private boolean urgent; // something came that should not have: the peer lacks an acknowledgement
    private long ackAt = Long.MAX_VALUE;
    private long ackedAt;
    private long lastAckedAt; // when the peer last acknowledged anything
    private long timerAt = Long.MAX_VALUE;
    private int readAt; // bytes of the receiver's first chunk that are read
    private long readMovedAt;
    private long legChangesTold;
    private long receivedBytes;
    private boolean closed;
    private Failure closeReason; // null for an orderly end
    private boolean aborted; // the reader gets nothing more
    private boolean lingering;
    private long lingerUntil;
    private boolean over;
    private Runnable onEnd = () -> {};

    private MuxStream(
            Platform platform,
            RouteDescriptor descriptor,
            Agreement agreed,
            boolean dialled,
            Quota quota,
            Quota windows) {
        this.clock = platform.clock();
        this.descriptor = descriptor;
        this.agreed = agreed;
        this.dialled = dialled;
        this.quota = quota;
        this.scope = new Scope(platform, "mux/" + descriptor.srcKey().brief() + ":" + descriptor.srcPort());
        this.log = new LogLimit(clock, LOG);
        this.origin = clock.nanoTime() - MILLI;
        long now = now();
        boolean full = agreed.kind() == GroupKind.FULL;
        this.sender = new Sender(
                legs, full ? Sender.Limits.FULL : Sender.Limits.JUNE, full ? Credit.FIRST_WINDOW : Long.MAX_VALUE, now);
        this.credit = new Credit(windows, now);
        this.newSack = agreed.newSack();
        this.ownWidth = dialled ? 1 : RouteGroup.MOST_LEGS;
        legs.width(ownWidth);
        this.ackedAt = now;
        this.lastAckedAt = now;
        this.readMovedAt = now;
    }

    /** A stream over its first leg; the caller hands the packets of that leg to {@link #primary} then. */
    static MuxStream open(
            Platform platform,
            RouteLeg first,
            Agreement agreed,
            Handshake answer,
            boolean dialled,
            Quota quota,
            Quota windows)
            throws IOException {
        var stream = new MuxStream(platform, first.descriptor(), agreed, dialled, quota, windows);
        MuxLane lane = stream.join(first, 0, answer);
        stream.lock.lock();
        try {
            stream.legs.prove(lane.leg());
        } finally {
            stream.lock.unlock();
        }
        stream.scope.fork("timer", stream::keepTime);
        return stream;
    }

    /** Nanoseconds on this stream's own clock; never negative. */
    long now() {
        return clock.nanoTime() - origin;
    }

    /** Who takes the packets of the first leg. */
    Opening.User primary() {
        lock.lock();
        try {
            return lanes.get(legs.primary().orElseThrow());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public RouteDescriptor descriptor() {
        return descriptor;
    }

    @Override
    public GroupKind kind() {
        return agreed.kind();
    }

    boolean isDialled() {
        return dialled;
    }

    /** Whether a leg's Handshake is one for this group. */
    boolean isFor(Handshake handshake) {
        Optional<Extension> extension = Extension.of(handshake);
        return switch (agreed.kind()) {
            case FULL ->
                extension.isPresent()
                        && extension.get().isOf(agreed.groupId())
                        && extension.get().leg() > 0;
            case COMPATIBLE -> extension.isEmpty() && (handshake.capabilities() & Capability.MUX) != 0;
            case PLAIN -> false;
        };
    }

    /** Whether a Handshake on one of our legs is of the other end of this group. */
    boolean isOfGroup(Handshake handshake) {
        return agreed.kind() != GroupKind.FULL
                || Extension.of(handshake).filter(e -> e.isOf(agreed.groupId())).isPresent();
    }

    /** Our Handshake on the leg of that number. */
    Handshake handshake(int number, long routeId) {
        return agreed.kind() == GroupKind.FULL
                ? new Extension(agreed.groupId(), number, new byte[0]).handshake(routeId)
                : Handshake.of(routeId, true, Capability.MUX | Capability.SACK, new byte[0]);
    }

    // ---- legs ----

    /**
     * Adds a leg over a route whose rules are in place.
     *
     * @param number given by the side that dialled; −1 for the next one
     */
    MuxLane join(RouteLeg route, int number, Handshake answer) throws IOException {
        makeRoom();
        MuxLane lane;
        lock.lock();
        try {
            if (closed) {
                throw ended();
            }
            if (!agreed.acknowledges() && number != 0) {
                throw new Failure(Failure.Kind.REFUSED, "the other end repeats nothing that is lost: it gets one leg");
            }
            if (number > 0 && legs.find(number).isPresent() || nextNumber > MOST_NUMBER) {
                throw new Failure(
                        Failure.Kind.REFUSED, "leg " + number + " is in the group already, or one too many was");
            }
            var leg = new Leg(
                    route.transport(),
                    number < 0 ? nextNumber : number,
                    route.hop().map(hop -> hop.remoteKey()).orElse(descriptor.srcKey()));
            legs.add(leg);
            nextNumber = Math.max(nextNumber, leg.number() + 1);
            lane = new MuxLane(this, clock, route, leg, answer, agreed.seals(), lock.newCondition());
            lanes.put(leg, lane);
            afterChange();
        } finally {
            lock.unlock();
        }
        try {
            scope.forkChild("leg " + lane.leg().number(), lane::write);
        } catch (IOException e) {
            legEnded(lane, Failure.closedHere("route group"), Close.LEG_RETIRED);
            throw e;
        }
        return lane;
    }

    /** A leg that has answered nothing since it was left gives its place to a new one, if there is no other. */
    private void makeRoom() {
        Optional<MuxLane> worst;
        lock.lock();
        try {
            worst = lanes.size() < RouteGroup.MOST_LEGS
                    ? Optional.empty()
                    : lanes.values().stream()
                            .filter(lane -> lane.leg().isParked() || lane.leg().isRetired())
                            .filter(lane -> lane.leg() != legs.primary().orElse(null))
                            .min(Comparator.comparingLong(
                                    lane -> lane.lastPong(lane.leg().parkedAt())));
        } finally {
            lock.unlock();
        }
        worst.ifPresent(lane ->
                legEnded(lane, new Failure(Failure.Kind.TIMEOUT, "gave its place to a new leg"), Close.LEG_RETIRED));
    }

    /** Tells the other end of a new leg until something comes by it. */
    void introduce(MuxLane lane, Deadline deadline) throws IOException {
        while (true) {
            lane.route().send(id -> handshake(lane.leg().number(), id), deadline);
            if (agreed.kind() == GroupKind.COMPATIBLE) {
                lane.ping(); // such a peer need not answer on the leg itself
            }
            Deadline next = deadline.orEarlier(clock, Duration.ofSeconds(1));
            lock.lock();
            try {
                while (!lane.leg().isProven() && !lane.gone && !closed && clock.await(lock, legsChanged, next)) {
                    continue;
                }
                if (lane.leg().isProven() && !lane.gone) {
                    return;
                }
                if (closed) {
                    throw ended();
                }
                if (lane.gone) {
                    throw new Failure(
                            Failure.Kind.CLOSED_THERE,
                            "the new leg was closed: " + lane.leg().info(false).reason());
                }
                if (deadline.passed()) {
                    throw Failure.timeout("waiting for the other end to use the new leg");
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** Whether a leg over that transport is here. */
    boolean has(UUID transport) {
        lock.lock();
        try {
            return legs.find(transport).isPresent();
        } finally {
            lock.unlock();
        }
    }

    /** Something came by a leg that is no data. */
    void heard(MuxLane lane) {
        lock.lock();
        try {
            lane.leg().heard(0, false, now());
            prove(lane);
        } finally {
            lock.unlock();
        }
    }

    private void prove(MuxLane lane) {
        if (!lane.leg().isProven()) {
            legs.prove(lane.leg());
            afterChange();
        }
    }

    /** The leg answered a ping. */
    void ponged(MuxLane lane, long roundTrip) {
        lock.lock();
        try {
            long now = now();
            lane.leg().heard(0, false, now);
            lane.leg().roundTrip(roundTrip, now);
            lane.pingsMissed = 0;
            prove(lane);
            unparkIfWell(lane, now);
        } finally {
            lock.unlock();
        }
    }

    private void unparkIfWell(MuxLane lane, long now) {
        if (lane.leg().isParked()
                && lane.pongedSince(lane.leg().parkedAt())
                && lane.leg().holdIsOver(now)) {
            legs.unpark(lane.leg());
            afterChange();
        }
    }

    /** The transport of a leg takes nothing. */
    void stuck(MuxLane lane) {
        lock.lock();
        try {
            if (!lane.gone && !lane.leg().isParked()) {
                legs.park(lane.leg(), "its transport takes nothing", now());
                sender.giveUpFlights(lane.leg());
                afterChange();
            }
        } finally {
            lock.unlock();
        }
    }

    /** A leg has ended, there or here; if it was the last, so has the group. */
    void legEnded(MuxLane lane, Failure why, int code) {
        boolean last;
        Failure groupEnd = why;
        lock.lock();
        try {
            if (lane.gone) {
                return;
            }
            boolean wasRetired = lane.retiredAt != 0;
            dropLane(lane, wasRetired ? "retired" : why.getMessage());
            boolean groupClosed = agreed.kind() == GroupKind.COMPATIBLE
                    && why.kind() == Failure.Kind.CLOSED_THERE
                    && code == Close.REQUESTED
                    && !why.getMessage().startsWith("closed by peer: ");
            last = lanes.isEmpty() || groupClosed;
            if (last && peerEnd >= 0) {
                groupEnd = Opening.closedThere(peerText.isEmpty() ? null : peerText);
            }
        } finally {
            lock.unlock();
        }
        if (last || agreed.kind() == GroupKind.FULL) { // a peer of June would close the whole group
            lane.route().offer(id -> Close.of(id, last ? Close.REQUESTED : Close.LEG_RETIRED));
        }
        lane.end(why);
        if (last) {
            boolean orderly =
                    agreed.kind() == GroupKind.COMPATIBLE && groupEnd.kind() == Failure.Kind.CLOSED_THERE && isWhole();
            finish(orderly && !groupEnd.getMessage().startsWith("closed by peer") ? null : groupEnd);
            over();
        }
    }

    private boolean isWhole() {
        lock.lock();
        try {
            return !receiver.hasGap();
        } finally {
            lock.unlock();
        }
    }

    private void dropLane(MuxLane lane, String why) {
        lane.gone = true;
        lanes.remove(lane.leg());
        legs.remove(lane.leg(), why);
        sender.giveUpFlights(lane.leg());
        lane.work.signalAll();
        tellState(lane);
        afterChange();
    }

    /** After the set of legs or a state may have changed: wakes whom it concerns. */
    private void afterChange() {
        if (legs.changes() == legChangesTold) {
            return;
        }
        legChangesTold = legs.changes();
        legsChanged.signalAll();
        lanes.values().forEach(this::tellState);
        if (dialled && agreed.kind() == GroupKind.FULL) {
            standing.legs(wishes(), now());
        }
        wake();
        rearm();
    }

    private void tellState(MuxLane lane) {
        LegState state = lane.leg().state();
        if (state != lane.told) {
            lane.told = state;
            String reason = lane.leg().info(false).reason();
            log.log(
                    dialled ? System.Logger.Level.INFO : System.Logger.Level.DEBUG,
                    "leg " + lane.leg().number() + " to " + descriptor.srcKey().brief() + " over "
                            + lane.leg().id() + ": " + state.text() + (reason.isEmpty() ? "" : " (" + reason + ")"));
        }
    }

    /** What the other end is to know of the legs: which are over, and which it is not to send on either. */
    private Map<Integer, Integer> wishes() {
        Map<Integer, Integer> wishes = new TreeMap<>();
        int usedBack = 0;
        for (Leg leg : legs.list()) {
            usedBack += leg.state() == LegState.ACTIVE ? 1 : 0;
        }
        for (Leg leg : legs.list()) {
            switch (leg.state()) {
                case DRAINING -> wishes.put(leg.number(), Control.LegWish.RETIRED);
                case STANDBY -> {
                    if (leg.isParked() || usedBack >= reverseWidth) {
                        wishes.put(leg.number(), Control.LegWish.STANDBY);
                    } else {
                        usedBack++;
                    }
                }
                case ACTIVE, PROBING, DIALING, DEAD -> {}
            }
        }
        return wishes;
    }

    // ---- writing ----

    @Override
    public void write(byte[] b, int off, int len, Deadline deadline) throws IOException {
        if (len == 0) {
            return;
        }
        lock.lock();
        try {
            checkOpen();
            sender.give(b, off, len, now());
            wake();
            while (!sender.isDrained()) {
                if (!clock.await(lock, writable, deadline) && !sender.isDrained() && !closed) {
                    sender.withdraw();
                    throw Failure.timeout("write to a route group");
                }
                if (closed) {
                    sender.withdraw();
                    throw ended();
                }
            }
        } catch (Failure e) {
            sender.withdraw();
            throw e;
        } finally {
            lock.unlock();
        }
    }

    private void checkOpen() throws Failure {
        if (closed) {
            throw ended();
        }
    }

    /** For the writer of a leg: waits for packets; none when the leg is gone. */
    List<Segment> take(MuxLane lane) throws Failure {
        lock.lock();
        try {
            while (!lane.gone && !over) {
                List<Segment> batch = lane.takeBatch(sender, now());
                if (!batch.isEmpty()) {
                    if (sender.isDrained()) {
                        writable.signal();
                    }
                    rearm();
                    return batch;
                }
                clock.await(lock, lane.work, Deadline.NEVER);
            }
            return List.of();
        } finally {
            lock.unlock();
        }
    }

    /** Packets have been queued at the leg's transport; a peer that acknowledges nothing has to be believed to get them. */
    void written(List<Segment> batch) throws Failure {
        if (agreed.acknowledges()) {
            return;
        }
        lock.lock();
        try {
            sender.acknowledge(new Control.Ack(batch.getLast().sequence() + 1, Long.MAX_VALUE, 0, new long[0]), now());
            lastAckedAt = now();
            wake();
        } finally {
            lock.unlock();
        }
    }

    /** Wakes the writers that have something to do. */
    private void wake() {
        long now = now();
        for (MuxLane lane : lanes.values()) {
            if (sender.hasWork(lane.leg(), now)) {
                lane.work.signal();
            }
        }
    }

    // ---- what comes in ----

    /** The payload of a Data packet. */
    void data(MuxLane lane, byte[] payload) {
        if (payload.length < Sender.HEAD) {
            return;
        }
        long wire = wire(payload);
        if (wire >= Sequence.CONTROL) {
            if (agreed.kind() == GroupKind.FULL) {
                control(lane, payload);
            }
            return;
        }
        long sequence;
        boolean wanted;
        lock.lock();
        try {
            long now = now();
            lane.leg().heard(payload.length, true, now);
            receivedBytes += payload.length;
            prove(lane);
            sequence = Sequence.near(receiver.next(), wire);
            Receiver.Outcome look = sequence < 0 ? Receiver.Outcome.REFUSED : receiver.look(sequence);
            wanted = look == Receiver.Outcome.IN_ORDER || look == Receiver.Outcome.EARLY;
            if (!wanted) {
                urgent = true;
                noteArrival(now);
            }
        } finally {
            lock.unlock();
        }
        if (wanted) {
            byte[] plain = agreed.seals() == null
                    ? java.util.Arrays.copyOfRange(payload, Sender.HEAD, payload.length)
                    : lane.open(sequence, payload);
            if (plain != null) {
                arrived(sequence, plain);
            }
        }
        acknowledgeIfDue();
    }

    private static long wire(byte[] payload) {
        return (payload[0] & 0xffL) << 24 | (payload[1] & 0xff) << 16 | (payload[2] & 0xff) << 8 | payload[3] & 0xff;
    }

    private void arrived(long sequence, byte[] plain) {
        boolean stalled = false;
        lock.lock();
        try {
            stalled = agreed.kind() == GroupKind.COMPATIBLE && !awaitRoom();
            long now = now();
            if (stalled
                    || closed && aborted
                    || receiver.held() + plain.length > credit.window() + OVERDRAFT && isBounded()) {
                noteArrival(now);
            } else {
                Receiver.Outcome outcome = receiver.put(sequence, plain);
                if (outcome == Receiver.Outcome.IN_ORDER || outcome == Receiver.Outcome.EARLY) {
                    if (receiver.held() == plain.length) {
                        readMovedAt = now;
                    }
                    quota.take(plain.length);
                }
                if (outcome == Receiver.Outcome.IN_ORDER) {
                    sackRepeats = 0;
                    readable.signal();
                }
                noteArrival(now);
            }
        } catch (Failure e) {
            stalled = true; // the transport's reader was told to stop while it waited
        } finally {
            lock.unlock();
        }
        if (stalled) {
            end(new Failure(Failure.Kind.LIMIT, "the reader has taken nothing for too long"), "reader stalled");
        }
        endIfAllIsHere();
    }

    private boolean isBounded() {
        return agreed.kind() == GroupKind.FULL;
    }

    /** A peer that knows no credit is held back by its transport, as for a plain group; false if that took too long. */
    private boolean awaitRoom() throws Failure {
        Deadline deadline = clock.in(skywire.transport.Transport.PATIENCE);
        while (!closed && receiver.held() > Credit.MOST_WINDOW) {
            if (!clock.await(lock, room, deadline) && !closed && receiver.held() > Credit.MOST_WINDOW) {
                return false;
            }
        }
        return true;
    }

    private void control(MuxLane lane, byte[] payload) {
        Optional<Control> control;
        try {
            control = agreed.seals().openControl(payload);
        } catch (MalformedException | Failure e) {
            return; // changed on the way, or none of ours
        }
        boolean answer = false;
        Failure broken = null;
        lock.lock();
        try {
            lane.leg().heard(0, false, now());
            prove(lane);
            if (control.isPresent()) {
                switch (control.get()) {
                    case Control.Ack ack -> acknowledged(ack);
                    case Control.Status status -> answer = taken(status);
                    case Control.Ask ask -> {
                        urgent = true;
                        noteArrival(now());
                    }
                }
            }
        } catch (Failure e) {
            broken = e;
        } finally {
            lock.unlock();
        }
        if (broken != null) {
            end(broken, "protocol error");
            return;
        }
        if (answer) {
            retireThere();
            sendAck();
            endIfAllIsHere();
        }
        acknowledgeIfDue();
        endLinger();
    }

    private void acknowledged(Control.Ack ack) throws Failure {
        long now = now();
        lastAckedAt = now;
        sender.acknowledge(ack, now);
        standing.seen(ack.seen());
        afterChange();
        wake();
        rearm();
    }

    /** A SACK of a peer that knows no more. */
    void sack(MuxLane lane, Sack sack) {
        Failure broken = null;
        lock.lock();
        try {
            lane.leg().heard(0, false, now());
            prove(lane);
            if (agreed.kind() == GroupKind.COMPATIBLE) {
                newSack |= !sack.isOld();
                acknowledged(new Control.Ack(sack.lastContiguous() + 1, Long.MAX_VALUE, 0, sack.words()));
            }
        } catch (Failure e) {
            broken = e;
        } finally {
            lock.unlock();
        }
        if (broken != null) {
            end(broken, "protocol error");
        }
        endLinger();
    }

    /** Takes what the peer wants of the group; whether there is something to answer. */
    private boolean taken(Control.Status status) {
        if (status.version() < peerStatus) {
            return false;
        }
        if (status.version() > peerStatus) {
            peerStatus = status.version();
            peerWidth = status.width();
            legs.width(Math.min(ownWidth, peerWidth));
            for (Leg leg : legs.list()) {
                int code = status.legs().stream()
                        .filter(wish -> wish.leg() == leg.number())
                        .mapToInt(Control.LegWish::code)
                        .findFirst()
                        .orElse(0);
                legs.wishStandby(leg, code == Control.LegWish.STANDBY);
                if (code == Control.LegWish.RETIRED && !leg.isRetired()) {
                    legs.retire(leg, "retired by the other end");
                    sender.giveUpFlights(leg);
                }
            }
            if (status.end() >= 0 && peerEnd < 0) {
                peerEnd = status.end();
                peerText = LogLimit.clean(status.text(), Control.MOST_TEXT);
            }
            afterChange();
        }
        return true;
    }

    /** Legs that the other end has retired: we send nothing more on them, and say so behind what we sent. */
    private void retireThere() {
        List<MuxLane> over = new ArrayList<>();
        lock.lock();
        try {
            for (MuxLane lane : new ArrayList<>(lanes.values())) {
                if (lane.leg().isRetired() && lane.retiredAt == 0 && lanes.size() > 1) {
                    dropLane(lane, "retired by the other end");
                    over.add(lane);
                }
            }
        } finally {
            lock.unlock();
        }
        for (MuxLane lane : over) {
            lane.route().offer(id -> Close.of(id, Close.LEG_RETIRED));
            lane.end(Failure.closedThere("leg"));
        }
    }

    // ---- acknowledgements ----

    /** A packet has come: when is it to be acknowledged? */
    private void noteArrival(long now) {
        unacked++;
        long due;
        if (agreed.kind() == GroupKind.FULL) {
            due = urgent || unacked >= ACK_EVERY ? ackedAt + ACK_GAP : now + ACK_DELAY;
        } else {
            due = unacked >= SACK_EVERY ? now : receiver.hasGap() ? ackedAt + SACK_DELAY : Long.MAX_VALUE;
        }
        if (due < ackAt || ackAt == Long.MAX_VALUE) {
            ackAt = due;
        }
    }

    private void acknowledgeIfDue() {
        boolean due;
        lock.lock();
        try {
            due = ackAt != Long.MAX_VALUE && now() - ackAt >= 0;
            if (!due) {
                rearm();
            }
        } finally {
            lock.unlock();
        }
        if (due) {
            sendAck();
        }
    }

    private void sendAck() {
        Control.Ack ack;
        lock.lock();
        try {
            ackedAt = now();
            ackAt = Long.MAX_VALUE;
            unacked = 0;
            urgent = false;
            if (!agreed.acknowledges() || over) {
                return;
            }
            credit.waiting(receiver.earlyBytes());
            if (agreed.kind() == GroupKind.COMPATIBLE && receiver.hasGap()) {
                ackAt = ackedAt
                        + (SACK_DELAY << Math.min(sackRepeats++, MOST_SACK_SHIFT)); // what it repeats may be lost
            }
            ack = new Control.Ack(receiver.next(), credit.give(), peerStatus, receiver.words());
        } finally {
            lock.unlock();
        }
        if (agreed.kind() == GroupKind.FULL) {
            send(ack);
        } else if (ack.next() > 0) { // the form cannot say that nothing has arrived
            sendSack(ack);
        }
    }

    private void sendSack(Control.Ack ack) {
        boolean newForm;
        MuxLane primary;
        lock.lock();
        try {
            newForm = newSack;
            primary = legs.primary().map(lanes::get).orElse(null);
        } finally {
            lock.unlock();
        }
        long last = ack.next() - 1;
        if (primary != null) {
            primary.route()
                    .express(id -> newForm
                            ? Sack.of(id, last, ack.words())
                            : Sack.old(id, last, ack.words().length == 0 ? 0 : ack.words()[0]));
        }
    }

    /** Sends a control frame by the best legs, two of them: one may just have died. */
    private void send(Control control) {
        byte[] payload = agreed.seals().seal(control);
        List<MuxLane> by = new ArrayList<>();
        lock.lock();
        try {
            for (Leg leg : legs.forControl(now())) {
                by.add(lanes.get(leg));
            }
        } finally {
            lock.unlock();
        }
        by.forEach(lane -> lane.route().express(id -> new Data(id, payload)));
    }

    // ---- reading ----

    @Override
    public int read(byte[] b, int off, int len, Deadline deadline) throws IOException {
        if (len == 0) {
            return 0;
        }
        int done;
        boolean tell;
        lock.lock();
        try {
            while (receiver.peek() == null || aborted) {
                if (closed) {
                    return atEnd();
                }
                if (!clock.await(lock, readable, deadline) && receiver.peek() == null && !closed) {
                    throw Failure.timeout("read from a route group");
                }
            }
            done = taken(b, off, len);
            readMovedAt = now();
            tell = credit.consumed(done, slowest(), readMovedAt) && !closed;
            room.signal();
        } finally {
            lock.unlock();
        }
        if (tell && agreed.kind() == GroupKind.FULL) {
            sendAck();
        }
        return done;
    }

    private int taken(byte[] b, int off, int len) {
        int done = 0;
        for (byte[] chunk; done < len && (chunk = receiver.peek()) != null; ) {
            int n = Math.min(len - done, chunk.length - readAt);
            System.arraycopy(chunk, readAt, b, off + done, n);
            readAt += n;
            done += n;
            if (readAt == chunk.length) {
                receiver.take();
                quota.take(-chunk.length);
                readAt = 0;
            }
        }
        return done;
    }

    private long slowest() {
        return legs.list().stream().mapToLong(Leg::roundTrip).max().orElse(0);
    }

    private int atEnd() throws Failure {
        if (closeReason != null) {
            throw ended();
        }
        return -1;
    }

    // ---- time ----

    private void keepTime() throws IOException {
        while (true) {
            boolean ack;
            boolean ask;
            Control.Status status = null;
            lock.lock();
            try {
                long now = awaitWork();
                if (over) {
                    return;
                }
                ask = sender.tick(now);
                ack = now - ackAt >= 0 && ackAt != Long.MAX_VALUE;
                if (now - standing.due() >= 0 && standing.due() != Long.MAX_VALUE) {
                    status = standing.say(now);
                }
                afterChange();
                wake();
            } finally {
                lock.unlock();
            }
            if (ack) {
                sendAck();
            }
            if (agreed.kind() == GroupKind.FULL) {
                if (ask) {
                    send(new Control.Ask());
                }
                if (status != null) {
                    send(status);
                }
            }
            pingParked();
            endLinger();
        }
    }

    /** Waits until something is due; the time then. */
    private long awaitWork() throws Failure {
        while (!over) {
            long now = now();
            timerAt = due();
            if (timerAt != Long.MAX_VALUE && now - timerAt >= 0) {
                return now;
            }
            clock.await(
                    lock,
                    timer,
                    timerAt == Long.MAX_VALUE ? Deadline.NEVER : clock.in(Duration.ofNanos(timerAt - now)));
        }
        return now();
    }

    private long due() {
        long due = Math.min(sender.nextTick(), ackAt);
        if (agreed.kind() == GroupKind.FULL) {
            due = Math.min(due, standing.due());
        }
        return lingering ? Math.min(due, lingerUntil) : due;
    }

    /** Wakes the timer if it would come too late. */
    private void rearm() {
        if (due() < timerAt) {
            timer.signal();
        }
    }

    /** A leg that was just left is asked at once whether it is there. */
    private void pingParked() {
        List<MuxLane> ask = new ArrayList<>();
        lock.lock();
        try {
            long now = now();
            for (MuxLane lane : lanes.values()) {
                if (lane.leg().isParked() && lane.pingedAt - lane.leg().parkedAt() < 0) {
                    lane.pingedAt = now;
                    ask.add(lane);
                }
            }
        } finally {
            lock.unlock();
        }
        ask.forEach(MuxLane::ping);
    }

    @Override
    public void tick() {
        List<MuxLane> ask = new ArrayList<>();
        List<MuxLane> dead = new ArrayList<>();
        List<MuxLane> all;
        boolean silent;
        lock.lock();
        try {
            long now = now();
            all = new ArrayList<>(lanes.values());
            for (MuxLane lane : all) {
                look(lane, now, ask, dead);
            }
            boolean waits = agreed.kind() == GroupKind.FULL ? !sender.isClear() : !sender.isDrained();
            silent = !closed && waits && now - lastAckedAt > SILENT_LIMIT;
            if (!waits) {
                lastAckedAt = now;
            }
            afterChange();
        } finally {
            lock.unlock();
        }
        all.forEach(lane -> lane.route().tick());
        ask.forEach(MuxLane::ping);
        for (MuxLane lane : dead) {
            legEnded(lane, Failure.timeout("an answer by this leg"), Close.LEG_RETIRED);
        }
        if (silent) {
            end(Failure.timeout("an acknowledgement of the other end"), "no acknowledgement");
        }
    }

    private void look(MuxLane lane, long now, List<MuxLane> ask, List<MuxLane> dead) {
        Leg leg = lane.leg();
        unparkIfWell(lane, now);
        if (lane.retiredAt != 0 && now - lane.retiredAt > RETIRE_LIMIT) {
            dead.add(lane);
            return;
        }
        boolean waits = lane.pingedAt != 0 && !lane.pongedSince(lane.pingedAt);
        if (leg.isParked()
                && now - Math.max(leg.parkedAt(), lane.lastPong(leg.parkedAt())) > DEAD_AFTER
                && lanes.size() > 1) {
            dead.add(lane);
            return;
        }
        long every = leg.isParked() || waits && lane.pingsMissed > 0 ? PING_AGAIN : PING_EVERY;
        if (now - lane.pingedAt < every
                && !(waits && now - lane.pingedAt > Math.max(PING_AGAIN, 4 * leg.roundTrip()))) {
            return;
        }
        if (waits && now - lane.pingedAt >= Math.max(PING_AGAIN, 4 * leg.roundTrip()) && !leg.isParked()) {
            boolean quiet = now - leg.heardAt() > Math.max(PING_AGAIN, 4 * leg.roundTrip());
            lane.pingsMissed = quiet ? lane.pingsMissed + 1 : 0;
            if (lane.pingsMissed >= MOST_MISSED && leg.isProven() && legs.hasOther(leg)) {
                legs.park(leg, "does not answer pings", now);
                sender.giveUpFlights(leg);
            }
        }
        lane.pingedAt = now;
        ask.add(lane);
    }

    // ---- the end ----

    /** All of the peer's stream is here and it has ended: so does the group. */
    private void endIfAllIsHere() {
        boolean whole;
        lock.lock();
        try {
            whole = !closed && peerEnd >= 0 && receiver.next() >= peerEnd;
        } finally {
            lock.unlock();
        }
        if (whole) {
            finish(peerText.isEmpty() ? null : Opening.closedThere(peerText));
            sayEnd("");
            sendAck();
            over();
        }
    }

    private void sayEnd(String text) {
        Control.Status status;
        lock.lock();
        try {
            long now = now();
            standing.end(sender.packets(), text, now);
            status = standing.say(now);
        } finally {
            lock.unlock();
        }
        if (agreed.kind() == GroupKind.FULL) {
            send(status);
        } else if (!text.isEmpty()) {
            lanes().forEach(lane -> lane.route().offer(id -> ErrorText.of(id, text)));
        }
    }

    List<MuxLane> lanes() {
        lock.lock();
        try {
            return new ArrayList<>(lanes.values());
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more comes or goes; what is here can still be read. False if that was so already. */
    private boolean finish(Failure why) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            closed = true;
            closeReason = why;
            wakeAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void wakeAll() {
        readable.signalAll();
        writable.signalAll();
        room.signalAll();
        legsChanged.signalAll();
        timer.signalAll();
    }

    /** Ends it because of a failure on this side; the peer is told. */
    private void end(Failure why, String errorForPeer) {
        if (finish(why)) {
            sayEnd(errorForPeer);
            if (agreed.kind() == GroupKind.FULL) {
                lanes().forEach(lane -> lane.route().offer(id -> ErrorText.of(id, errorForPeer)));
            }
            over();
        }
    }

    @Override
    public void close() {
        close("");
    }

    @Override
    public void close(String errorForPeer) {
        boolean first = finish(Failure.closedHere("route group"));
        lock.lock();
        try {
            dropHeld();
            if (!first) {
                return;
            }
            lingering = true;
            lingerUntil = now() + (agreed.kind() == GroupKind.FULL ? LINGER : LINGER / 5);
        } finally {
            lock.unlock();
        }
        sayEnd(errorForPeer);
        endLinger();
        lock.lock();
        try {
            rearm();
        } finally {
            lock.unlock();
        }
    }

    private void dropHeld() {
        aborted = true;
        quota.take(-receiver.held());
        receiver.clear();
        readAt = 0;
        readable.signalAll();
    }

    /** After a close: over as soon as the peer has everything, or it has taken too long. */
    private void endLinger() {
        boolean done;
        lock.lock();
        try {
            boolean told = agreed.kind() == GroupKind.COMPATIBLE || standing.isSeen();
            done = lingering && !over && (sender.isClear() && told || peerEnd >= 0 || now() - lingerUntil >= 0);
        } finally {
            lock.unlock();
        }
        if (done) {
            over();
        }
    }

    /** Takes the rules back and tells whoever waits for the end. */
    private void over() {
        List<MuxLane> all;
        Runnable action;
        lock.lock();
        try {
            if (over) {
                return;
            }
            over = true;
            all = new ArrayList<>(lanes.values());
            all.forEach(lane -> {
                lane.gone = true;
                lane.work.signalAll();
            });
            credit.release();
            action = onEnd;
            wakeAll();
        } finally {
            lock.unlock();
        }
        for (MuxLane lane : all) {
            lane.route().offer(id -> Close.of(id, Close.REQUESTED));
            lane.end(ended());
        }
        scope.end(null);
        action.run();
    }

    @Override
    public void onEnd(Runnable action) {
        boolean now;
        lock.lock();
        try {
            onEnd = action;
            now = over;
        } finally {
            lock.unlock();
        }
        if (now) {
            action.run();
        }
    }

    @Override
    public boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Failure ended() {
        lock.lock();
        try {
            return closeReason == null
                    ? Failure.closedThere("route group")
                    : new Failure(closeReason.kind(), closeReason.getMessage(), closeReason);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Duration stuck() {
        lock.lock();
        try {
            return receiver.held() > Quota.SHARE ? Duration.ofNanos(now() - readMovedAt) : Duration.ZERO;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void shed() {
        end(
                new Failure(Failure.Kind.LIMIT, "the reader has taken nothing, and no memory is left for what waits"),
                "reader stalled");
        lock.lock();
        try {
            dropHeld();
        } finally {
            lock.unlock();
        }
    }

    // ---- what can be seen and done ----

    @Override
    public List<LegInfo> legs() {
        lock.lock();
        try {
            Leg primary = legs.primary().orElse(null);
            return legs.list().stream().map(leg -> leg.info(leg == primary)).toList();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long legChanges() {
        lock.lock();
        try {
            return legs.changes();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean awaitLegChange(long seen, Deadline deadline) throws IOException {
        lock.lock();
        try {
            while (legs.changes() <= seen && !closed) {
                if (!clock.await(lock, legsChanged, deadline) && legs.changes() <= seen && !closed) {
                    return false;
                }
            }
            checkOpen();
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void width(int forward, int reverse) {
        lock.lock();
        try {
            ownWidth = Math.clamp(forward, 1, RouteGroup.MOST_LEGS);
            reverseWidth = Math.clamp(reverse, 1, RouteGroup.MOST_LEGS);
            legs.width(Math.min(ownWidth, peerWidth));
            standing.width(reverseWidth, now());
            afterChange();
            rearm();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public SendMode mode() {
        lock.lock();
        try {
            return sender.mode();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void mode(SendMode mode) {
        lock.lock();
        try {
            sender.mode(mode);
            wake();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void removeLeg(UUID id) throws Failure {
        lock.lock();
        try {
            checkOpen();
            Leg leg = legs.removable(id);
            MuxLane lane = lanes.get(leg);
            legs.retire(leg, "removed");
            sender.giveUpFlights(leg);
            if (agreed.kind() == GroupKind.FULL) {
                lane.retiredAt = now();
            }
            afterChange();
        } finally {
            lock.unlock();
        }
    }

    private Optional<MuxLane> primaryLane() {
        lock.lock();
        try {
            return legs.primary().map(lanes::get);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Duration ping(Deadline deadline) throws IOException {
        MuxLane lane = primaryLane().orElseThrow(this::ended);
        return lane.ping(deadline);
    }

    @Override
    public Duration roundTrip() {
        lock.lock();
        try {
            return legs.primary().map(leg -> Duration.ofNanos(leg.roundTrip())).orElse(Duration.ZERO);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public UUID firstTransport() {
        lock.lock();
        try {
            return legs.primary().map(Leg::id).orElse(new UUID(0, 0));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long sentBytes() {
        lock.lock();
        try {
            return sender.offset();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long receivedBytes() {
        lock.lock();
        try {
            return receivedBytes;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int waitingBytes() {
        lock.lock();
        try {
            return receiver.held();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String local() {
        return descriptor.dstKey().hex() + ":" + descriptor.dstPort();
    }

    @Override
    public String remote() {
        return descriptor.srcKey().hex() + ":" + descriptor.srcPort();
    }
}
