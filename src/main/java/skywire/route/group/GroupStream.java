package skywire.route.group;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import skywire.limit.LogLimit;
import skywire.limit.Quota;
import skywire.packet.Close;
import skywire.packet.Data;
import skywire.packet.ErrorText;
import skywire.packet.Handshake;
import skywire.packet.KeepAlive;
import skywire.packet.Packet;
import skywire.packet.Ping;
import skywire.packet.Pong;
import skywire.packet.RouteDescriptor;
import skywire.packet.Sack;
import skywire.packet.TransportPing;
import skywire.packet.TransportPong;
import skywire.packet.Unknown;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.route.mux.LegInfo;
import skywire.route.mux.LegState;
import skywire.route.mux.SendMode;
import skywire.transport.NextHop;

/**
 * The stream of bytes below the encryption of a route group with one leg: writes become Data packets, Data packets become
 * reads, and the other kinds are answered (routing §7, §8). Thread-safe, with one reader and one writer at a time.
 */
final class GroupStream implements GroupLink, Opening.User {
    /**
     * Bytes in one Data packet: whole noise frames of 4096. Routes take turns by packets, so larger ones would make
     * others wait for long at a slow neighbour.
     */
    static final int MOST_PAYLOAD = 2 * 4096;

    private final Clock clock;
    private final RouteLeg route;
    private final UUID transport;
    private final Handshake answer; // sent again when the peer's Handshake comes again; null for the side that dialled
    private final Inbox inbox;
    private final RoundTrips roundTrips;
    private final LongAdder sent = new LongAdder();
    private final LongAdder sentPackets = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final LongAdder receivedPackets = new LongAdder();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int repeats; // guarded by lock; Handshakes answered again
    private String errorText; // guarded by lock; why the peer closes, null unless it said so
    private boolean closed; // guarded by lock; by either side
    private Failure closeReason; // guarded by lock; with closed, null for an orderly end
    private Runnable onEnd = () -> {}; // guarded by lock

    GroupStream(Clock clock, RouteLeg route, Handshake answer, Quota quota) {
        this.clock = clock;
        this.route = route;
        this.transport = route.transport();
        this.answer = answer;
        this.inbox = new Inbox(clock, quota);
        this.roundTrips = new RoundTrips(clock);
    }

    @Override
    public RouteDescriptor descriptor() {
        return route.descriptor();
    }

    @Override
    public GroupKind kind() {
        return GroupKind.PLAIN;
    }

    @Override
    public void onEnd(Runnable action) {
        boolean now;
        lock.lock();
        try {
            onEnd = action;
            now = closed;
        } finally {
            lock.unlock();
        }
        if (now) {
            action.run();
        }
    }

    @Override
    public void packet(Packet packet) {
        switch (packet) {
            case Data data -> received(data);
            case Handshake handshake -> repeated();
            case Ping ping -> route.offer(id -> Pong.of(id, ping.unixMillis()));
            case Pong pong -> roundTrips.answered(pong.unixMillis());
            case ErrorText error -> noteError(error);
            case Close close -> closedByPeer();
            case KeepAlive k -> {}
            case Sack s -> {}
            case TransportPing p -> {}
            case TransportPong p -> {}
            case Unknown u -> {}
        }
    }

    private void received(Data data) {
        received.add(data.payload().length);
        receivedPackets.increment();
        try {
            if (!inbox.add(data.payload())) {
                end(new Failure(Failure.Kind.LIMIT, "the reader has taken nothing for too long"), "reader stalled");
            }
        } catch (Failure e) {
            end(e, "closing"); // the transport's reader was told to stop while it waited
        }
    }

    private void repeated() {
        boolean again;
        lock.lock();
        try {
            again = answer != null && repeats++ < 5;
        } finally {
            lock.unlock();
        }
        if (again) {
            route.offer(id -> answer.to(id)); // our answer may have been lost
        }
    }

    private void noteError(ErrorText error) {
        lock.lock();
        try {
            errorText = LogLimit.clean(error.message(), ErrorText.LONGEST);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void write(byte[] b, int off, int len, Deadline deadline) throws IOException {
        for (int done = 0, n; done < len; done += n) {
            checkOpen();
            n = Math.min(len - done, MOST_PAYLOAD);
            byte[] payload = Arrays.copyOfRange(b, off + done, off + done + n);
            route.send(id -> new Data(id, payload), deadline);
            sent.add(n);
            sentPackets.increment();
        }
    }

    private void checkOpen() throws Failure {
        lock.lock();
        try {
            if (closed) {
                throw ended();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int read(byte[] b, int off, int len, Deadline deadline) throws IOException {
        return inbox.read(b, off, len, deadline);
    }

    @Override
    public void tick() {
        if (!isClosed()) {
            route.tick();
        }
    }

    @Override
    public Duration ping(Deadline deadline) throws IOException {
        checkOpen();
        long mark = roundTrips.ask();
        try {
            route.send(id -> Ping.of(id, mark, 0), deadline);
        } catch (IOException e) {
            roundTrips.forget(mark);
            throw e;
        }
        return roundTrips.await(mark, deadline);
    }

    @Override
    public Duration roundTrip() {
        return roundTrips.last();
    }

    private void closedByPeer() {
        Failure why;
        lock.lock();
        try {
            why = errorText == null ? null : Opening.closedThere(errorText);
            if (!markClosed(why)) {
                return;
            }
        } finally {
            lock.unlock();
        }
        inbox.finish(why);
        route.offer(id -> Close.of(id, Close.REQUESTED));
        over();
    }

    @Override
    public void gone(Failure why) {
        end(why, why.getMessage());
    }

    /** Ends it because of a failure on this side; the peer is told. */
    private void end(Failure why, String errorForPeer) {
        if (!claimClose(why)) {
            return;
        }
        inbox.finish(why);
        route.offer(id -> ErrorText.of(id, errorForPeer));
        route.offer(id -> Close.of(id, Close.REQUESTED));
        over();
    }

    @Override
    public Duration stuck() {
        return inbox.stuck();
    }

    @Override
    public void shed() {
        var why = new Failure(Failure.Kind.LIMIT, "the reader has taken nothing, and no memory is left for what waits");
        end(why, "reader stalled");
        inbox.abort(why);
    }

    /** Ends it on purpose. Idempotent. */
    @Override
    public void close() {
        close("");
    }

    @Override
    public void close(String errorForPeer) {
        Failure why = Failure.closedHere("route group");
        if (!claimClose(why)) {
            inbox.abort(why);
            return;
        }
        inbox.abort(why);
        if (!errorForPeer.isEmpty()) {
            route.offer(id -> ErrorText.of(id, errorForPeer));
        }
        route.offer(id -> Close.of(id, Close.REQUESTED));
        over();
    }

    private boolean claimClose(Failure why) {
        lock.lock();
        try {
            return markClosed(why);
        } finally {
            lock.unlock();
        }
    }

    private boolean markClosed(Failure why) {
        if (closed) {
            return false;
        }
        closed = true;
        closeReason = why;
        changed.signalAll();
        return true;
    }

    private void over() {
        Runnable action;
        lock.lock();
        try {
            action = onEnd;
        } finally {
            lock.unlock();
        }
        route.end(ended());
        roundTrips.end(ended());
        action.run();
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
    public UUID firstTransport() {
        return transport;
    }

    @Override
    public long sentBytes() {
        return sent.sum();
    }

    @Override
    public long receivedBytes() {
        return received.sum();
    }

    @Override
    public int waitingBytes() {
        return inbox.bytes();
    }

    @Override
    public List<LegInfo> legs() {
        return List.of(new LegInfo(
                transport,
                route.hop().map(NextHop::remoteKey).orElse(descriptor().srcKey()),
                isClosed() ? LegState.DEAD : LegState.ACTIVE,
                "",
                true,
                roundTrips.last(),
                roundTrips.last(),
                Duration.ZERO,
                0,
                0,
                0,
                0,
                sent.sum(),
                sentPackets.sum(),
                received.sum(),
                receivedPackets.sum(),
                0));
    }

    @Override
    public long legChanges() {
        return isClosed() ? 1 : 0;
    }

    @Override
    public boolean awaitLegChange(long seen, Deadline deadline) throws IOException {
        lock.lock();
        try {
            while (!closed) {
                if (!clock.await(lock, changed, deadline)) {
                    return closed;
                }
            }
            throw ended();
        } finally {
            lock.unlock();
        }
    }

    /** One leg is all it has. */
    @Override
    public void width(int forward, int reverse) {
        // nothing to choose from
    }

    @Override
    public SendMode mode() {
        return SendMode.AUTO;
    }

    /** One leg is all it has. */
    @Override
    public void mode(SendMode mode) {
        // nothing to choose from
    }

    @Override
    public void removeLeg(UUID leg) throws Failure {
        throw new Failure(Failure.Kind.REFUSED, "this route group is not multiplexed: it has one leg, its primary");
    }

    @Override
    public String local() {
        return descriptor().dstKey().hex() + ":" + descriptor().dstPort();
    }

    @Override
    public String remote() {
        return descriptor().srcKey().hex() + ":" + descriptor().srcPort();
    }
}
