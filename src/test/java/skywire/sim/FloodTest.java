package skywire.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import skywire.directory.FixedDirectory;
import skywire.dmsg.DmsgClient;
import skywire.dmsg.DmsgConfig;
import skywire.dmsg.server.DmsgServer;
import skywire.dmsg.server.DmsgServerConfig;
import skywire.entry.TransportEntry;
import skywire.key.SecretKey;
import skywire.limit.Quota;
import skywire.link.HandshakeGate;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Scope;
import skywire.transport.StcpCarrier;
import skywire.transport.TransportSet;

/** Thousands of connections that say nothing: who has something to say still gets in, and nothing of them stays. */
class FloodTest {
    private static final int CONNECTIONS = 5_000;
    private static final int DIALLERS = 500; // at the same time
    private static final HostPort PLACE = HostPort.parse("10.0.1.1:8080");

    /** Connections from that many machines, which stay until the other side closes them. */
    private static List<Link> flood(Simulation sim, Scope scope, int machines) throws Exception {
        List<Link> silent = new ArrayList<>();
        List<Simulation.Joinable> parts = new ArrayList<>();
        List<SimHost> hosts = new ArrayList<>();
        for (int m = 0; m < machines; m++) {
            hosts.add(sim.host("10.1." + m / 250 + "." + (1 + m % 250)));
        }
        for (int p = 0; p < DIALLERS; p++) {
            SimHost host = hosts.get(p % machines);
            parts.add(sim.go("flood " + p, () -> {
                for (int i = 0; i < CONNECTIONS / DIALLERS; i++) {
                    silent.add(scope.own(host.network().dial(PLACE, sim.clock().in(Duration.ofSeconds(30)))));
                }
            }));
        }
        for (Simulation.Joinable part : parts) {
            part.join();
        }
        return silent;
    }

    private static void floodDmsgServer(int machines) {
        Simulation.run(machines, sim -> {
            SimHost host = sim.host(PLACE.host());
            var directory = new FixedDirectory();
            var config = DmsgServerConfig.of(SecretKey.generate(sim.random()), PLACE, PLACE.toString());
            try (DmsgServer server = DmsgServer.start(host, config, directory);
                    var scope = new Scope(sim, "flood")) {
                sim.until(
                        "its entry",
                        Duration.ofSeconds(5),
                        () -> server.health().published());
                assertEquals(CONNECTIONS, flood(sim, scope, machines).size());
                assertTrue(server.health().handshakes() >= Math.min(64 * machines, HandshakeGate.PLACES) - 1);
                SimHost good = sim.host("10.0.0.1");
                Duration before = sim.elapsed();
                try (DmsgClient client =
                        DmsgClient.start(good, DmsgConfig.of(SecretKey.generate(sim.random())), directory)) {
                    client.awaitReady(sim.clock().in(Duration.ofSeconds(20)));
                    assertTrue(sim.elapsed().minus(before).toMillis() < 1_000, "it took too long");
                }
                sim.sleep(Duration.ofSeconds(6));
                assertEquals(0, server.health().handshakes());
                assertEquals(0, server.health().sessions());
                assertEquals(0, openAt(sim, host));
            }
        });
    }

    /** Connections whose end at that host is open. */
    private static long openAt(Simulation sim, SimHost host) {
        return sim.faults().wires().stream()
                .filter(w -> w.touches(host) && !w.end(host).isClosed())
                .count();
    }

    @Test
    void aServerStaysOpenUnderAFloodFromOneMachine() {
        floodDmsgServer(1);
    }

    @Test
    void aServerStaysOpenUnderAFloodFromManyMachines() {
        floodDmsgServer(500);
    }

    @Test
    void aVisorStaysOpenUnderAFloodFromManyMachines() {
        Simulation.run(3, sim -> {
            SimHost host = sim.host(PLACE.host());
            SimHost good = sim.host("10.0.0.1");
            var listed = new SharedTransports();
            SecretKey key = SecretKey.generate(sim.random());
            StcpCarrier carrier = StcpCarrier.listen(host, key, Map.of(), PLACE);
            SecretKey goodKey = SecretKey.generate(sim.random());
            StcpCarrier dials = StcpCarrier.dialOnly(good, goodKey, Map.of(key.publicKey(), PLACE));
            try (var flooded = new TransportSet(host, key, listed, List.of(carrier), 10, new Quota(1L << 30));
                    var other = new TransportSet(good, goodKey, listed, List.of(dials), 10, new Quota(1L << 30));
                    var scope = new Scope(sim, "flood")) {
                flooded.start(new Quiet());
                other.start(new Quiet());
                flood(sim, scope, 250);
                Duration before = sim.elapsed();
                dial(other, key, sim);
                assertTrue(sim.elapsed().minus(before).toMillis() < 1_000, "it took too long");
                sim.sleep(Duration.ofSeconds(11)); // the limit of a network handshake is 10 s
                assertEquals(1, openAt(sim, host));
            }
        });
    }

    private static void dial(TransportSet from, SecretKey to, Simulation sim) throws IOException {
        from.dial(
                to.publicKey(),
                StcpCarrier.TYPE,
                TransportEntry.USER,
                sim.clock().in(Duration.ofSeconds(20)));
    }

    private static final class Quiet implements skywire.transport.PacketSink {
        @Override
        public void packet(skywire.transport.NextHop from, skywire.packet.Packet packet) {}

        @Override
        public void stalled(skywire.transport.NextHop hop) {}

        @Override
        public void ended(skywire.transport.NextHop hop, skywire.platform.Failure why) {}
    }
}
