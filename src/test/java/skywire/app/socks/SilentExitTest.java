package skywire.app.socks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import skywire.control.Progress;
import skywire.key.PublicKey;
import skywire.link.KeyedLink;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Listener;
import skywire.sim.Simulation;
import skywire.sim.Wire;
import skywire.testkit.World;

/** An exit that falls silent, as behind a relay that tells nobody that its neighbour has died. */
class SilentExitTest {
    private static final HostPort ANY = new HostPort("127.0.0.1", 0);

    private static final class Scene implements AutoCloseable {
        final Simulation sim;
        final Overlay overlay;
        final Listener target;
        final SocksServer server;
        final SocksClient client;
        final AtomicReference<String> found = new AtomicReference<>();
        final AtomicBoolean reachable = new AtomicBoolean(true);

        Scene(Simulation sim) throws IOException {
            this.sim = sim;
            overlay = new Overlay(sim);
            target = sim.network().listen(ANY);
            var filter = new TargetFilter(List.of(AddressRange.parse("127.0.0.0/8")));
            server = SocksServer.start(sim, overlay, new SocksServerConfig(Optional.empty(), List.of(), true, filter));
            client = SocksClient.start(
                    sim,
                    new SocksClientConfig("c", Overlay.SERVER, ANY, Optional.empty(), Optional.empty()),
                    (progress, deadline) -> dial(),
                    Progress.NONE,
                    in(10));
        }

        private Exit dial() throws IOException {
            if (!reachable.get()) {
                throw new Failure(Failure.Kind.UNREACHABLE, "no route");
            }
            return new Exit(overlay.dial(), () -> Optional.ofNullable(found.get()));
        }

        /** What the proxy answers to a request. */
        int reply() throws IOException {
            try (Link link = sim.network().dial(client.status().socks(), in(10))) {
                int port = target.local().port();
                link.write(new byte[] {5, 1, 0, 5, 1, 0, 1, 127, 0, 0, 1, (byte) (port >> 8), (byte) port}, in(10));
                byte[] answers = new byte[12];
                link.readFully(answers, 0, answers.length, in(10));
                return answers[3];
            }
        }

        Deadline in(int seconds) {
            return sim.clock().in(Duration.ofSeconds(seconds));
        }

        /** A connection through the proxy; its other end says nothing. */
        Link connect() throws IOException {
            Link link = sim.network().dial(client.status().socks(), in(10));
            int port = target.local().port();
            link.write(new byte[] {5, 1, 0, 5, 1, 0, 1, 127, 0, 0, 1, (byte) (port >> 8), (byte) port}, in(10));
            byte[] answers = new byte[12];
            link.readFully(answers, 0, answers.length, in(10));
            assertEquals(0, answers[3]);
            return link;
        }

        /** From now on nothing passes between proxy and exit. */
        void silence() {
            for (Wire wire : sim.faults().wiresTo(overlay.address().port())) {
                wire.halfOpen();
            }
        }

        String error() {
            return client.status().error().orElse("");
        }

        @Override
        public void close() {
            client.close();
            server.close();
            target.close();
        }
    }

    private interface Play {
        void act(Scene scene) throws Exception;
    }

    private static void play(Play play) throws Exception {
        World.SIMULATED.play(platform -> {
            try (var scene = new Scene((Simulation) platform)) {
                play.act(scene);
            }
        });
    }

    private interface Search {
        Optional<String> run();
    }

    private record Exit(KeyedLink link, Search search) implements ExitLink {
        @Override
        public Optional<String> findBreak() {
            return search.run();
        }

        @Override
        public PublicKey remoteKey() {
            return link.remoteKey();
        }

        @Override
        public int remotePort() {
            return link.remotePort();
        }

        @Override
        public int localPort() {
            return link.localPort();
        }

        @Override
        public int read(byte[] b, int off, int len, Deadline deadline) throws IOException {
            return link.read(b, off, len, deadline);
        }

        @Override
        public void write(byte[] b, int off, int len, Deadline deadline) throws IOException {
            link.write(b, off, len, deadline);
        }

        @Override
        public void finishWriting(Deadline deadline) throws IOException {
            link.finishWriting(deadline);
        }

        @Override
        public void close() {
            link.close();
        }

        @Override
        public String local() {
            return link.local();
        }

        @Override
        public String remote() {
            return link.remote();
        }
    }

    @Test
    void aBreakOnTheWayEndsConnectionsSoonAndIsSaid() throws Exception {
        play(scene -> {
            Link link = scene.connect();
            scene.found.set("hop 2 died");
            scene.silence();
            assertEquals(-1, link.read(new byte[1], 0, 1, scene.in(9)));
            assertEquals("hop 2 died", scene.error());
            scene.sim.until(
                    "dialled again",
                    Duration.ofSeconds(5),
                    () -> scene.client.status().state() == SocksClient.State.RUNNING);
            scene.connect().close();
            link.close();
        });
    }

    @Test
    void anExitThatMayOnlyBeSlowGetsMoreTime() throws Exception {
        play(scene -> {
            Link link = scene.connect();
            scene.silence();
            scene.sim.sleep(Duration.ofSeconds(9));
            assertEquals("", scene.error());
            assertEquals(-1, link.read(new byte[1], 0, 1, scene.in(5)));
            assertTrue(scene.error().contains("has not answered for 10 s"), scene::error);
            link.close();
        });
    }

    @Test
    void aProgramIsToldSoonThatThereIsNoLink() throws Exception {
        play(scene -> {
            scene.reachable.set(false);
            scene.client.reconnect("on purpose");
            long began = scene.sim.clock().nanoTime();
            assertEquals(Socks.NETWORK_UNREACHABLE, scene.reply());
            Duration waited = Duration.ofNanos(scene.sim.clock().nanoTime() - began);
            assertTrue(waited.compareTo(SocksClient.PATIENCE.plusSeconds(1)) < 0, waited::toString);
        });
    }

    @Test
    void aLinkThatIsBackInTimeServes() throws Exception {
        play(scene -> {
            scene.reachable.set(false);
            scene.client.reconnect("on purpose");
            scene.sim.go("comes back", () -> {
                scene.sim.sleep(Duration.ofSeconds(2));
                scene.reachable.set(true);
            });
            assertEquals(Socks.SUCCEEDED, scene.reply());
        });
    }

    @Test
    void anIdleProxyIsAskedLessOften() throws Exception {
        play(scene -> {
            scene.found.set("hop 2 died");
            scene.sim.until(
                    "idle", Duration.ofSeconds(1), () -> scene.client.status().streams() == 0);
            scene.silence();
            scene.sim.sleep(Duration.ofSeconds(14));
            assertEquals("", scene.error());
            scene.sim.until(
                    "noticed", Duration.ofSeconds(10), () -> !scene.error().isEmpty());
        });
    }
}
