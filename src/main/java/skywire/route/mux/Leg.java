package skywire.route.mux;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.UUID;
import skywire.key.PublicKey;

/** One path of a multiplexed group with all that is known of it (mux §8.1). Guarded by the user of {@link Sender}. */
public final class Leg {
    /** The shortest time a leg that made no progress is not sent on. */
    static final Duration LEAST_HOLD = Duration.ofMillis(100);

    /** The longest. */
    static final Duration MOST_HOLD = Duration.ofSeconds(60);

    private static final long FORGIVEN = Duration.ofSeconds(60).toNanos();
    private static final int SMALL = 4096;
    private static final int MEDIUM = 8192;
    private static final int LARGE = 16384;
    private static final long MEDIUM_RATE = 4_000_000;
    private static final long LARGE_RATE = 20_000_000;

    private final UUID id;
    private final int number;
    private final PublicKey neighbour;
    final PathModel path = new PathModel();

    LegState state = LegState.PROBING;
    String reason = "";
    boolean proven; // something has come by it
    boolean parked; // made no progress
    boolean wishedStandby; // the peer wants it to rest
    boolean retired;
    long parkedAt;
    long parkedUntil;
    private int falls; // times it was parked lately
    private long fellAt;

    final ArrayDeque<Segment.Flight> flights = new ArrayDeque<>(); // in the order they were sent; some no longer out
    long inFlight; // payload bytes of those that are out
    long sent; // flights so far
    long newest = -1; // order of the latest flight that is known to have arrived
    long newestSentAt;
    Segment.Flight latest; // the newest that has just been acknowledged, until its rate is measured
    long delivered; // bytes known to have arrived
    long deliveredAt;
    long firstSentAt;
    long limitedUntil; // what is delivered up to here was sent for lack of more
    long progressAt;
    int patienceShift; // doubled so often
    long share; // bytes of new data, for modes that compare
    private double loss;

    long sentBytes;
    long sentPackets;
    long receivedBytes;
    long receivedPackets;
    long retransmits;
    long heardAt; // when something last came by it
    boolean heard;

    /**
     * A leg of which nothing is known yet.
     *
     * @param number the same at both ends in the full form; 0 for the first leg of a group
     */
    public Leg(UUID id, int number, PublicKey neighbour) {
        this.id = id;
        this.number = number;
        this.neighbour = neighbour;
    }

    /** Its first transport. */
    public UUID id() {
        return id;
    }

    /** Its number in the group. */
    public int number() {
        return number;
    }

    /** How it is. */
    public LegState state() {
        return state;
    }

    /** Whether something has come by it. */
    public boolean isProven() {
        return proven;
    }

    /** Whether it was left because it made no progress. */
    public boolean isParked() {
        return parked;
    }

    /** Whether it may be sent on, if there is need. */
    boolean isUsable() {
        return proven && !retired && state != LegState.DEAD;
    }

    boolean isActive() {
        return state == LegState.ACTIVE;
    }

    /** Data bytes of a packet on it: larger ones where they cost little time. */
    int packet() {
        long rate = path.rate();
        return rate >= LARGE_RATE ? LARGE : rate >= MEDIUM_RATE ? MEDIUM : SMALL;
    }

    long window() {
        return path.window(packet());
    }

    boolean hasRoom() {
        return inFlight < window();
    }

    /** A measured round trip that has nothing to do with data, from a ping. */
    public void roundTrip(long nanos, long now) {
        path.roundTrip(nanos, now);
    }

    /** Bytes a second that it was seen to deliver; 0 while unknown. */
    public long rate() {
        return path.rate();
    }

    /** Smoothed round trip in nanoseconds, 0 while unknown. */
    public long roundTrip() {
        return path.roundTrip();
    }

    /** Notes that a packet has come by it. */
    public void heard(int bytes, boolean data, long now) {
        heard = true;
        heardAt = now;
        if (data) {
            receivedBytes += bytes;
            receivedPackets++;
        }
    }

    /** When something last came by it; only once something has. */
    public long heardAt() {
        return heardAt;
    }

    void lost() {
        loss += (1 - loss) / 50;
    }

    void kept() {
        loss -= loss / 50;
    }

    double loss() {
        return loss;
    }

    /** Leaves it alone for a while; longer each time it falls. */
    void park(String why, long now) {
        falls = now - fellAt > FORGIVEN ? 1 : Math.min(falls + 1, 16);
        fellAt = now;
        parked = true;
        parkedAt = now;
        parkedUntil = now + Math.min(MOST_HOLD.toNanos(), LEAST_HOLD.toNanos() << (falls - 1));
        reason = why;
        path.forget();
        loss = 0; // what it was left for must not be held against it when it is back
    }

    void unpark() {
        parked = false;
        patienceShift = 0;
        reason = "";
    }

    /** Whether it may be sent on again, if it answers. */
    public boolean holdIsOver(long now) {
        return now - parkedUntil >= 0;
    }

    /** Whether nothing new is to go by it. */
    public boolean isRetired() {
        return retired;
    }

    /** When it was parked, for {@link #isParked}. */
    public long parkedAt() {
        return parkedAt;
    }

    long deadline() {
        long from = flights.isEmpty() ? progressAt : Math.max(progressAt, flights.peek().sentAt);
        return from + (path.patience() + path.time(2 * packet()) << Math.min(patienceShift, 6));
    }

    /** As others see it. */
    public LegInfo info(boolean primary) {
        return new LegInfo(
                id,
                neighbour,
                state,
                reason,
                primary,
                Duration.ofNanos(path.roundTrip()),
                Duration.ofNanos(path.leastRoundTrip()),
                Duration.ofNanos(path.deviation()),
                loss,
                window(),
                inFlight,
                path.rate(),
                sentBytes,
                sentPackets,
                receivedBytes,
                receivedPackets,
                retransmits);
    }

    @Override
    public String toString() {
        return "leg " + number + " " + state.text();
    }
}
