package skywire.route.group;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import skywire.packet.KeepAlive;
import skywire.packet.Packet;
import skywire.packet.RouteDescriptor;
import skywire.packet.Rule;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.route.Hops;
import skywire.route.RuleTable;
import skywire.transport.NextHop;
import skywire.transport.Transport;

/** This visor's end of one route: its two rules, and how packets go out by it. Thread-safe. */
final class RouteLeg {
    private static final Duration LOOK = Duration.ofMillis(500);

    private final Clock clock;
    private final RouteDescriptor descriptor;
    private final RuleTable table;
    private final Hops hops;
    private final ReentrantLock lock = new ReentrantLock();
    private RuleTable.EdgeEntries rules; // guarded by lock; set once by attach
    private Failure over; // guarded by lock; null while it may be used
    private volatile long lastSent; // nanoTime of the last packet that keeps the rules alive

    RouteLeg(Clock clock, RouteDescriptor descriptor, RuleTable table, Hops hops) {
        this.clock = clock;
        this.descriptor = descriptor;
        this.table = table;
        this.hops = hops;
        this.lastSent = clock.nanoTime();
    }

    RouteDescriptor descriptor() {
        return descriptor;
    }

    /** Gives it the rules it was installed with; packets may have come already. */
    void attach(RuleTable.EdgeEntries entries) {
        boolean tooLate;
        lock.lock();
        try {
            rules = entries;
            tooLate = over != null;
        } finally {
            lock.unlock();
        }
        if (tooLate) {
            removeRules();
        }
    }

    private Optional<RuleTable.EdgeEntries> rules() {
        lock.lock();
        try {
            return Optional.ofNullable(rules);
        } finally {
            lock.unlock();
        }
    }

    /** The rule by which it sends; only once attached. */
    Rule.Forward forwardRule() {
        return (Rule.Forward) rules().orElseThrow(() -> new IllegalStateException("not attached"))
                .forward()
                .rule();
    }

    /** The transport its packets leave by; only once attached. */
    UUID transport() {
        return forwardRule().nextTransport();
    }

    /** The neighbour there, while the transport lives. */
    Optional<? extends NextHop> hop() {
        return rules().flatMap(
                        entries -> hops.find(((Rule.Forward) entries.forward().rule()).nextTransport()));
    }

    /** Route id that its packets carry; 0 while it is not attached. */
    long nextId() {
        return rules().map(entries -> ((Rule.Forward) entries.forward().rule()).nextRouteId())
                .orElse(0L);
    }

    /** Queues a packet, waiting for room, and looking now and then whether the route is still wanted. */
    void send(LongFunction<Packet> packet, Deadline deadline) throws IOException {
        RuleTable.EdgeEntries entries = liveRules();
        Rule.Forward rule = (Rule.Forward) entries.forward().rule();
        NextHop hop = hops.find(rule.nextTransport())
                .orElseThrow(() -> new Failure(Failure.Kind.UNREACHABLE, "the first transport of the route has ended"));
        queue(packet.apply(rule.nextRouteId()), hop, deadline.orEarlier(clock, Transport.WRITE_LIMIT));
        table.touch(entries.forward());
        lastSent = clock.nanoTime();
    }

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
            if (over != null) {
                throw new Failure(over.kind(), over.getMessage(), over);
            }
            if (rules == null) {
                throw new IllegalStateException("not attached");
            }
            return rules;
        } finally {
            lock.unlock();
        }
    }

    /** Queues a small packet as far as that is possible without waiting, behind those of the route. */
    boolean offer(LongFunction<Packet> packet) {
        return hop().map(hop -> hop.offer(packet.apply(nextId()))).orElse(false);
    }

    /** As {@link #offer}, but ahead of those of the route; it keeps the rules alive as well. */
    boolean express(LongFunction<Packet> packet) {
        boolean queued = hop().map(hop -> hop.express(packet.apply(nextId()))).orElse(false);
        if (queued) {
            touch();
        }
        return queued;
    }

    private void touch() {
        lastSent = clock.nanoTime();
        rules().ifPresent(entries -> table.touch(entries.forward()));
    }

    /** Sends a keep-alive if nothing was sent for half the keep-alive time of the rule. Called every second or so. */
    void tick() {
        Optional<RuleTable.EdgeEntries> entries = rules();
        if (entries.isPresent()
                && clock.nanoTime() - lastSent
                        >= entries.get().forward().rule().keepAlive().toNanos() / 2) {
            lastSent = clock.nanoTime();
            if (offer(KeepAlive::of)) {
                touch();
            }
        }
    }

    /** Nothing is sent by it any more, for that reason; its rules are gone. Idempotent, the first reason stays. */
    void end(Failure why) {
        lock.lock();
        try {
            over = over == null ? why : over;
        } finally {
            lock.unlock();
        }
        removeRules();
    }

    private void removeRules() {
        rules().ifPresent(entries -> {
            table.remove(entries.forward());
            table.remove(entries.consume());
        });
    }
}
