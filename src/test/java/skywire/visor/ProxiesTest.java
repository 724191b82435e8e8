package skywire.visor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import skywire.app.socks.SocksClientConfig;
import skywire.control.Progress;
import skywire.key.SecretKey;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.sim.Simulation;

class ProxiesTest {
    private static final HostPort AT = new HostPort("127.0.0.1", 1080);

    private static SocksClientConfig config(String name) {
        var exit = SecretKey.fromSeed(new byte[] {7}).publicKey();
        return new SocksClientConfig(name, exit, AT, Optional.empty(), Optional.empty());
    }

    /** Proxies whose exit never answers. */
    private static Proxies silent(Simulation sim) {
        return new Proxies(sim, (exit, hops, progress, deadline) -> {
            progress.stage("setting up route", "1 of 6");
            sim.clock().sleep(Duration.ofHours(1));
            throw Failure.timeout("a route");
        });
    }

    private static Failure startFails(Simulation sim, Proxies proxies, String name) {
        return assertThrows(
                Failure.class,
                () -> proxies.start(config(name), 0, Progress.NONE, sim.clock().in(Duration.ofHours(2))));
    }

    @Test
    void stopsOneThatIsBeingStarted() {
        for (long seed = 1; seed <= 20; seed++) {
            Simulation.run(seed, sim -> {
                try (Proxies proxies = silent(sim)) {
                    var why = new Failure[1];
                    Simulation.Joinable start = sim.go("start", () -> why[0] = startFails(sim, proxies, "c"));
                    sim.until(
                            "being started",
                            Duration.ofSeconds(1),
                            () -> proxies.configs().size() == 1);
                    sim.sleep(Duration.ofSeconds(5));
                    assertEquals(List.of(), proxies.list(), "it does not run yet");
                    Duration then = sim.elapsed();
                    assertTrue(proxies.stop("c"));
                    assertTrue(sim.elapsed().minus(then).toMillis() < 100, "it took too long");
                    start.join();
                    assertEquals(Failure.Kind.CLOSED_HERE, why[0].kind());
                    assertTrue(why[0].getMessage().contains("stopped while it was being started"), why[0]::getMessage);
                    assertEquals(List.of(), proxies.configs());
                    assertFalse(proxies.stop("c"));
                    sim.network().listen(AT).close(); // its address is free
                }
            });
        }
    }

    @Test
    void anEndOfTheVisorStopsThoseThatAreBeingStarted() {
        Simulation.run(1, sim -> {
            Proxies proxies = silent(sim);
            Simulation.Joinable start = sim.go("start", () -> startFails(sim, proxies, "c"));
            sim.sleep(Duration.ofSeconds(5));
            proxies.close();
            start.join();
            assertEquals(Failure.Kind.CLOSED_HERE, startFails(sim, proxies, "d").kind());
        });
    }

    @Test
    void oneThatCannotBeStartedLeavesItsName() {
        Simulation.run(1, sim -> {
            Proxies proxies = new Proxies(sim, (exit, hops, progress, deadline) -> {
                throw new Failure(Failure.Kind.UNREACHABLE, "no route");
            });
            for (int i = 0; i < 2; i++) {
                assertEquals("no route", startFails(sim, proxies, "c").getMessage());
            }
            assertEquals(List.of(), proxies.configs());
        });
    }
}
