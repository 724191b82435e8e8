package skywire.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import skywire.directory.FixedDirectory;
import skywire.dmsg.DmsgClient;
import skywire.dmsg.DmsgConfig;
import skywire.dmsg.server.DmsgServer;
import skywire.dmsg.server.DmsgServerConfig;
import skywire.key.SecretKey;
import skywire.platform.Deadline;
import skywire.platform.HostPort;

/** Servers that make the handshake and then end the session: their clients do not come again at once. */
class SessionStormTest {
    /** Pauses of 1 s, a third longer each time: so many handshakes in 30 s at most. */
    private static final int MOST_HANDSHAKES = 12;

    private static final class Scene implements AutoCloseable {
        final Simulation sim;
        final FixedDirectory directory = new FixedDirectory();
        final DmsgServer server;
        final List<DmsgClient> clients = new ArrayList<>();

        Scene(Simulation sim, int maxSessions) throws Exception {
            this.sim = sim;
            sim.faults().between(Duration.ofMillis(5), Duration.ofMillis(1), 1_000_000);
            SimHost host = sim.host("10.0.1.1");
            var at = new HostPort(host.address(), 8080);
            var config = DmsgServerConfig.of(SecretKey.generate(sim.random()), at, at.toString());
            server = DmsgServer.start(host, config.withMaxSessions(maxSessions), directory);
        }

        DmsgClient client(SecretKey key) {
            String address = "10.0.2." + (clients.size() + 1);
            clients.add(DmsgClient.start(sim.host(address), DmsgConfig.of(key), directory));
            return clients.getLast();
        }

        Deadline in(int seconds) {
            return sim.clock().in(Duration.ofSeconds(seconds));
        }

        @Override
        public void close() {
            clients.forEach(DmsgClient::close);
            server.close();
        }
    }

    private interface Play {
        void act(Scene scene) throws Exception;
    }

    /** Plays it; what was logged as a warning or error. */
    private static List<String> play(long seed, int maxSessions, Play play) {
        var warnings = new ArrayList<String>();
        var catcher = new Handler() {
            @Override
            public void publish(LogRecord line) {
                if (line.getLevel().intValue() >= Level.WARNING.intValue()) {
                    warnings.add(line.getMessage());
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger log = Logger.getLogger("skywire");
        log.addHandler(catcher);
        try {
            Simulation.run(seed, Simulation.Options.DEFAULT.leaving().noisy(), sim -> {
                try (var scene = new Scene(sim, maxSessions)) {
                    play.act(scene);
                }
            });
        } finally {
            log.removeHandler(catcher);
        }
        return warnings;
    }

    @Test
    void aFullServerIsAskedWithPausesAndSaidOnce() {
        List<String> warnings = play(3, 1, scene -> {
            DmsgClient first = scene.client(SecretKey.generate(scene.sim.random()));
            first.awaitReady(scene.in(20));
            DmsgClient late = scene.client(SecretKey.generate(scene.sim.random()));
            scene.sim.sleep(Duration.ofSeconds(30));
            long refused = scene.server.health().connectionsRefused().values().stream()
                    .mapToLong(n -> n)
                    .sum();
            assertTrue(refused > 3 && refused <= MOST_HANDSHAKES, "refused " + refused);
            scene.sim.sleep(Duration.ofMinutes(5));
            first.close();
            scene.sim.until("in", Duration.ofSeconds(30), () -> !late.sessions().isEmpty());
        });
        assertEquals(1, warnings.size(), warnings::toString);
        assertTrue(warnings.getFirst().contains("the server is full"), warnings::toString);
    }

    @Test
    void twoMachinesWithOneKeyTakeTurnsWithPauses() {
        List<String> warnings = play(4, 10, scene -> {
            SecretKey key = SecretKey.generate(scene.sim.random());
            scene.client(key);
            scene.client(key);
            scene.sim.sleep(Duration.ofSeconds(30));
            long replaced = scene.server.health().sessionsReplaced();
            assertTrue(replaced > 3 && replaced <= MOST_HANDSHAKES, "replaced " + replaced);
            scene.sim.sleep(Duration.ofMinutes(5));
        });
        long clashes = warnings.stream()
                .filter(line -> line.contains("our key is in use by another process too"))
                .count();
        assertTrue(clashes >= 1 && clashes <= 2, warnings::toString); // each of the machines once
    }

    @Test
    void aSessionThatLastedIsReplacedAtOnce() {
        List<String> warnings = play(5, 10, scene -> {
            DmsgClient client = scene.client(SecretKey.generate(scene.sim.random()));
            for (int i = 0; i < 6; i++) {
                scene.sim.until(
                        "up", Duration.ofMillis(500), () -> !client.sessions().isEmpty());
                scene.sim.sleep(Duration.ofSeconds(31));
                scene.sim.faults().wiresTo(8080).getLast().reset();
                scene.sim.until(
                        "down", Duration.ofSeconds(1), () -> client.sessions().isEmpty());
            }
        });
        assertEquals(List.of(), warnings);
    }
}
