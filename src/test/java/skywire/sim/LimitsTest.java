package skywire.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import skywire.directory.FixedDirectory;
import skywire.dmsg.DmsgAddress;
import skywire.dmsg.DmsgClient;
import skywire.dmsg.DmsgConfig;
import skywire.dmsg.DmsgListener;
import skywire.dmsg.DmsgStream;
import skywire.dmsg.PortTable;
import skywire.dmsg.server.DmsgServer;
import skywire.dmsg.server.DmsgServerConfig;
import skywire.entry.TransportEntry;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.limit.Quota;
import skywire.packet.Packet;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.transport.NextHop;
import skywire.transport.PacketSink;
import skywire.transport.StcpCarrier;
import skywire.transport.Transport;
import skywire.transport.TransportSet;

/** Limits that a peer can reach: who comes too late is refused, the others are served, and a place that is left is free. */
class LimitsTest {
    private static final class Quiet implements PacketSink {
        @Override
        public void packet(NextHop from, Packet packet) {}

        @Override
        public void stalled(NextHop hop) {}

        @Override
        public void ended(NextHop hop, Failure why) {}
    }

    private static final class Node implements AutoCloseable {
        final SecretKey key;
        final TransportSet set;

        Node(Simulation sim, int number, Map<PublicKey, HostPort> table, SharedTransports listed, int most)
                throws IOException {
            SimHost host = sim.host("10.0.0." + number);
            key = SecretKey.generate(sim.random());
            var at = new HostPort(host.address(), 7777);
            set = new TransportSet(
                    host, key, listed, List.of(StcpCarrier.listen(host, key, table, at)), most, new Quota(1L << 30));
            set.start(new Quiet());
            table.put(key.publicKey(), at);
        }

        @Override
        public void close() {
            set.close();
        }
    }

    private static Deadline in(Simulation sim, int seconds) {
        return sim.clock().in(Duration.ofSeconds(seconds));
    }

    private static Transport dial(Simulation sim, Node from, Node to) throws IOException {
        return from.set.dial(to.key.publicKey(), StcpCarrier.TYPE, TransportEntry.USER, in(sim, 20));
    }

    @Test
    void aVisorHasSoManyTransports() {
        Simulation.run(1, sim -> {
            Map<PublicKey, HostPort> table = new LinkedHashMap<>();
            var listed = new SharedTransports();
            try (var d = new Node(sim, 4, table, listed, 10);
                    var c = new Node(sim, 3, table, listed, 10);
                    var b = new Node(sim, 2, table, listed, 10);
                    var full = new Node(sim, 1, table, listed, 2)) {
                Transport first = dial(sim, full, b);
                dial(sim, full, c);
                Failure refused = assertThrows(Failure.class, () -> dial(sim, full, d));
                assertEquals(Failure.Kind.LIMIT, refused.kind());
                assertEquals(2, full.set.list().size());
                assertEquals(first, dial(sim, full, b), "the one there is");
                full.set.remove(first.id());
                sim.until(
                        "a place is free",
                        Duration.ofSeconds(5),
                        () -> full.set.list().size() == 1);
                dial(sim, full, d);
            }
        });
    }

    @Test
    void aFullVisorTurnsOthersAway() {
        Simulation.run(2, sim -> {
            Map<PublicKey, HostPort> table = new LinkedHashMap<>();
            var listed = new SharedTransports();
            try (var full = new Node(sim, 1, table, listed, 1);
                    var b = new Node(sim, 2, table, listed, 10);
                    var c = new Node(sim, 3, table, listed, 10)) {
                Transport first = dial(sim, b, full);
                assertThrows(IOException.class, () -> dial(sim, c, full));
                assertTrue(c.set.list().isEmpty());
                assertEquals(1, full.set.list().size());
                dial(sim, c, b);
                b.set.remove(first.id());
                sim.until(
                        "a place is free",
                        Duration.ofSeconds(5),
                        () -> full.set.list().isEmpty());
                dial(sim, c, full);
            }
        });
    }

    @Test
    void aFullDmsgServerTurnsOthersAwayAndServesItsOwn() {
        Simulation.run(3, sim -> {
            var directory = new FixedDirectory();
            SimHost host = sim.host("10.0.1.1");
            var at = new HostPort(host.address(), 8080);
            var config = DmsgServerConfig.of(SecretKey.generate(sim.random()), at, at.toString())
                    .withMaxSessions(3);
            try (DmsgServer server = DmsgServer.start(host, config, directory)) {
                List<DmsgClient> clients = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    clients.add(start(sim, i, directory));
                    clients.get(i).awaitReady(in(sim, 20));
                }
                DmsgClient late = start(sim, 3, directory);
                sim.until(
                        "it is turned away",
                        Duration.ofSeconds(10),
                        () -> server.health().connectionsRefused().containsKey("full"));
                sim.until(
                        "it knows", Duration.ofSeconds(1), () -> late.sessions().isEmpty());
                assertThrows(IOException.class, () -> talk(sim, late, clients.get(0)));
                assertEquals(3, server.health().sessions());
                talk(sim, clients.get(0), clients.get(1));
                clients.get(2).close();
                sim.until(
                        "it is let in",
                        Duration.ofSeconds(60),
                        () -> server.health().sessions() == 3);
                talk(sim, late, clients.get(0));
                late.close();
                clients.forEach(DmsgClient::close);
            }
        });
    }

    private static DmsgClient start(Simulation sim, int number, FixedDirectory directory) {
        SimHost host = sim.host("10.0.2." + (1 + number));
        DmsgConfig config = DmsgConfig.of(SecretKey.generate(sim.random())).withUpdateInterval(Duration.ofSeconds(5));
        return DmsgClient.start(host, config, directory);
    }

    private static void talk(Simulation sim, DmsgClient from, DmsgClient to) throws IOException {
        try (DmsgListener listener = to.listen(99)) {
            sim.go("answer", () -> {
                try (DmsgStream stream = listener.accept()) {
                    stream.write(new byte[] {7}, in(sim, 5));
                    stream.read(new byte[1], 0, 1, in(sim, 5));
                } catch (Failure e) {
                    sim.note("nobody came: " + e.getMessage());
                }
            });
            try (DmsgStream stream = from.dial(new DmsgAddress(to.publicKey(), 99), in(sim, 20))) {
                byte[] answer = new byte[1];
                stream.readFully(answer, 0, 1, in(sim, 5));
                assertEquals(7, answer[0]);
            }
        }
    }

    @Test
    void allDmsgPortsCanBeUsedOnceAndComeBack() throws Failure {
        var ports = new PortTable<Object>();
        var owner = new Object();
        for (int i = 0; i < 16_384; i++) {
            ports.takeEphemeral(owner);
        }
        Failure full = assertThrows(Failure.class, () -> ports.takeEphemeral(owner));
        assertEquals(Failure.Kind.LIMIT, full.kind());
        ports.take(80, owner); // the others are not touched
        ports.free(50_000, owner);
        assertEquals(50_000, ports.takeEphemeral(owner));
        ports.freeAll(owner);
        assertEquals(0, ports.size());
    }
}
