package skywire.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.limit.Quota;
import skywire.packet.Packet;
import skywire.packet.RouteDescriptor;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Mailbox;
import skywire.platform.Platform;
import skywire.platform.Scope;
import skywire.transport.NextHop;
import skywire.transport.PacketSink;
import skywire.transport.StcpCarrier;
import skywire.transport.TransportSet;

/**
 * A scripted visor that behaves as the public Go implementation of June 2026 does at the level of packets, with its
 * defects (mux §1 to §3, tags [06]). It has transports and one loop for all that arrives, and no router of ours; its rules
 * are kept by hand. What it notices about the other end is in its {@link #watch}.
 *
 * <p>{@link JuneNet} joins it to others and lays routes to it. Thread-safe.
 */
public final class JunePeer implements PacketSink, Closeable {
    private static final int LOOP_QUEUE = 1024;

    private final Platform platform;
    private final SecretKey own;
    private final JuneStyle style;
    private final JuneWatch watch = new JuneWatch();
    private final StcpCarrier carrier;
    private final TransportSet transports;
    private final Scope scope;
    private final Mailbox<Arrival> loop;
    private final Mailbox<JuneGroup> accepted;
    private final AtomicLong lastId = new AtomicLong(); // 1, 2, 3 …, as its routers count
    private final Map<Long, Rule> rules = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<RouteDescriptor, JuneGroup> groups = new LinkedHashMap<>(); // guarded by lock

    private volatile Consumer<JuneLeg> onLeg = leg -> {};

    private record Rule(JuneGroup group, JuneLeg leg) {}

    private record Arrival(Rule rule, Packet packet) {}

    private JunePeer(Platform machine, SecretKey own, JuneStyle style, StcpCarrier carrier) {
        this.platform = machine;
        this.own = own;
        this.style = style;
        this.carrier = carrier;
        this.transports =
                new TransportSet(machine, own, new RouteNet.Table(), List.of(carrier), 100, new Quota(1L << 30));
        this.scope = new Scope(machine, "june");
        this.loop = new Mailbox<>(machine.clock(), LOOP_QUEUE);
        this.accepted = new Mailbox<>(machine.clock(), 64);
    }

    /** A visor on this machine. */
    public static JunePeer start(Platform machine, String address, String seed, JuneStyle style) throws IOException {
        SecretKey own = SecretKey.fromSeed(seed.getBytes(StandardCharsets.UTF_8));
        StcpCarrier carrier = StcpCarrier.listen(machine, own, Map.of(), new HostPort(address, 0));
        var peer = new JunePeer(machine, own, style, carrier);
        peer.scope.fork("loop", peer::run);
        peer.transports.start(peer);
        return peer;
    }

    /** Its key. */
    public PublicKey key() {
        return own.publicKey();
    }

    /** What it noticed about the other end. */
    public JuneWatch watch() {
        return watch;
    }

    /** Is told of each new leg before a packet can go or come by it: sets faults. */
    public void onLeg(Consumer<JuneLeg> action) {
        onLeg = action;
    }

    /** For joining it to others: a node without a router. */
    public RouteNet.Node node() {
        return new RouteNet.Node(platform, own, carrier, transports, null, null);
    }

    /** Its transports. */
    public TransportSet transports() {
        return transports;
    }

    long reserve() {
        return lastId.incrementAndGet();
    }

    // ---- rules and groups

    /**
     * A setup node brings the rules of a route that ends here: another leg of the group with this descriptor, else a new
     * group, which {@link #accept} returns once both ends have agreed.
     */
    void introduce(RouteDescriptor descriptor, JuneLeg.Rules edge) throws IOException {
        JuneGroup group;
        boolean extra;
        lock.lock();
        try {
            group = groups.get(descriptor);
            extra = group != null && !group.isClosed() && group.isMux();
            if (!extra) {
                group = new JuneGroup(platform, descriptor, style, watch, false);
                groups.put(descriptor, group);
            }
        } finally {
            lock.unlock();
        }
        JuneLeg leg = take(group, edge);
        if (!extra) {
            JuneGroup fresh = group;
            scope.forkChild("respond", () -> respond(fresh));
        } else if (style.announces()) {
            group.announce(leg);
        }
    }

    private void respond(JuneGroup group) {
        try {
            group.respond(own);
            accepted.offer(group);
        } catch (IOException e) {
            watch.note("no group was made: " + Failure.text(e));
            group.close();
        }
    }

    /** The next group somebody has dialled to here. */
    public JuneGroup accept(Deadline deadline) throws IOException {
        return accepted.take(deadline);
    }

    /** Dials over a route whose rules are laid everywhere else. */
    public JuneGroup initiate(RouteDescriptor descriptor, JuneLeg.Rules edge, Deadline deadline) throws IOException {
        var group = new JuneGroup(platform, descriptor, style, watch, true);
        lock.lock();
        try {
            groups.put(descriptor, group);
        } finally {
            lock.unlock();
        }
        take(group, edge);
        try {
            group.initiate(own, deadline);
            return group;
        } catch (IOException e) {
            group.close();
            throw e;
        }
    }

    /** Appends a leg to a group that was dialled here, and announces it; does not wait for the other end. */
    public JuneLeg addLeg(JuneGroup group, JuneLeg.Rules edge) {
        if (!group.isMux()) {
            throw new IllegalStateException("route group does not have mux enabled");
        }
        JuneLeg leg = take(group, edge);
        group.announce(leg);
        return leg;
    }

    private JuneLeg take(JuneGroup group, JuneLeg.Rules edge) {
        boolean primary = group.legs().isEmpty();
        if (group.legs().stream().anyMatch(l -> l.transport().equals(edge.transport()))) {
            watch.violation("two legs of a group share the transport " + edge.transport());
        }
        var known = new JuneLeg[1];
        var leg = new JuneLeg(edge, id -> transports.get(id).map(t -> t), primary, packet -> {
            group.packets().passed(packet);
            loop.put(new Arrival(new Rule(group, known[0]), packet), Deadline.NEVER);
        });
        known[0] = leg;
        onLeg.accept(leg);
        group.state().add(leg);
        rules.put(edge.consumeId(), new Rule(group, leg));
        return leg;
    }

    // ---- what arrives

    @Override
    public void packet(NextHop from, Packet packet) {
        Rule rule = rules.get(packet.routeId());
        if (rule == null) {
            watch.note("rule not found for " + packet);
            return;
        }
        rule.group().packets().arrived(rule.leg(), packet);
        try {
            rule.leg().incoming().take(packet);
        } catch (IOException e) {
            watch.note(packet + " was dropped: " + Failure.text(e));
        }
    }

    @Override
    public void stalled(NextHop hop) {
        watch.note("stalled: " + hop);
    }

    @Override
    public void ended(NextHop hop, Failure why) {
        watch.note("transport ended: " + hop); // found out by the selector of legs, and by nobody else
    }

    private void run() throws IOException {
        while (true) {
            Arrival next = loop.take(Deadline.NEVER);
            next.rule().group().packets().handle(next.rule().leg(), next.packet());
        }
    }

    @Override
    public void close() {
        transports.close();
        List<JuneGroup> all;
        lock.lock();
        try {
            all = List.copyOf(groups.values());
        } finally {
            lock.unlock();
        }
        all.forEach(group -> group.end(Failure.closedHere("the visor")));
        loop.close(Failure.closedHere("the visor"));
        accepted.close(Failure.closedHere("the visor"));
        scope.close();
    }
}
