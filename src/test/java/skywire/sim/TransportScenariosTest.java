package skywire.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import skywire.entry.TransportEntry;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.limit.Quota;
import skywire.packet.Data;
import skywire.packet.Packet;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.transport.NextHop;
import skywire.transport.PacketSink;
import skywire.transport.StcpCarrier;
import skywire.transport.Transport;
import skywire.transport.TransportSet;

/** Transports between visors that dial each other at the same time, over links that fail. */
class TransportScenariosTest {
    enum Fault {
        NONE,
        RESET_ONE,
        RESET_ALL,
        HALF_OPEN_ONE,
        REFUSE_AT_FIRST,
        RESTART
    }

    static Simulation.Report play(long seed, Fault fault) {
        return Simulation.run(seed, sim -> new Scenario(sim, fault).play());
    }

    @ParameterizedTest
    @EnumSource
    void bothSidesEndUpWithTheSameTransport(Fault fault) {
        Scenarios.playSeeds(Scenarios.name("transports", fault), 5);
    }

    @Test
    void replays() throws Exception {
        long hash = play(3, Fault.RESET_ONE).hash();
        assertEquals(hash, play(3, Fault.RESET_ONE).hash());
        assertEquals(hash, Replay.inAnotherProcess("transports-reset-one", 3));
    }

    /** A visor's transports and what came by them. */
    private static final class Node implements PacketSink {
        final SimHost host;
        final SecretKey key;
        final HostPort address;
        final List<Long> received = new ArrayList<>();
        TransportSet set;

        Node(SimHost host, SecretKey key) {
            this.host = host;
            this.key = key;
            this.address = new HostPort(host.address(), 7777);
        }

        void start(SharedTransports directory, Map<PublicKey, HostPort> table) throws IOException {
            StcpCarrier carrier = StcpCarrier.listen(host, key, table, address);
            set = new TransportSet(host, key, directory, List.of(carrier), TransportSet.MOST, new Quota(1L << 30));
            set.start(this);
        }

        @Override
        public void packet(NextHop from, Packet packet) {
            received.add(packet.routeId());
        }

        @Override
        public void stalled(NextHop hop) {
            throw new AssertionError("nobody stalls here for long enough");
        }

        @Override
        public void ended(NextHop hop, Failure why) {
            received.remove(-1L);
        }
    }

    private static final class Scenario {
        private static final int NODES = 3;

        private final Simulation sim;
        private final Fault fault;
        private final SharedTransports directory = new SharedTransports();
        private final Map<PublicKey, HostPort> table = new LinkedHashMap<>();
        private final List<Node> nodes = new ArrayList<>();
        private long nextRoute = 1;

        Scenario(Simulation sim, Fault fault) {
            this.sim = sim;
            this.fault = fault;
        }

        void play() throws Exception {
            for (int i = 0; i < NODES; i++) {
                var node = new Node(sim.host("10.0.0." + (i + 1)), SecretKey.generate(sim.random()));
                nodes.add(node);
                table.put(node.key.publicKey(), node.address);
            }
            if (fault == Fault.REFUSE_AT_FIRST) {
                nodes.forEach(n -> sim.faults().refuse(n.address));
            }
            for (Node node : nodes) {
                node.start(directory, table);
                node.set.persist(nodes.stream()
                        .filter(n -> n != node)
                        .map(n -> new TransportSet.Persistent(n.key.publicKey(), StcpCarrier.TYPE))
                        .toList());
            }
            nodes.forEach(this::dialOthers);
            sim.sleep(Duration.ofMillis(sim.dice().nextInt(120)));
            strike();
            sim.until("everybody reaches everybody", Duration.ofMinutes(5), this::isComplete);
            everyPairTalks();
            assertEquals(NODES * (NODES - 1) / 2, directory.all(Deadline.NEVER).size());
            for (Node node : nodes) {
                node.set.close();
            }
            sim.until(
                    "the directory is empty",
                    Duration.ofMinutes(1),
                    () -> directory.all(Deadline.NEVER).isEmpty());
        }

        /** Dials the others at once; with the other side doing the same some of it fails, which persistence repairs. */
        private void dialOthers(Node node) {
            for (Node other : nodes) {
                if (other != node) {
                    sim.go("dial " + node.host + " " + other.host, () -> {
                        try {
                            node.set.dial(
                                    other.key.publicKey(),
                                    StcpCarrier.TYPE,
                                    TransportEntry.USER,
                                    sim.clock().in(Duration.ofSeconds(20)));
                        } catch (Failure e) {
                            sim.note(node.host + " → " + other.host + ": " + e.getMessage());
                        }
                    });
                }
            }
        }

        private boolean isComplete() {
            return nodes.stream().allMatch(n -> n.set.list().size() == NODES - 1);
        }

        /** What one side writes arrives at the other, both ways: both hold the two ends of the same link. */
        private void everyPairTalks() throws Exception {
            // A peer that has never answered a ping is not given up for its silence; the system does that after a
            // while.
            Duration limit = fault == Fault.HALF_OPEN_ONE ? Duration.ofMinutes(20) : Duration.ofMinutes(4);
            sim.until("every pair talks", limit, () -> {
                try {
                    return isComplete() && talk();
                } catch (java.io.IOException e) {
                    return false; // it ended while we looked
                }
            });
        }

        private boolean talk() throws java.io.IOException {
            for (Node from : nodes) {
                for (Node to : nodes) {
                    if (from != to && !arrives(from, to)) {
                        return false;
                    }
                }
            }
            return true;
        }

        private boolean arrives(Node from, Node to) throws java.io.IOException {
            long route = nextRoute++;
            List<Transport> transports = from.set.to(to.key.publicKey());
            if (transports.size() != 1) {
                return false;
            }
            transports
                    .getFirst()
                    .write(new Data(route, new byte[100]), sim.clock().in(Duration.ofSeconds(5)));
            long until = sim.elapsed().plusSeconds(2).toNanos();
            while (!to.received.contains(route) && sim.elapsed().toNanos() < until) {
                sim.clock().sleep(Duration.ofMillis(40));
            }
            return to.received.contains(route);
        }

        private void strike() throws Exception {
            List<Wire> wires = sim.faults().wires();
            switch (fault) {
                case NONE -> sim.note("no fault");
                case RESET_ONE -> oneOf(wires).forEach(Wire::reset);
                case RESET_ALL -> wires.forEach(Wire::reset);
                case HALF_OPEN_ONE -> oneOf(wires).forEach(Wire::halfOpen);
                case REFUSE_AT_FIRST -> {
                    sim.sleep(Duration.ofSeconds(30));
                    nodes.forEach(n -> sim.faults().answer(n.address));
                }
                case RESTART -> {
                    Node node = nodes.get(sim.dice().nextInt(NODES));
                    node.set.close();
                    sim.sleep(Duration.ofMillis(sim.dice().nextInt(3000)));
                    node.start(directory, table);
                    assertTrue(node.set.list().isEmpty());
                }
            }
        }

        private List<Wire> oneOf(List<Wire> wires) {
            return wires.isEmpty() ? wires : List.of(wires.get(sim.dice().nextInt(wires.size())));
        }
    }
}
