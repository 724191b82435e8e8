package skywire.sim;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Consumer;
import skywire.route.group.RouteGroup;
import skywire.route.mux.LegInfo;
import skywire.testkit.FaultyRelay;
import skywire.testkit.RouteNet;

/**
 * Two visors and relays between them, each on a host of its own, over each of which a leg of a group can lead. The way
 * between the first visor and a relay is a {@link Road}: what the first one sends waits in its own queues, what comes to
 * it in those of the relay, where nobody sees it. The other way is fast.
 */
public final class LegsNet implements AutoCloseable {
    private static final int PORT = 44;
    private static final int LEAST_BUFFER = 128 * 1024;
    private static final Duration FAST = Duration.ofMillis(1);
    private static final long FAST_RATE = 12_500_000;

    private final Simulation sim;
    private final RouteNet net;
    private final SimHost here;
    private final SimHost there;
    private final RouteNet.Node source;
    private final RouteNet.Node destination;
    private final List<Leg> legs = new ArrayList<>();
    private RouteNet.Ends ends;
    private int ports = PORT;

    /** An empty net. */
    public LegsNet(Simulation sim) throws IOException {
        this.sim = sim;
        sim.faults().between(Duration.ofNanos(50_000), Duration.ZERO, 1_000_000_000);
        this.net = new RouteNet(sim);
        this.here = sim.host("10.0.0.1");
        this.there = sim.host("10.0.0.2");
        this.source = net.add(here, here.address(), "source");
        this.destination = net.add(there, there.address(), "destination");
    }

    /**
     * How a leg is.
     *
     * @param roundTrip without waiting, from end to end
     * @param bytesPerSecond each way
     * @param buffer bytes the road takes before who sends on it has to wait
     */
    public record Spec(Duration roundTrip, long bytesPerSecond, int buffer) {
        /** With a buffer of twice what is under way at that rate. */
        public static Spec of(double megabits, int millis) {
            long rate = (long) (megabits * 125_000);
            return new Spec(Duration.ofMillis(millis), rate, (int) Math.max(LEAST_BUFFER, 2 * rate * millis / 1000));
        }
    }

    /** A relay with its transports to both visors. */
    public final class Leg {
        private final SimHost host;
        private final RouteNet.Stop relay;
        private final Road road;
        private final UUID id;

        private Leg(SimHost host, RouteNet.Stop relay, Road road, UUID id) {
            this.host = host;
            this.relay = relay;
            this.road = road;
            this.id = id;
        }

        /** What the group knows it by: the transport between the first visor and the relay. */
        public UUID id() {
            return id;
        }

        /** The shaped way. */
        public Road road() {
            return road;
        }

        /** Whether its relay can be told to be faulty. */
        public boolean isFaulty() {
            return relay instanceof FaultyRelay;
        }

        /** The relay, if it is a faulty one. */
        public FaultyRelay faulty() {
            return (FaultyRelay) relay;
        }

        /** Black hole between the first visor and the relay: nothing arrives any more, nobody is told. */
        public void cutNear() {
            wires(here, Wire::halfOpen);
        }

        /** The same between the relay and the second visor. */
        public void cutFar() {
            wires(there, Wire::halfOpen);
        }

        /** Ends what the cuts began. */
        public void mend() {
            wires(here, Wire::resume);
            wires(there, Wire::resume);
        }

        /** Its first transport breaks, and both its ends are told. */
        public void reset() {
            wires(here, Wire::reset);
        }

        private void wires(SimHost end, Consumer<Wire> action) {
            sim.faults().wires().stream().filter(w -> w.joins(end, host)).forEach(action);
        }

        private List<RouteNet.Stop> path() {
            return List.of(source, relay, destination);
        }
    }

    /** A leg over a relay of its own. */
    public Leg leg(Spec spec) throws IOException {
        Road road = sim.faults().road("leg " + legs.size(), FAST, FAST_RATE, spec.buffer());
        Leg leg = leg(road, false);
        road.set(spec.roundTrip().dividedBy(2), spec.bytesPerSecond());
        return leg;
    }

    /** A leg over a relay that can be told to be faulty. */
    public Leg faultyLeg(Spec spec) throws IOException {
        Road road = sim.faults().road("leg " + legs.size(), FAST, FAST_RATE, spec.buffer());
        Leg leg = leg(road, true);
        road.set(spec.roundTrip().dividedBy(2), spec.bytesPerSecond());
        return leg;
    }

    /** Legs over relays of their own whose first ways are one and the same road. */
    public List<Leg> sharing(Spec spec, int n) throws IOException {
        Road road = sim.faults().road("shared", FAST, FAST_RATE, spec.buffer());
        var all = new ArrayList<Leg>();
        for (int i = 0; i < n; i++) {
            all.add(leg(road, false));
        }
        road.set(spec.roundTrip().dividedBy(2), spec.bytesPerSecond());
        return all;
    }

    /** The transports are made while the road is still fast: a handshake has a few seconds, and slow roads need more. */
    private Leg leg(Road road, boolean faulty) throws IOException {
        int number = legs.size();
        SimHost host = sim.host("10.1." + number / 200 + "." + (1 + number % 200));
        sim.faults().lead(here, host, road);
        String name = "relay " + number;
        RouteNet.Stop relay = faulty ? net.addFaulty(host, host.address(), name) : net.add(host, host.address(), name);
        UUID first = net.join(source, relay).id();
        net.join(relay, destination);
        var leg = new Leg(host, relay, road, first);
        legs.add(leg);
        return leg;
    }

    /** A group as it is without several legs. */
    public RouteNet.Ends openPlain(Leg leg) throws IOException {
        ends = net.open(leg.path(), ports++, Duration.ofSeconds(30));
        return ends;
    }

    /** A group over these legs. */
    public RouteNet.Ends open(List<Leg> over) throws IOException {
        ends = net.openMux(over.getFirst().path(), ports++);
        ends.dialled().width(RouteGroup.MOST_LEGS, RouteGroup.MOST_LEGS);
        for (Leg leg : over.subList(1, over.size())) {
            add(leg);
        }
        return ends;
    }

    /** One more leg for the last group. */
    public void add(Leg leg) throws IOException {
        net.addLeg(ends.dialled(), leg.path());
    }

    /** Bytes that both visors have written to the network so far: data, repetitions, acknowledgements, encryption. */
    public long wireBytes() {
        return sim.faults().sentBy(here) + sim.faults().sentBy(there);
    }

    /** The legs made so far. */
    public List<Leg> legs() {
        return List.copyOf(legs);
    }

    /** Rules at both visors. */
    public int rules() {
        return source.router().table().size() + destination.router().table().size();
    }

    /** Bytes in the queues of both visors. */
    public long queued() {
        return source.transports().queued().used()
                + destination.transports().queued().used();
    }

    /** What both ends say of their legs, for messages. */
    public String state() {
        return "source, " + describe(ends.dialled()) + "destination, " + describe(ends.accepted());
    }

    private static String describe(RouteGroup group) {
        var text = new StringBuilder(group.kind() + "\n");
        for (LegInfo leg : group.legs()) {
            text.append(String.format(
                    Locale.ROOT,
                    "  %s %s%s %s, rtt %d ms (least %d), window %d, in flight %d, rate %d, sent %d in %d, again %d, received %d in %d, loss %.3f%n",
                    leg.id().toString().substring(0, 8),
                    leg.state(),
                    leg.primary() ? " primary" : "",
                    leg.reason(),
                    leg.roundTrip().toMillis(),
                    leg.leastRoundTrip().toMillis(),
                    leg.window(),
                    leg.inFlight(),
                    leg.rate(),
                    leg.sentBytes(),
                    leg.sentPackets(),
                    leg.retransmits(),
                    leg.receivedBytes(),
                    leg.receivedPackets(),
                    leg.loss()));
        }
        return text.toString();
    }

    @Override
    public void close() {
        net.close();
    }
}
