package skywire.route.group;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import skywire.key.PublicKey;
import skywire.link.KeyedLink;
import skywire.link.SecureLink;
import skywire.packet.RouteDescriptor;
import skywire.platform.Deadline;
import skywire.platform.Failure;

/**
 * A stream to an application on another visor over a route, encrypted end to end (routing §6–§8). Thread-safe, with one
 * reader and one writer at a time.
 *
 * <p>The other side's close is seen as the end of the stream, or as a failure with its text if it said why; relays on
 * the way say so too when the route breaks.
 */
public final class RouteGroup implements KeyedLink {
    private final GroupStream stream;
    private final SecureLink secure;
    private final boolean dialled;
    private final Instant since;

    RouteGroup(GroupStream stream, SecureLink secure, boolean dialled, Instant since) {
        this.stream = stream;
        this.secure = secure;
        this.dialled = dialled;
        this.since = since;
    }

    boolean isOver(GroupStream other) {
        return stream == other;
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
        return stream.forwardRule().nextTransport();
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
