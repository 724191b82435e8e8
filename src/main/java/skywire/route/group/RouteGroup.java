package skywire.route.group;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import skywire.key.PublicKey;
import skywire.link.KeyedLink;
import skywire.packet.RouteDescriptor;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Link;
import skywire.route.mux.LegInfo;
import skywire.route.mux.SendMode;

/**
 * A stream to an application on another visor over a route, encrypted end to end (routing §6–§8). Thread-safe, with one
 * reader and one writer at a time.
 *
 * <p>The other side's close is seen as the end of the stream, or as a failure with its text if it said why; relays on
 * the way say so too when the route breaks.
 */
public final class RouteGroup implements KeyedLink {
    /** Legs of a group (threats §6). */
    public static final int MOST_LEGS = 16;

    private final GroupLink stream;
    private final Link secure; // end to end
    private final boolean dialled;
    private final Instant since;

    RouteGroup(GroupLink stream, Link secure, boolean dialled, Instant since) {
        this.stream = stream;
        this.secure = secure;
        this.dialled = dialled;
        this.since = since;
    }

    Optional<MuxStream> mux() {
        return stream instanceof MuxStream mux ? Optional.of(mux) : Optional.empty();
    }

    boolean hasLeg(UUID transport) {
        return mux().map(mux -> mux.has(transport)).orElse(false);
    }

    void tick() {
        stream.tick();
    }

    /** As this end sees it: source is the far end, destination this visor. */
    public RouteDescriptor descriptor() {
        return stream.descriptor();
    }

    @Override
    public PublicKey remoteKey() {
        return stream.descriptor().srcKey();
    }

    @Override
    public int remotePort() {
        return stream.descriptor().srcPort();
    }

    @Override
    public int localPort() {
        return stream.descriptor().dstPort();
    }

    @Override
    public int read(byte[] b, int off, int len, Deadline deadline) throws IOException {
        return secure.read(b, off, len, deadline);
    }

    @Override
    public void write(byte[] b, int off, int len, Deadline deadline) throws IOException {
        secure.write(b, off, len, deadline);
    }

    /** Does nothing: a route group ends both directions at once. */
    @Override
    public void finishWriting(Deadline deadline) {
        stream.finishWriting(deadline);
    }

    @Override
    public void close() {
        stream.close();
    }

    /** Closes it and tells the other side why. */
    public void close(String errorText) {
        stream.close(errorText);
    }

    /** Whether either side, or a relay, has ended it. */
    public boolean isClosed() {
        return stream.isClosed();
    }

    /** Why it is closed: a new failure for the caller. */
    public Failure ended() {
        return stream.ended();
    }

    /** Measures the time to the other end and back. */
    public Duration ping(Deadline deadline) throws IOException {
        return stream.ping(deadline);
    }

    /** Result of the last ping; zero while unknown. */
    public Duration roundTrip() {
        return stream.roundTrip();
    }

    /** Whether this side dialled. */
    public boolean isDialled() {
        return dialled;
    }

    /** The first transport of the route. */
    public UUID firstTransport() {
        return stream.firstTransport();
    }

    /** Bytes sent, as payloads of packets. */
    public long sentBytes() {
        return stream.sentBytes();
    }

    /** Bytes received, as payloads of packets. */
    public long receivedBytes() {
        return stream.receivedBytes();
    }

    /** Bytes received and not read yet. */
    public int waitingBytes() {
        return stream.waitingBytes();
    }

    Duration stuck() {
        return stream.stuck();
    }

    void shed() {
        stream.shed();
    }

    /** What both ends have agreed on; only a group that is not plain has more than one leg. */
    public GroupKind kind() {
        return stream.kind();
    }

    /** Its legs, the primary first. */
    public List<LegInfo> legs() {
        return stream.legs();
    }

    /** A number that grows with every change of the set of legs or of a leg's state. */
    public long legChanges() {
        return stream.legChanges();
    }

    /**
     * Waits until {@link #legChanges} is above {@code seen}.
     *
     * @return false if the deadline came first
     * @throws Failure why it is closed, once it is
     */
    public boolean awaitLegChange(long seen, Deadline deadline) throws IOException {
        return stream.awaitLegChange(seen, deadline);
    }

    /**
     * How many legs are to be sent on at once, by this end and by the other one. Legs beyond that are kept as warm
     * standbys, and take over by themselves when an active one ends or makes no progress.
     *
     * @param forward by this end, at least 1
     * @param reverse by the other end, at least 1; a {@link GroupKind#COMPATIBLE} peer cannot be told
     */
    public void width(int forward, int reverse) {
        stream.width(forward, reverse);
    }

    /** How it chooses among its legs. */
    public SendMode mode() {
        return stream.mode();
    }

    /** Chooses otherwise from now on. */
    public void mode(SendMode mode) {
        stream.mode(mode);
    }

    /**
     * Retires a leg: what is under way on it arrives or goes by the others, then its rules are taken back at both ends.
     * Does not wait for that.
     *
     * @throws Failure of kind {@code NOT_FOUND} if there is no such leg, {@code REFUSED} if it is the primary or the last
     *     live one, with the reason
     */
    public void removeLeg(UUID leg) throws Failure {
        stream.removeLeg(leg);
    }

    /** When it was made. */
    public Instant since() {
        return since;
    }

    @Override
    public String local() {
        return stream.local();
    }

    @Override
    public String remote() {
        return stream.remote();
    }

    @Override
    public String toString() {
        return "route group " + stream.local() + " - " + stream.remote();
    }
}
