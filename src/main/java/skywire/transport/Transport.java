package skywire.transport;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import skywire.bytes.Buffers;
import skywire.bytes.MalformedException;
import skywire.entry.SignedTransportEntry;
import skywire.key.PublicKey;
import skywire.limit.Quota;
import skywire.link.KeyedLink;
import skywire.packet.Packet;
import skywire.packet.RouteId;
import skywire.packet.TransportPing;
import skywire.packet.TransportPong;
import skywire.packet.Unknown;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;
import skywire.platform.Scope;

/**
 * A settled link to another visor that carries packets both ways (transport §7). Its own reader hands them to a {@link
 * PacketSink}; its own writer takes them from a queue, so that nobody else ever waits inside the link. Thread-safe.
 */
public final class Transport implements NextHop, Closeable {
    /** A neighbour that needs this long for the packets of one write is stalled. */
    public static final Duration STALL = Duration.ofSeconds(2);

    /**
     * The longest time the reader of a transport waits for room elsewhere. Shorter than {@link #STALL}: our waiting must
     * not make the neighbour before us believe that this visor is stalled.
     */
    public static final Duration PATIENCE = Duration.ofMillis(1500);

    /** A write that takes longer ends the transport. */
    public static final Duration WRITE_LIMIT = Duration.ofMinutes(1);

    /** Time between two pings. */
    public static final Duration PING_EVERY = Duration.ofSeconds(30);

    /** A peer that used to answer pings and has sent nothing during so many is gone. */
    public static final int MOST_MISSED = 3;

    private static final long SLOW = Duration.ofMillis(100).toNanos(); // for a batch

    private final Clock clock;
    private final KeyedLink link;
    private final SignedTransportEntry entry;
    private final boolean dialled;
    private final String label;
    private final PacketSink sink;
    private final Scope scope;
    private final OutQueue queue;
    private final Instant since;
    private final BadPackets badPackets;
    private final LongAdder sent = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final Pinger pinger;

    Transport(
            Platform platform,
            KeyedLink link,
            SignedTransportEntry entry,
            boolean dialled,
            String label,
            PacketSink sink,
            Quota quota) {
        this.clock = platform.clock();
        this.link = link;
        this.entry = entry;
        this.dialled = dialled;
        this.label = label;
        this.sink = sink;
        this.scope = new Scope(
                platform, "tp/" + entry.entry().type() + "/" + link.remoteKey().brief());
        this.queue = new OutQueue(clock, quota);
        this.since = clock.now();
        this.badPackets = new BadPackets(clock, link.remoteKey());
        this.pinger = new Pinger(clock);
    }

    /** Starts its threads; {@code ended} is called when it ends, or at once if it has already. It must not wait. */
    void start(Runnable ended) throws IOException {
        scope.own(() -> {
            queue.close(scope.ended());
            ended.run();
        });
        scope.own(link);
        scope.fork("reader", this::readPackets);
        scope.fork("writer", this::writePackets);
    }

    private void readPackets() throws IOException {
        var reader = new PacketReader(link);
        while (true) {
            Packet packet;
            try {
                packet = reader.next();
            } catch (MalformedException e) {
                badPackets.count(e);
                continue;
            }
            pinger.heard();
            received.add(packet.payload().length);
            if (packet.routeId() != RouteId.NONE) {
                sink.packet(this, packet);
            } else {
                aboutTransport(packet);
            }
        }
    }

    private void aboutTransport(Packet packet) throws IOException {
        switch (packet) {
            case TransportPing ping -> queue.offer(ping.answer());
            case TransportPong pong -> pinger.answered(pong.unixNanos());
            // newer peers use route id 0 for more (routing §1); dropping what they say costs no more than reading it
            case Unknown unknown -> {}
            default -> badPackets.count(new MalformedException("a packet of a route, without a route id"));
        }
    }

    private void writePackets() throws IOException {
        int most = Buffers.SIZE;
        while (true) {
            int first = queue.await();
            byte[] batch = first <= Buffers.SIZE ? Buffers.take() : new byte[first];
            int n = queue.take(batch, most);
            long began = clock.nanoTime();
            link.write(batch, 0, n, clock.in(WRITE_LIMIT));
            Buffers.give(batch);
            // a neighbour that is only slow gets one packet at a time, or it would be taken for one that is stalled
            most = clock.nanoTime() - began > SLOW ? 1 : Buffers.SIZE;
            if (queue.wrote()) {
                sink.stalled(this);
            }
        }
    }

    @Override
    public void write(Packet packet, Deadline deadline) throws IOException {
        queue.put(packet, deadline);
        sent.add(packet.payload().length);
    }

    @Override
    public boolean relay(Packet packet) throws IOException {
        return switch (queue.relay(packet)) {
            case QUEUED -> {
                sent.add(packet.payload().length);
                yield true;
            }
            case DROPPED -> false;
            case STALLED -> {
                sink.stalled(this);
                yield false;
            }
        };
    }

    @Override
    public boolean express(Packet packet) {
        return counted(packet, queue.express(packet));
    }

    @Override
    public boolean offer(Packet packet) {
        return counted(packet, queue.offer(packet));
    }

    private boolean counted(Packet packet, boolean queued) {
        if (queued) {
            sent.add(packet.payload().length);
        }
        return queued;
    }

    /** Sends a ping if one is due; ends the transport if the peer has stopped answering. Called every second or so. */
    void tick() {
        if (pinger.isGone()) {
            scope.end(Failure.timeout("pings to " + remoteKey().brief()));
        } else if (pinger.isDue()) {
            ping();
        }
    }

    /** Asks the peer for a sign of life at once, e.g. because it seems to have started anew. */
    void ping() {
        TransportPing ping = TransportPing.of(clock.unixNanos());
        if (queue.offer(ping)) {
            pinger.asked(ping.unixNanos());
        }
    }

    /** How long the neighbour has taken nothing, if much waits for it; else zero. */
    public Duration stuck() {
        return queue.stuck();
    }

    /** Drops what waits for the neighbour from others: its memory is needed. */
    public void shed() {
        if (queue.shed()) {
            sink.stalled(this);
        }
    }

    @Override
    public UUID id() {
        return entry.entry().id();
    }

    @Override
    public PublicKey remoteKey() {
        return link.remoteKey();
    }

    /** Name of its type, e.g. {@code stcp}. */
    public String type() {
        return entry.entry().type();
    }

    /** One of {@code user}, {@code automatic}, {@code skycoin}. */
    public String label() {
        return label;
    }

    /** Whether this side dialled. */
    public boolean isDialled() {
        return dialled;
    }

    /** The entry as far as signed: by both edges if this side was dialled, else by ours. */
    public SignedTransportEntry entry() {
        return entry;
    }

    /** Address of the other end, for people. */
    public String remote() {
        return link.remote();
    }

    /** Address of this end, for people. */
    public String local() {
        return link.local();
    }

    /** Payload bytes queued for the neighbour so far. */
    public long sentBytes() {
        return sent.sum();
    }

    /** Payload bytes received from the neighbour so far. */
    public long receivedBytes() {
        return received.sum();
    }

    /** Packets of others dropped because the neighbour was stalled. */
    public long droppedPackets() {
        return queue.dropped();
    }

    /** Bytes waiting for the neighbour. */
    public int waitingBytes() {
        return queue.waiting();
    }

    /** Whether the neighbour takes nothing at present. */
    public boolean isStalled() {
        return queue.isStalled();
    }

    /** Last measured time there and back; zero while unknown. */
    public Duration roundTrip() {
        return pinger.roundTrip();
    }

    /** When it was made. */
    public Instant since() {
        return since;
    }

    /** Whether it has ended. */
    public boolean isClosed() {
        return scope.isClosed();
    }

    /** Why it has ended: a new failure for the caller. */
    public Failure ended() {
        return scope.reason("the transport");
    }

    /** Ends it at once, with a reason for those who wait. */
    void end(Failure why) {
        scope.end(why);
    }

    /** Ends it at once. Idempotent. */
    @Override
    public void close() {
        scope.close();
    }

    @Override
    public String toString() {
        return type() + " to " + remoteKey().brief() + " " + id();
    }
}
