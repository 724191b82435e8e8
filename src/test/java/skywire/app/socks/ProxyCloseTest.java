package skywire.app.socks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import skywire.control.Progress;
import skywire.platform.HostPort;
import skywire.sim.Simulation;

/** The end of a proxy. */
class ProxyCloseTest {
    private static final HostPort ANY = new HostPort("127.0.0.1", 0);
    private static final int SEEDS = 60;

    /** It was: the keeper saw the session end before it saw that the proxy was closed, and set up another route. */
    @Test
    void aProxyThatIsClosedDialsNoMore() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            var dials = new AtomicInteger();
            Simulation.run(seed, sim -> {
                var filter = new TargetFilter(List.of(AddressRange.parse("127.0.0.0/8")));
                var overlay = new Overlay(sim);
                var config = new SocksServerConfig(Optional.empty(), List.of(), true, filter);
                try (var server = SocksServer.start(sim, overlay, config)) {
                    var client = SocksClient.start(
                            sim,
                            new SocksClientConfig("c", Overlay.SERVER, ANY, Optional.empty(), Optional.empty()),
                            (progress, deadline) -> {
                                dials.incrementAndGet();
                                return overlay.dial();
                            },
                            Progress.NONE,
                            sim.clock().in(Duration.ofSeconds(10)));
                    assertEquals(1, server.status().sessions());
                    client.close();
                }
            });
            assertEquals(1, dials.get(), "seed " + seed);
        }
    }
}
