package skywire.route.mux;

import java.util.Iterator;
import java.util.TreeMap;
import skywire.platform.Failure;

/**
 * The sending half of a multiplexed group (docs/design-mux.md): numbers what is written, says which leg takes it, keeps it
 * until it is acknowledged, finds out what was lost and on which leg nothing moves. Nothing is sent that cannot be sent
 * again. Knows no threads and no time but what it is told, in nanoseconds; guarded by its user.
 */
public final class Sender {
    /** Packets under way at once, towards a peer in the full form. */
    public static final int MOST_PACKETS = 2048;

    /** Bytes of a payload before the data. */
    public static final int HEAD = 4;

    private static final int LATER_PACKETS = 3; // so many later ones have arrived: this one is lost
    private static final int SPARE = 3; // packets that a peer takes beyond its limits, to find out what it has
    private static final int MOST_RESCUED = 256; // packets from the head of the line on
    private static final long IDLE = 5_000_000; // ns without anything to write, until it counts as a pause
    private static final long ASK_AGAIN = 200_000_000;
    private static final double LOSSY = 0.3;

    private final LegSet legs;
    private final Limits limits;
    private final Choice choice = new Choice();
    private final Segment[] segments; // those under way, by number; unacknowledged is the first
    private final TreeMap<Long, Segment> again = new TreeMap<>(); // to be sent again
    private long unacknowledged;
    private long next;
    private long offset; // bytes of the stream numbered so far
    private long credit;
    private byte[] source; // what the writer gives; null while it gives nothing
    private int sourceAt;
    private int sourceEnd;
    private long emptiedAt;
    private boolean pauseSeen = true; // since then a pause was noticed, or more was given
    private long acknowledgedAt; // when any acknowledgement came
    private long askAt; // when to ask for one, if the receiver's room is used up
    private int asked;
    private Segment held; // is to follow the packet after it; null if none is
    private Leg heldFor; // the leg it goes by
    private boolean firstRepeated;
    private long provokedAt; // number after the last packet that was sent before the one that precedes it
    private boolean silent; // a June peer acknowledged nothing in good time, and was not provoked since
    private long rescued; // number after the last packet that was sent by a second leg for being late

    /**
     * What the peer takes.
     *
     * @param packets under way at once, while one leg is sent on
     * @param spread packets from the first unacknowledged one to the last while more than one leg is sent on
     * @param seal bytes of room behind the data
     * @param provoke after so many packets one is sent out of order, because the peer only acknowledges when that happens; 0
     *     for a peer that acknowledges by itself
     */
    public record Limits(int packets, int spread, int seal, int provoke) {
        /** A peer in the full form. */
        public static final Limits FULL = new Limits(MOST_PACKETS, MOST_PACKETS, 16, 0);

        /** A peer of June 2026: it stores 128 packets and puts 64 into order, and acknowledges what is out of order. */
        public static final Limits JUNE = new Limits(120, 60, 0, 32);
    }

    /** Sends on these legs; {@code credit} bytes may be sent before the peer says more. */
    public Sender(LegSet legs, Limits limits, long credit, long now) {
        this.legs = legs;
        this.limits = limits;
        this.credit = credit;
        this.segments = new Segment[MOST_PACKETS];
        this.emptiedAt = now;
        this.acknowledgedAt = now;
    }

    private Segment at(long sequence) {
        return segments[(int) (sequence % MOST_PACKETS)];
    }

    // ---- what is written ----

    /** Gives bytes to send; they are taken out bit by bit, and must stay as they are until {@link #isDrained}. */
    public void give(byte[] b, int off, int len, long now) {
        if (now - emptiedAt > IDLE) {
            choice.paused();
            for (Leg leg : legs.view()) {
                leg.share = 0;
            }
        }
        source = b;
        sourceAt = off;
        sourceEnd = off + len;
        pauseSeen = true;
        planAsking(now);
    }

    /** The receiver's room is used up: what says that there is more may be lost, so it is asked for. */
    private void planAsking(long now) {
        if (source != null && credit <= offset && askAt == 0) {
            askAt = now + ASK_AGAIN;
        }
    }

    /** Whether all that was given has been taken. */
    public boolean isDrained() {
        return source == null;
    }

    /** Takes back what was given and not taken; how many bytes that is. */
    public int withdraw() {
        int left = source == null ? 0 : sourceEnd - sourceAt;
        source = null;
        return left;
    }

    /** Whether everything numbered has arrived. */
    public boolean isClear() {
        return unacknowledged == next;
    }

    /** Packets numbered so far. */
    public long packets() {
        return next;
    }

    /** How the legs are chosen. */
    public SendMode mode() {
        return choice.mode();
    }

    /** Chooses otherwise from now on. */
    public void mode(SendMode mode) {
        choice.mode(mode);
    }

    // ---- what goes out ----

    /** Whether there is something for this leg to send now. */
    public boolean hasWork(Leg leg, long now) {
        return toRepeat(leg) != null
                || held != null && heldFor == leg
                || takesNew(leg)
                || isProvocationForced(leg)
                || toRescue(leg, now) != null;
    }

    private Segment toRepeat(Leg leg) {
        if (again.isEmpty() || !leg.isActive()) {
            return null;
        }
        Segment first = again.firstEntry().getValue();
        boolean urgent = silent || first.sequence() == unacknowledged;
        if (!urgent && !leg.hasRoom()) {
            return null;
        }
        Leg best = Choice.quickest(legs);
        boolean quick = limits.provoke() > 0 ? leg == best : leg.path.roundTrip() <= 2 * best.path.roundTrip() + IDLE;
        return quick ? first : null;
    }

    private boolean takesNew(Leg leg) {
        return source != null && roomOfPeer() > 0 && choice.takes(leg, legs, sourceEnd - sourceAt, credit - offset);
    }

    /** Packets that may still be numbered. */
    private long roomOfPeer() {
        if (credit <= offset) {
            return 0;
        }
        return Math.min(limits.packets(), isSpread() ? limits.spread() : limits.packets()) - (next - unacknowledged);
    }

    /** Whether what is under way may arrive in another order than it was sent in. */
    private boolean isSpread() {
        if (limits.spread() == limits.packets()) {
            return false;
        }
        Leg only = null;
        for (Leg leg : legs.view()) {
            if (leg.isActive() || leg.inFlight > 0) {
                if (only != null) {
                    return true;
                }
                only = leg;
            }
        }
        return false;
    }

    /**
     * A packet near the head of the line goes by this leg too: it is on another one, this one would bring it sooner or it
     * is late there, and there is nothing else to do, because the receiver has no more room or the writer no more to write.
     */
    private Segment toRescue(Leg leg, long now) {
        boolean blocked = source == null ? now - emptiedAt > IDLE : roomOfPeer() <= 0;
        if (!blocked || !leg.isActive() || !leg.hasRoom()) {
            return null;
        }
        long last = Math.min(next, unacknowledged + (source == null ? 1 : MOST_RESCUED));
        for (rescued = Math.max(rescued, unacknowledged); rescued < last; rescued++) {
            Segment segment = at(rescued);
            if (!segment.arrived && !segment.queued && segment.isOut()) {
                Segment.Flight flight = segment.last();
                PathModel its = flight.leg.path;
                long left = flight.sentAt + its.roundTrip() - now;
                boolean late = now - flight.sentAt > its.patience();
                return flight.leg != leg && (late || left > leg.path.roundTrip()) ? segment : null;
            }
        }
        return null;
    }

    /** The next packet for this leg; null if there is none now. The packet is not {@link Segment#isReady} if it is new. */
    public Segment next(Leg leg, long now) {
        Segment repeat = toRepeat(leg);
        if (repeat != null) {
            again.remove(repeat.sequence());
            repeat.queued = false;
            return fly(repeat, leg, now);
        }
        if (held != null && heldFor == leg) {
            Segment late = held;
            held = null;
            return fly(late, leg, now);
        }
        if (takesNew(leg)) {
            return isProvocationDue(leg) ? provoke(leg, now) : fly(number(leg.packet(), now), leg, now);
        }
        if (isProvocationForced(leg)) {
            silent = false;
            return provoke(leg, now);
        }
        Segment rescue = toRescue(leg, now);
        if (rescue != null) {
            rescued = rescue.sequence() + 1;
            return fly(rescue, leg, now);
        }
        if (leg.isActive() && leg.hasRoom()) {
            leg.limitedUntil = leg.delivered + leg.inFlight;
        }
        return null;
    }

    private boolean isProvocationDue(Leg leg) {
        return mayProvoke(roomOfPeer()) && isMuchUnprovoked(leg);
    }

    private boolean mayProvoke(long room) {
        return limits.provoke() > 0 && held == null && source != null && sourceEnd - sourceAt > 1 && room > 1;
    }

    /** Twice in a window at least: a leg that may have less under way than that would wait for ever. */
    private boolean isMuchUnprovoked(Leg leg) {
        return next - Math.max(unacknowledged, provokedAt)
                >= Math.clamp(leg.window() / (2L * leg.packet()), 2, limits.provoke());
    }

    /**
     * Whether two packets go beyond what the window allows, or the peer's room: the window has become smaller than what is
     * under way, or the last packet that was missing has arrived, and the peer says neither by itself.
     */
    private boolean isProvocationForced(Leg leg) {
        if (limits.provoke() == 0 || !leg.isActive() || unacknowledged == next) {
            return false;
        }
        if (silent && mayProvoke(roomOfPeer() + SPARE)) {
            return again.isEmpty() && at(unacknowledged).last().leg == leg; // behind what may be missing
        }
        return !leg.hasRoom() && leg == Choice.quickest(legs) && mayProvoke(roomOfPeer()) && isMuchUnprovoked(leg);
    }

    /** Sends the second packet before the first: a peer that acknowledges only what is out of order says what it has. */
    private Segment provoke(Leg leg, long now) {
        int each = Math.min(leg.packet(), (sourceEnd - sourceAt + 1) / 2);
        held = number(each, now);
        heldFor = leg;
        provokedAt = next;
        return fly(number(each, now), leg, now);
    }

    private Segment number(int most, long now) {
        int n = (int) Math.min(Math.min(most, sourceEnd - sourceAt), credit - offset);
        byte[] payload = new byte[HEAD + n + limits.seal()];
        long wire = Sequence.wire(next);
        for (int i = 0; i < HEAD; i++) {
            payload[i] = (byte) (wire >>> (24 - 8 * i));
        }
        System.arraycopy(source, sourceAt, payload, HEAD, n);
        var segment = new Segment(next, payload, n);
        segments[(int) (next % MOST_PACKETS)] = segment;
        next++;
        offset += n;
        sourceAt += n;
        choice.sent(n);
        if (sourceAt == sourceEnd) {
            source = null;
            emptiedAt = now;
            pauseSeen = false;
        }
        planAsking(now);
        return segment;
    }

    private Segment fly(Segment segment, Leg leg, long now) {
        boolean repeated = !segment.flights.isEmpty();
        if (leg.inFlight == 0) {
            leg.firstSentAt = now;
            leg.deliveredAt = now;
            leg.progressAt = now;
        }
        var flight = new Segment.Flight(segment, leg, now);
        segment.flights.add(flight);
        leg.flights.add(flight);
        leg.inFlight += flight.size();
        leg.sentBytes += flight.size();
        leg.sentPackets++;
        if (repeated) {
            leg.retransmits++;
        } else {
            leg.share += flight.size();
        }
        return segment;
    }

    // ---- what has arrived ----

    /**
     * Takes an acknowledgement.
     *
     * @throws Failure of kind {@code MALFORMED} if it acknowledges what was never sent
     */
    public void acknowledge(Control.Ack ack, long now) throws Failure {
        if (ack.next() > next) {
            throw Failure.malformed("the peer acknowledges packet " + ack.next() + " of " + next);
        }
        acknowledgedAt = now;
        silent = false;
        credit = Math.max(credit, ack.credit());
        if (limits.provoke() > 0 && unacknowledged == 0 && !firstRepeated && next > 1) {
            repeatFirst();
            return;
        }
        askAt = 0;
        asked = 0;
        long end = Math.min(next, Math.max(unacknowledged, ack.next()) + 64L * ack.words().length);
        for (long s = unacknowledged; s < Math.max(ack.next(), end); s++) {
            if (ack.has(s) && at(s) != held) {
                arrived(at(s), now);
            }
        }
        while (unacknowledged < next && at(unacknowledged).arrived) {
            segments[(int) (unacknowledged++ % MOST_PACKETS)] = null;
        }
        for (Leg leg : legs.view()) {
            settle(leg, now);
        }
        planAsking(now);
    }

    /** A peer of June says that it has packet 0 even if it has not (mux §3.3): it gets it twice before that is believed. */
    private void repeatFirst() {
        firstRepeated = true;
        Segment first = at(0);
        if (!first.queued) {
            first.queued = true;
            again.put(0L, first);
        }
    }

    private void arrived(Segment segment, long now) {
        if (segment.arrived) {
            return;
        }
        segment.arrived = true;
        if (segment.queued) {
            again.remove(segment.sequence());
            segment.queued = false;
        }
        boolean single = segment.flights.size() == 1;
        int outs = 0;
        for (Segment.Flight flight : segment.flights) {
            outs += flight.out ? 1 : 0;
        }
        for (Segment.Flight flight : segment.flights) {
            if (flight.out) {
                flight.out = false;
                flight.leg.inFlight -= flight.size();
                if (outs == 1 && (single || now - flight.sentAt >= flight.leg.path.leastRoundTrip())) {
                    credit(flight, single, now); // else it is a copy given up too early that has arrived
                }
            }
        }
    }

    /** This copy, and no other, has arrived. */
    private static void credit(Segment.Flight flight, boolean single, long now) {
        Leg leg = flight.leg;
        leg.progressAt = now;
        leg.patienceShift = 0;
        leg.delivered += flight.size();
        leg.deliveredAt = now;
        leg.kept();
        boolean sure =
                single || now - flight.sentAt >= leg.path.roundTrip(); // else a copy that was given up may have come
        if (sure && flight.order > leg.newest) {
            leg.newest = flight.order;
            leg.newestSentAt = flight.sentAt;
            leg.latest = flight;
        }
        if (single) {
            leg.path.roundTrip(now - flight.sentAt, now);
        }
    }

    /** Measures the rate of a leg, and finds what was lost on it: legs keep the order, so what later ones overtook is. */
    private void settle(Leg leg, long now) {
        if (leg.latest != null) {
            Segment.Flight latest = leg.latest;
            leg.latest = null;
            leg.firstSentAt = latest.sentAt;
            long nanos = Math.max(now - latest.deliveredAt, latest.sentAt - latest.firstSentAt);
            leg.path.delivered(latest.delivered, leg.delivered, nanos, latest.limited);
        }
        long window = Math.max(1_000_000, leg.path.roundTrip() / 4);
        Iterator<Segment.Flight> all = leg.flights.iterator();
        while (all.hasNext()) {
            Segment.Flight flight = all.next();
            if (flight.out) {
                boolean overtaken = leg.newest - flight.order >= LATER_PACKETS
                        || leg.newest > flight.order && leg.newestSentAt - flight.sentAt > window;
                if (!overtaken) {
                    break;
                }
                lost(flight);
            }
            all.remove();
        }
        if (leg.loss() > LOSSY && leg.isActive() && legs.hasOther(leg)) {
            legs.park(leg, "loses " + Math.round(100 * leg.loss()) + " % of its packets", now);
            giveUpFlights(leg);
        }
    }

    private void lost(Segment.Flight flight) {
        flight.leg.lost();
        giveUp(flight);
    }

    private void giveUp(Segment.Flight flight) {
        flight.out = false;
        flight.leg.inFlight -= flight.size();
        Segment segment = flight.segment;
        if (!segment.arrived && !segment.queued && !segment.isOut()) {
            segment.queued = true;
            again.put(segment.sequence(), segment);
        }
    }

    /** What is under way on this leg goes by others: it is gone, or to be left. */
    public void giveUpFlights(Leg leg) {
        for (Segment.Flight flight : leg.flights) {
            if (flight.out) {
                giveUp(flight);
            }
        }
        leg.flights.clear();
        if (held != null && heldFor == leg) {
            held.queued = true;
            again.put(held.sequence(), held);
            held = null;
        }
    }

    // ---- when nothing arrives ----

    /** When {@link #tick} has something to do, on the caller's clock; Long.MAX_VALUE if never. */
    public long nextTick() {
        long first = Long.MAX_VALUE;
        for (Leg leg : legs.view()) {
            if (leg.inFlight > 0) {
                first = Math.min(first, leg.deadline());
            }
        }
        if (askAt != 0) {
            first = Math.min(first, askAt);
        }
        if (!pauseSeen && unacknowledged < next && legs.view().size() > 1) {
            first = Math.min(first, emptiedAt + IDLE + 1);
        }
        return first;
    }

    /** Looks for legs that make no progress; whether an acknowledgement is to be asked for. */
    public boolean tick(long now) {
        pauseSeen |= now - emptiedAt > IDLE;
        for (Leg leg : legs.list()) {
            if (leg.inFlight > 0 && now - leg.deadline() >= 0) {
                stuck(leg, now);
            }
        }
        if (source == null || credit > offset) {
            askAt = 0;
            return false;
        }
        if (askAt == 0) {
            askAt = now + ASK_AGAIN;
            return false;
        }
        if (now - askAt < 0) {
            return false;
        }
        askAt = now + (ASK_AGAIN << Math.min(6, ++asked));
        return true;
    }

    /**
     * Nothing of what is under way on a leg was acknowledged in good time. If acknowledgements of others come, it is the
     * leg: it is left, and all it carries goes by others. If none come at all, it may be the way of the acknowledgements:
     * the oldest packet is sent again, which brings one.
     */
    private void stuck(Leg leg, long now) {
        long patience = leg.path.patience();
        boolean othersMove = now - acknowledgedAt < patience || leg.patienceShift > 0;
        leg.progressAt = now;
        leg.patienceShift++;
        if (legs.hasOther(leg) && othersMove && !leg.parked && limits.provoke() == 0) {
            legs.park(leg, "no progress for " + (now - Math.min(now, oldest(leg))) / 1_000_000 + " ms", now);
            giveUpFlights(leg);
            return;
        }
        if (limits.provoke() > 0 && source == null) {
            giveUpFlights(leg); // the end of what was written: such a peer never says which of it is missing
            return;
        }
        for (Iterator<Segment.Flight> all = leg.flights.iterator(); all.hasNext(); ) {
            Segment.Flight flight = all.next();
            all.remove();
            if (flight.out) {
                giveUp(flight);
                if (limits.provoke() > 0 && now - acknowledgedAt >= patience) {
                    provokeAnyway();
                }
                return;
            }
        }
    }

    /**
     * What fills the last hole is not acknowledged either. If that used up the peer's room, all of it goes once more by one
     * leg: what is provoked behind it then finds it there.
     */
    private void provokeAnyway() {
        silent = true;
        for (long s = unacknowledged; s < next && roomOfPeer() <= 1; s++) {
            Segment segment = at(s);
            if (!segment.arrived && segment != held) {
                segment.flights.stream().filter(flight -> flight.out).toList().forEach(this::giveUp);
            }
        }
    }

    private static long oldest(Leg leg) {
        for (Segment.Flight flight : leg.flights) {
            if (flight.out) {
                return flight.sentAt;
            }
        }
        return Long.MAX_VALUE;
    }

    /** Bytes numbered so far. */
    public long offset() {
        return offset;
    }

    /** Bytes the peer takes, from the beginning of the stream. */
    public long credit() {
        return credit;
    }

    @Override
    public String toString() {
        return "sender " + unacknowledged + ".." + next + ", " + again.size() + " to repeat";
    }
}
