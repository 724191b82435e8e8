package skywire.testkit;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import skywire.bytes.MalformedException;
import skywire.key.SecretKey;
import skywire.limit.Quota;
import skywire.packet.Packet;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Mailbox;
import skywire.platform.Platform;
import skywire.platform.Scope;
import skywire.route.Forwarder;
import skywire.route.Intake;
import skywire.route.RuleInstaller;
import skywire.route.RuleTable;
import skywire.transport.NextHop;
import skywire.transport.PacketSink;
import skywire.transport.StcpCarrier;
import skywire.transport.TransportSet;

/**
 * A relay that loses, damages, doubles or reorders packets of routes, as no honest one does: a real visor breaks a route
 * rather than lose a packet of it. It has the real transports, rules and forwarding, and a gate between the first and the
 * others. Packets of transports themselves pass. No route begins or ends here. Thread-safe.
 */
public final class FaultyRelay implements RouteNet.Stop {
    /** How long a packet may be late that others overtake. */
    private static final Duration HELD = Duration.ofMillis(20);

    private static final int MOST_HELD = 1_000;

    private final SecretKey secret;
    private final StcpCarrier carrier;
    private final TransportSet transports;
    private final RuleInstaller installer;
    private final Intake intake;
    private final Scope scope;
    private final Platform platform;
    private final Mailbox<Late> late;
    private final LongAdder packets = new LongAdder();
    private final LongAdder spoilt = new LongAdder();
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<UUID, ReentrantLock> gates = new TreeMap<>(); // guarded by lock
    private Treatment treatment = Treatment.FAIR; // guarded by lock
    private SplittableRandom dice = new SplittableRandom(0); // guarded by lock

    /**
     * What happens to the packets of routes.
     *
     * @param drop part of them that is lost without a word, 0 to 1
     * @param corrupt part of them in which one bit of the payload is turned
     * @param twice part of them that is passed on twice
     * @param late part of them that waits while those behind it pass
     */
    public record Treatment(double drop, double corrupt, double twice, double late) {
        /** As it should be. */
        public static final Treatment FAIR = new Treatment(0, 0, 0, 0);

        /** Only losses. */
        public static Treatment dropping(double part) {
            return new Treatment(part, 0, 0, 0);
        }
    }

    private record Late(NextHop from, Packet packet, long due) {}

    private FaultyRelay(Platform platform, SecretKey secret, StcpCarrier carrier, Quota quota) {
        this.platform = platform;
        this.secret = secret;
        this.carrier = carrier;
        this.transports =
                new TransportSet(platform, secret, new RouteNet.Table(), List.of(carrier), TransportSet.MOST, quota);
        this.scope = new Scope(platform, "faulty");
        this.late = new Mailbox<>(platform.clock(), MOST_HELD);
        var table = new RuleTable(platform.clock(), platform.random(), secret.publicKey());
        var forwarder = new Forwarder(platform.clock(), secret.publicKey(), table, transports::get);
        this.intake = new Intake(platform.clock(), table, forwarder);
        this.installer = new RuleInstaller(
                secret.publicKey(),
                table,
                id -> transports.get(id).isPresent(),
                (owner, rules) -> {
                    throw new Failure(Failure.Kind.REFUSED, "no route ends at a faulty relay");
                },
                entry -> {});
    }

    static FaultyRelay start(Platform platform, String address, SecretKey secret, Quota quota) throws IOException {
        StcpCarrier carrier = StcpCarrier.listen(platform, secret, Map.of(), new HostPort(address, 0));
        var relay = new FaultyRelay(platform, secret, carrier, quota);
        relay.scope.own(relay.transports);
        relay.scope.fork("keeper", relay::keep);
        relay.scope.fork("late", relay::release);
        relay.transports.start(relay.new Gate());
        return relay;
    }

    /** From now on packets are treated like that, by dice of that seed. */
    public void treat(Treatment how, long seed) {
        lock.lock();
        try {
            treatment = how;
            dice = new SplittableRandom(seed);
        } finally {
            lock.unlock();
        }
    }

    private final class Gate implements PacketSink {
        @Override
        public void packet(NextHop from, Packet packet) {
            packets.increment();
            Fate fate = draw(packet);
            switch (fate) {
                case FAIR -> pass(from, packet);
                case DROPPED -> {}
                case CORRUPTED -> corrupt(packet).ifPresent(bad -> pass(from, bad));
                case TWICE -> {
                    pass(from, packet);
                    pass(from, packet);
                }
                case LATE -> {
                    long due = platform.clock().nanoTime() + HELD.toNanos();
                    if (!late.offer(new Late(from, packet, due))) {
                        pass(from, packet);
                    }
                }
            }
            if (fate != Fate.FAIR) {
                spoilt.increment();
            }
        }

        @Override
        public void stalled(NextHop hop) {
            intake.stalled(hop);
        }

        @Override
        public void ended(NextHop hop, Failure why) {
            intake.ended(hop, why);
        }
    }

    private enum Fate {
        FAIR,
        DROPPED,
        CORRUPTED,
        TWICE,
        LATE
    }

    private Fate draw(Packet packet) {
        lock.lock();
        try {
            double x = dice.nextDouble();
            if ((x -= treatment.drop) < 0) {
                return Fate.DROPPED;
            }
            if ((x -= treatment.corrupt) < 0) {
                return packet.payload().length == 0 ? Fate.FAIR : Fate.CORRUPTED;
            }
            if ((x -= treatment.twice) < 0) {
                return Fate.TWICE;
            }
            return x - treatment.late < 0 ? Fate.LATE : Fate.FAIR;
        } finally {
            lock.unlock();
        }
    }

    private Optional<Packet> corrupt(Packet packet) {
        byte[] payload = packet.payload().clone();
        lock.lock();
        try {
            payload[dice.nextInt(payload.length)] ^= (byte) (1 << dice.nextInt(8));
        } finally {
            lock.unlock();
        }
        try {
            return Optional.of(Packet.decode(packet.type(), packet.routeId(), payload));
        } catch (MalformedException e) {
            return Optional.empty(); // nothing a relay could pass on
        }
    }

    /** One packet of each transport at a time, as the router expects it. */
    private void pass(NextHop from, Packet packet) {
        ReentrantLock gate;
        lock.lock();
        try {
            gate = gates.computeIfAbsent(from.id(), id -> new ReentrantLock());
        } finally {
            lock.unlock();
        }
        gate.lock();
        try {
            intake.packet(from, packet);
        } finally {
            gate.unlock();
        }
    }

    private void release() throws IOException {
        while (true) {
            Late next = late.take(Deadline.NEVER);
            long wait = next.due - platform.clock().nanoTime();
            if (wait > 0) {
                platform.clock().sleep(Duration.ofNanos(wait));
            }
            pass(next.from, next.packet);
        }
    }

    private void keep() throws IOException {
        while (true) {
            platform.clock().sleep(Duration.ofSeconds(5));
            intake.collect();
        }
    }

    /** Packets of routes that came. */
    public long packets() {
        return packets.sum();
    }

    /** Of them, those that were treated badly. */
    public long spoilt() {
        return spoilt.sum();
    }

    @Override
    public SecretKey secret() {
        return secret;
    }

    @Override
    public StcpCarrier carrier() {
        return carrier;
    }

    @Override
    public TransportSet transports() {
        return transports;
    }

    @Override
    public RuleInstaller installer() {
        return installer;
    }

    @Override
    public void close() {
        late.close(Failure.closedHere("faulty relay"));
        scope.close();
    }
}
