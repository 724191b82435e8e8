package skywire.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import skywire.directory.FixedDirectory;
import skywire.dmsg.DmsgClient;
import skywire.dmsg.DmsgConfig;
import skywire.dmsg.DmsgSession;
import skywire.dmsg.SignedObject;
import skywire.dmsg.Transit;
import skywire.dmsg.server.DmsgServer;
import skywire.dmsg.server.DmsgServerConfig;
import skywire.key.SecretKey;
import skywire.platform.HostPort;
import skywire.yamux.YamuxStream;

/** Whoever is told that a session began is told once that it ended, whatever ends it and whenever (dmsg §9). */
class SessionEndTest {
    private static final int SEEDS = 60;

    /** Counts, on one simulated thread at a time. */
    private static final class Ledger implements Transit {
        final Map<DmsgSession, Integer> ups = new LinkedHashMap<>();
        final Map<DmsgSession, Integer> downs = new LinkedHashMap<>();
        final List<String> wrong = new ArrayList<>();

        @Override
        public void up(DmsgSession session) {
            ups.merge(session, 1, Integer::sum);
        }

        @Override
        public void down(DmsgSession session) {
            downs.merge(session, 1, Integer::sum);
            if (!ups.containsKey(session)) {
                wrong.add("an end before the beginning");
            }
        }

        @Override
        public boolean forward(DmsgSession session, YamuxStream stream, SignedObject object) {
            return false;
        }
    }

    @Test
    void theEndIsToldOnceAlsoAtTheMomentOfAClose() {
        int sessions = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            var ledger = new Ledger();
            Simulation.run(seed, sim -> play(sim, ledger));
            long of = seed;
            assertEquals(List.of(), ledger.wrong, () -> "seed " + of);
            assertEquals(ledger.ups, ledger.downs, () -> "seed " + of);
            assertTrue(ledger.ups.values().stream().allMatch(n -> n == 1), () -> "seed " + of);
            sessions += ledger.ups.size();
        }
        assertTrue(sessions > 2 * SEEDS, "there were no sessions to end");
    }

    /** Three servers; resets, a server that ends, and the client's own close, as close together as the dice have it. */
    private static void play(Simulation sim, Ledger ledger) throws Exception {
        var directory = new FixedDirectory();
        List<DmsgServer> servers = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            SimHost host = sim.host("10.0.1." + i);
            var at = new HostPort(host.address(), 8080);
            SecretKey key = SecretKey.generate(sim.random());
            servers.add(DmsgServer.start(host, DmsgServerConfig.of(key, at, at.toString()), directory));
        }
        sim.until(
                "the servers are registered",
                Duration.ofSeconds(10),
                () -> servers.stream().allMatch(server -> server.health().published()));
        DmsgConfig config = DmsgConfig.of(SecretKey.generate(sim.random())).withSessions(0);
        DmsgClient client = DmsgClient.start(sim.host("10.0.2.1"), config, overUs -> directory, ledger);
        client.awaitReady(sim.clock().in(Duration.ofSeconds(20)));
        sim.sleep(Duration.ofMillis(sim.dice().nextInt(3_000)));
        List<Simulation.Joinable> all = new ArrayList<>();
        all.add(sim.go("close", () -> {
            sim.sleep(Duration.ofMillis(sim.dice().nextInt(20)));
            client.close();
        }));
        all.add(sim.go("resets", () -> {
            sim.sleep(Duration.ofMillis(sim.dice().nextInt(20)));
            sim.faults().wiresTo(8080).forEach(Wire::reset);
        }));
        all.add(sim.go("end of a server", () -> {
            sim.sleep(Duration.ofMillis(sim.dice().nextInt(20)));
            servers.getFirst().close();
        }));
        for (Simulation.Joinable one : all) {
            one.join();
        }
        servers.forEach(DmsgServer::close);
    }
}
