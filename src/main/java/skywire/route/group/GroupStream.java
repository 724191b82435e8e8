package skywire.route.group;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
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
import skywire.packet.Rule;
import skywire.packet.Sack;
import skywire.packet.TransportPing;
import skywire.packet.TransportPong;
import skywire.packet.Unknown;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Link;
import skywire.route.Hops;
import skywire.route.RouteEnd;
import skywire.route.RuleTable;
import skywire.transport.NextHop;
import skywire.transport.Transport;

/**
 * The stream of bytes below the encryption of a route group: writes become Data packets, Data packets become reads, and
 * the other kinds are answered (routing §7, §8). Thread-safe, with one reader and one writer at a time.
 */
final class GroupStream implements Link, RouteEnd {
    /**
     * Bytes in one Data packet: whole noise frames of 4096. Routes take turns by packets, so larger ones would make
     * others wait for long at a slow neighbour.
     */
    static final int MOST_PAYLOAD = 2 * 4096;

    private static final int MOST_HANDSHAKE_REPEATS = 5;
    private static final Duration LOOK = Duration.ofMillis(500);

    private final Clock clock;
    private final RouteDescriptor descriptor;
    private final RuleTable table;
    private final Hops hops;
    private final Inbox inbox;
    private final RoundTrips roundTrips;
    private final LongAdder sent = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private RuleTable.EdgeEntries rules; // guarded by lock; set once by attach
    private Packet opening; // guarded by lock; the first Handshake or Data packet, null before
    private boolean answered; // guarded by lock; our Handshake has gone out as an answer
    private int repeats; // guarded by lock; Handshakes answered again
    private String errorText; // guarded by lock; why the peer closes, null unless it said so
    private boolean closed; // guarded by lock; by either side
    private Failure closeReason; // guarded by lock; with closed, null for an orderly end
    private volatile long lastSent; // nanoTime of the last Data or KeepAlive packet
    private volatile Runnable onEnd = () -> {}; // set once before packets can come

    GroupStream(Clock clock, RouteDescriptor descriptor, RuleTable table, Hops hops, Quota quota) {
        this.clock = clock;
        this.descriptor = descriptor;
        this.table = table;
        this.hops = hops;
        this.inbox = new Inbox(clock, quota);
        this.roundTrips = new RoundTrips(clock);
        this.lastSent = clock.nanoTime();
    }

    RouteDescriptor descriptor() {
        return descriptor;
    }

    void onEnd(Runnable action) {
        onEnd = action;
    }

    /** Gives it the rules it was installed with; packets may have come already. */
    void attach(RuleTable.EdgeEntries entries) {
        boolean tooLate;
        lock.lock();
        try {
            rules = entries;
            tooLate = closed;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (tooLate) {
            removeRules();
        }
    }

    private Rule.Forward forward() {
        lock.lock();
        try {
            return rules == null ? null : (Rule.Forward) rules.forward().rule();
        } finally {
            lock.unlock();
        }
    }

    /** The rule by which it sends; only once attached. */
    Rule.Forward forwardRule() {
        Rule.Forward rule = forward();
        if (rule == null) {
            throw new IllegalStateException("not attached");
        }
        return rule;
    }

    @Override
    public void packet(Packet packet) {
        switch (packet) {
            case Data data -> received(data);
            case Handshake handshake -> opened(handshake);
            case Ping ping -> offer(Pong.of(nextId(), ping.unixMillis()));
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

    private long nextId() {
        Rule.Forward rule = forward();
        return rule == null ? 0 : rule.nextRouteId();
    }

    private void received(Data data) {
        noteOpening(data);
        received.add(data.payload().length);
        try {
            if (!inbox.add(data.payload())) {
                end(new Failure(Failure.Kind.LIMIT, "the reader has taken nothing for too long"), "reader stalled");
            }
        } catch (Failure e) {
            end(e, "closing"); // the transport's reader was told to stop while it waited
        }
    }

    private void opened(Handshake handshake) {
        boolean again;
        lock.lock();
        try {
            again = opening != null && answered && repeats++ < MOST_HANDSHAKE_REPEATS;
        } finally {
            lock.unlock();
        }
        noteOpening(handshake);
        if (again) {
            offer(Handshake.of(nextId(), true)); // our answer may have been lost
        }
    }

    private void noteOpening(Packet first) {
        lock.lock();
        try {
            if (opening == null) {
                opening = first;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
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

    /** Waits for the peer's first packet of the set-up. */
    Packet awaitOpening(Deadline deadline) throws IOException {
        lock.lock();
        try {
            while (opening == null) {
                if (closed) {
                    throw ended();
                }
                if (!clock.await(lock, changed, deadline) && opening == null && !closed) {
                    throw Failure.timeout("waiting for the peer's handshake");
                }
            }
            return opening;
        } finally {
            lock.unlock();
        }
    }

    /** Sends our Handshake packet; {@code answer}: a repeated one of the peer is answered by another one. */
    void sendHandshake(boolean answer, Deadline deadline) throws IOException {
        lock.lock();
        try {
            answered |= answer;
        } finally {
            lock.unlock();
        }
        send(Handshake.of(nextId(), true), deadline);
    }

    private void send(Packet packet, Deadline deadline) throws IOException {
        RuleTable.EdgeEntries entries = liveRules();
        Rule.Forward rule = (Rule.Forward) entries.forward().rule();
        NextHop hop = hops.find(rule.nextTransport()).orElse(null);
        if (hop == null) {
            throw new Failure(Failure.Kind.UNREACHABLE, "the first transport of the route has ended");
        }
        queue(packet, hop, deadline.orEarlier(clock, Transport.WRITE_LIMIT));
        table.touch(entries.forward());
        lastSent = clock.nanoTime();
    }

    /** Waits for room in the transport's queue, looking now and then whether the group has been closed meanwhile. */
    private void queue(Packet packet, NextHop hop, Deadline deadline) throws IOException {
        while (true) {
            try {
                hop.write(packet, deadline.orEarlier(clock, LOOK));
                return;
            } catch (Failure e) {
                if (e.kind() != Failure.Kind.TIMEOUT || deadline.passed()) {
                    throw e;
                }
                liveRules();
            }
        }
    }

    private RuleTable.EdgeEntries liveRules() throws Failure {
        lock.lock();
        try {
            if (closed) {
                throw ended();
            }
            if (rules == null) {
                throw new IllegalStateException("not attached");
            }
            return rules;
        } finally {
            lock.unlock();
        }
    }

    /** Queues a small packet for the peer as far as that is possible without waiting. */
    private boolean offer(Packet packet) {
        Rule.Forward rule = forward();
        return rule != null
                && hops.find(rule.nextTransport()).map(hop -> hop.offer(packet)).orElse(false);
    }

    @Override
    public void write(byte[] b, int off, int len, Deadline deadline) throws IOException {
        long next = nextId();
        for (int done = 0, n; done < len; done += n) {
            n = Math.min(len - done, MOST_PAYLOAD);
            send(new Data(next, Arrays.copyOfRange(b, off + done, off + done + n)), deadline);
            sent.add(n);
        }
    }

    @Override
    public int read(byte[] b, int off, int len, Deadline deadline) throws IOException {
        return inbox.read(b, off, len, deadline);
    }

    /** A route group cannot end one direction only; the peer learns of the end by {@link #close}. */
    @Override
    public void finishWriting(Deadline deadline) {
        // nothing the protocol could say
    }

    /** Sends a keep-alive if nothing was sent for half the keep-alive time of the rule. Called every second or so. */
    void tick() {
        Rule.Forward rule = forward();
        if (rule != null && clock.nanoTime() - lastSent >= rule.keepAlive().toNanos() / 2 && !isClosed()) {
            lastSent = clock.nanoTime();
            if (offer(KeepAlive.of(rule.nextRouteId()))) {
                touchForward();
            }
        }
    }

    private void touchForward() {
        try {
            table.touch(liveRules().forward());
        } catch (Failure e) {
            // closed meanwhile: its rules are gone
        }
    }

    /** Measures the time to the peer and back. */
    Duration ping(Deadline deadline) throws IOException {
        long mark = roundTrips.ask();
        try {
            send(Ping.of(nextId(), mark, 0), deadline);
        } catch (IOException e) {
            roundTrips.forget(mark);
            throw e;
        }
        return roundTrips.await(mark, deadline);
    }

    Duration roundTrip() {
        return roundTrips.last();
    }

    private void closedByPeer() {
        Failure why;
        lock.lock();
        try {
            why = errorText == null ? null : new Failure(Failure.Kind.CLOSED_THERE, "closed by peer: " + errorText);
            if (!markClosed(why)) {
                return;
            }
        } finally {
            lock.unlock();
        }
        inbox.finish(why);
        offer(Close.of(nextId(), Close.REQUESTED));
        over();
    }

    @Override
    public void gone(Failure why) {
        end(why, why.getMessage());
    }

    /** Ends it because of a failure on this side; the peer is told. */
    void end(Failure why, String errorForPeer) {
        if (!claimClose(why)) {
            return;
        }
        inbox.finish(why);
        offer(ErrorText.of(nextId(), errorForPeer));
        offer(Close.of(nextId(), Close.REQUESTED));
        over();
    }

    /** How long its reader has taken nothing, if much waits for it; else zero. */
    Duration stuck() {
        return inbox.stuck();
    }

    /** Ends it and drops what is here: its memory is needed. */
    void shed() {
        var why = new Failure(Failure.Kind.LIMIT, "the reader has taken nothing, and no memory is left for what waits");
        end(why, "reader stalled");
        inbox.abort(why);
    }

    /** Ends it on purpose. Idempotent. */
    @Override
    public void close() {
        close("");
    }

    /** Ends it on purpose; a text that is not empty tells the peer why. */
    void close(String errorForPeer) {
        Failure why = Failure.closedHere("route group");
        if (!claimClose(why)) {
            inbox.abort(why);
            return;
        }
        inbox.abort(why);
        if (!errorForPeer.isEmpty()) {
            offer(ErrorText.of(nextId(), errorForPeer));
        }
        offer(Close.of(nextId(), Close.REQUESTED));
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
        removeRules();
        roundTrips.end(ended());
        onEnd.run();
    }

    private void removeRules() {
        RuleTable.EdgeEntries entries;
        lock.lock();
        try {
            entries = rules;
        } finally {
            lock.unlock();
        }
        if (entries != null) {
            table.remove(entries.forward());
            table.remove(entries.consume());
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Why it is closed: a new failure for the caller. */
    Failure ended() {
        lock.lock();
        try {
            return closeReason == null
                    ? Failure.closedThere("route group")
                    : new Failure(closeReason.kind(), closeReason.getMessage(), closeReason);
        } finally {
            lock.unlock();
        }
    }

    long sentBytes() {
        return sent.sum();
    }

    long receivedBytes() {
        return received.sum();
    }

    int waitingBytes() {
        return inbox.bytes();
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
