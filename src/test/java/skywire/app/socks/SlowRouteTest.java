package skywire.app.socks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import skywire.control.Progress;
import skywire.platform.Deadline;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Listener;
import skywire.platform.Platform;
import skywire.route.EdgeRules;
import skywire.sim.SimHost;
import skywire.sim.Simulation;
import skywire.testkit.RouteNet;
import skywire.testkit.RouteNet.Node;

/** Proxies whose routes share a transport that is slow. */
class SlowRouteTest {
    private static final byte[] FILE = new byte[160 * 1024];

    static {
        new SplittableRandom(4).nextBytes(FILE);
    }

    /** A line of four visors whose last transport carries so many bytes a second each way; an exit on the last. */
    private static final class Scene implements AutoCloseable {
        final Simulation sim;
        final RouteNet net;
        final List<Node> line = new ArrayList<>();
        final SocksServer exit;
        final Listener target;
        final List<SocksClient> proxies = new ArrayList<>();

        Scene(Simulation sim, int bytesPerSecond) throws IOException {
            this.sim = sim;
            this.net = new RouteNet(sim);
            sim.faults().between(Duration.ofMillis(5), Duration.ofMillis(1), 20_000_000);
            for (int i = 0; i < 4; i++) {
                if (i == 3) {
                    sim.faults().between(Duration.ofMillis(40), Duration.ofMillis(20), bytesPerSecond);
                }
                SimHost host = sim.host("10.0.0." + (i + 1));
                line.add(net.add(host, host.address(), "visor " + i));
                if (i > 0) {
                    net.join(line.get(i - 1), line.get(i));
                }
            }
            sim.faults().between(Duration.ofMillis(5), Duration.ofMillis(1), 20_000_000);
            Platform far = line.getLast().platform();
            target = far.network().listen(new HostPort("10.0.0.4", 80));
            var filter = new TargetFilter(List.of(AddressRange.parse("10.0.0.4")));
            exit = SocksServer.start(
                    far,
                    line.getLast().router().groups().listen(SocksServer.PORT),
                    new SocksServerConfig(
                            Optional.empty(), List.of(line.getFirst().key()), false, filter));
        }

        Deadline later() {
            return sim.clock().in(Duration.ofMinutes(30));
        }

        SocksClient proxy() throws IOException {
            ExitDialer dialer = (progress, deadline) -> {
                var groups = line.getFirst().router().groups();
                EdgeRules rules = net.route(line, groups.ports().take(), SocksServer.PORT, Duration.ofSeconds(30));
                return groups.initiateBound(
                        RouteNet.SETUP, rules, rules.forward().nextTransport(), deadline);
            };
            var any = new HostPort("127.0.0.1", 0);
            var config = new SocksClientConfig(
                    "c" + proxies.size(), line.getLast().key(), any, Optional.empty(), Optional.empty());
            Platform near = line.getFirst().platform();
            proxies.add(SocksClient.start(
                    near, config, dialer, Progress.NONE, sim.clock().in(Duration.ofSeconds(60))));
            return proxies.getLast();
        }

        Link connect(SocksClient proxy) throws IOException {
            Link link = line.getFirst().platform().network().dial(proxy.status().socks(), later());
            link.write(Socks.greeting(Socks.NO_AUTHENTICATION), later());
            Socks.readChoice(link, later());
            link.write(Socks.connect(target.local()), later());
            assertEquals(Socks.SUCCEEDED, Socks.readReply(link, later()));
            return link;
        }

        @Override
        public void close() {
            proxies.forEach(SocksClient::close);
            exit.close();
            target.close();
            net.close();
        }
    }

    @Test
    void manyDownloadsSideBySideArriveWhole() {
        Simulation.run(2, Simulation.Options.DEFAULT.leaving(), sim -> {
            try (var scene = new Scene(sim, 40_000)) {
                sim.go("files", () -> {
                    for (int i = 0; i < 8 * 4; i++) {
                        Link link = scene.target.accept();
                        sim.go("file", () -> {
                            link.readFully(new byte[1], 0, 1, scene.later()); // when all are connected
                            link.write(FILE, 0, FILE.length, scene.later());
                            link.finishWriting(scene.later());
                        });
                    }
                });
                var links = new ArrayList<Link>();
                for (int i = 0; i < 8; i++) {
                    SocksClient proxy = scene.proxy();
                    for (int k = 0; k < 4; k++) {
                        links.add(scene.connect(proxy));
                    }
                }
                var tasks = new ArrayList<Simulation.Joinable>();
                for (Link link : links) {
                    tasks.add(sim.go("download", () -> {
                        link.write(new byte[1], 0, 1, scene.later());
                        byte[] got = new byte[FILE.length];
                        link.readFully(got, 0, got.length, scene.later());
                        assertArrayEquals(FILE, got);
                    }));
                }
                for (Simulation.Joinable task : tasks) {
                    task.join();
                }
                assertEveryoneStayed(scene);
            }
        });
    }

    /** The question whether the exit is there waits behind what is uploaded, and nothing comes back. */
    @Test
    void anUploadIsNotTakenForASilentExit() {
        Simulation.run(3, Simulation.Options.DEFAULT.leaving(), sim -> {
            try (var scene = new Scene(sim, 5_000);
                    Link link = scene.connect(scene.proxy())) {
                sim.go("upload", () -> {
                    link.write(FILE, 0, FILE.length, scene.later());
                    link.finishWriting(scene.later());
                });
                byte[] got = new byte[FILE.length];
                Link server = scene.target.accept();
                server.readFully(got, 0, got.length, scene.later());
                assertArrayEquals(FILE, got);
                assertEveryoneStayed(scene);
            }
        });
    }

    private static void assertEveryoneStayed(Scene scene) {
        for (SocksClient proxy : scene.proxies) {
            assertEquals(Optional.empty(), proxy.status().error());
            assertEquals(SocksClient.State.RUNNING, proxy.status().state());
        }
    }
}
