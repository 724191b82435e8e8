package skywire.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import skywire.app.socks.SocksClient;
import skywire.directory.Path;
import skywire.key.PublicKey;
import skywire.route.setup.LegKeeper;
import skywire.route.setup.LegWish;
import skywire.visor.Proxies;

/** A proxy over several legs, with every layer there is. */
class WholeLegsTest {
    private static final int SIZE = 1_000_000;

    /** With an even seed a visor calculates routes itself, with an odd one it asks the route finder. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void aRelayOfFourIsKilled(long seed) {
        Simulation.run(seed, sim -> {
            var net = new WholeNet(sim, 5);
            net.start();
            SocksClient proxy = net.client()
                    .startProxy(
                            net.exit().publicKey(),
                            LegWish.of(4).withHops(2, 2),
                            sim.clock().in(Duration.ofSeconds(90)));
            LegKeeper keeper = Proxies.legs(proxy).orElseThrow();
            until(sim, keeper, "4 of 4");
            download(sim, net, proxy);

            PublicKey dead =
                    new ArrayList<>(keeper.paths().values()).get(2).relays().getFirst();
            net.relays().stream().filter(v -> v.publicKey().equals(dead)).forEach(v -> v.host.kill());
            sim.until(
                    "it is noticed",
                    Duration.ofMinutes(1),
                    () -> keeper.paths().values().stream()
                            .map(Path::relays)
                            .noneMatch(relays -> relays.contains(dead)));
            until(sim, keeper, "4 of 4");
            download(sim, net, proxy);
            assertEquals(keeper, Proxies.legs(proxy).orElseThrow(), "the route has lived on");

            assertTrue(net.client().node().proxies().stop(proxy.config().name()));
            sim.until(
                    "nothing is left",
                    Duration.ofMinutes(6),
                    () -> net.visors.stream()
                            .filter(v -> !v.host.isDead())
                            .allMatch(v -> v.left().isNothing()));
            net.close();
        });
    }

    private static void until(Simulation sim, LegKeeper keeper, String count) throws Exception {
        try {
            sim.until(count, Duration.ofMinutes(3), () -> keeper.count().text().equals(count));
        } catch (AssertionError e) {
            throw new AssertionError("not " + count + " but " + keeper.count().text() + ", " + keeper.failures(), e);
        }
    }

    private static void download(Simulation sim, WholeNet net, SocksClient proxy) throws Exception {
        var fetch = new SocksFetch(net.client().host, proxy.status().socks(), SIZE);
        sim.go("program", fetch::run);
        sim.until("the download ends", Duration.ofMinutes(5), fetch::isOver);
        assertTrue(fetch.isUncorrupted());
        assertTrue(fetch.isComplete(), fetch.trouble());
    }
}
