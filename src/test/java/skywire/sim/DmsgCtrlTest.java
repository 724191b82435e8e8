package skywire.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import skywire.directory.FixedDirectory;
import skywire.dmsg.DmsgAddress;
import skywire.dmsg.DmsgClient;
import skywire.dmsg.DmsgConfig;
import skywire.dmsg.DmsgCtrl;
import skywire.dmsg.DmsgStream;
import skywire.dmsg.server.DmsgServer;
import skywire.dmsg.server.DmsgServerConfig;
import skywire.key.SecretKey;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;

/** dmsgctrl between two clients of a server. */
class DmsgCtrlTest {
    private static final Duration DELAY = Duration.ofMillis(5);

    private interface Scene {
        void play(Simulation sim, DmsgClient asking, DmsgClient asked, DmsgCtrl ctrl) throws Exception;
    }

    private static void play(Scene scene) {
        Seeds.play(3, seed -> Simulation.run(seed, sim -> stage(sim, scene)));
    }

    private static void stage(Simulation sim, Scene scene) throws Exception {
        sim.faults().between(DELAY, Duration.ZERO, 1_000_000);
        var directory = new FixedDirectory();
        var at = new HostPort("10.0.1.1", 8080);
        var server = DmsgServerConfig.of(SecretKey.generate(sim.random()), at, at.toString());
        try (DmsgServer _ = DmsgServer.start(sim.host(at.host()), server, directory);
                DmsgClient asking = client(sim, "10.0.0.1", directory);
                DmsgClient asked = client(sim, "10.0.0.2", directory);
                DmsgCtrl ctrl = DmsgCtrl.start(sim, asked.listen(DmsgCtrl.PORT))) {
            asking.awaitReady(in(sim, 60));
            asked.awaitReady(in(sim, 60));
            scene.play(sim, asking, asked, ctrl);
            sim.until("no stream is left", Duration.ofMinutes(3), () -> ctrl.open() == 0);
        }
    }

    private static DmsgClient client(Simulation sim, String host, FixedDirectory directory) throws IOException {
        return DmsgClient.start(sim.host(host), DmsgConfig.of(SecretKey.generate(sim.random())), directory);
    }

    private static Deadline in(Simulation sim, int seconds) {
        return sim.clock().in(Duration.ofSeconds(seconds));
    }

    private static DmsgStream open(Simulation sim, DmsgClient from, DmsgClient to) throws IOException {
        return from.dial(new DmsgAddress(to.publicKey(), DmsgCtrl.PORT), in(sim, 10));
    }

    private static int read(Simulation sim, DmsgStream stream) throws IOException {
        var b = new byte[1];
        return stream.read(b, 0, 1, in(sim, 10)) < 0 ? -1 : b[0];
    }

    @Test
    void pingTakesTheRoundTripOfTheNetwork() {
        play((sim, asking, asked, ctrl) -> {
            Duration rtt = DmsgCtrl.ping(sim, asking, asked.publicKey(), in(sim, 10));
            assertTrue(
                    rtt.compareTo(DELAY.multipliedBy(4)) >= 0 && rtt.compareTo(DELAY.multipliedBy(5)) < 0,
                    rtt::toString);
        });
    }

    @Test
    void oneStreamAnswersManyPings() {
        play((sim, asking, asked, ctrl) -> {
            try (DmsgStream stream = open(sim, asking, asked)) {
                stream.write(new byte[] {0x09, 0x09, 0x0a, 0x09}, in(sim, 10));
                for (int i = 0; i < 3; i++) {
                    assertEquals(0x0a, read(sim, stream));
                }
            }
        });
    }

    @Test
    void anyOtherMessageEndsTheStream() {
        play((sim, asking, asked, ctrl) -> {
            try (DmsgStream stream = open(sim, asking, asked)) {
                stream.write(new byte[] {0x0b}, in(sim, 10));
                assertEquals(-1, read(sim, stream));
            }
        });
    }

    @Test
    void anIdleStreamIsClosed() {
        play((sim, asking, asked, ctrl) -> {
            try (DmsgStream stream = open(sim, asking, asked)) {
                var b = new byte[1];
                assertEquals(-1, stream.read(b, 0, 1, sim.clock().in(DmsgCtrl.IDLE_LIMIT.plusSeconds(1))));
            }
        });
    }

    @Test
    void oneCallerGetsFewStreams() {
        play((sim, asking, asked, ctrl) -> {
            List<DmsgStream> streams = new ArrayList<>();
            for (int i = 0; i < DmsgCtrl.MAX_PER_KEY; i++) {
                streams.add(open(sim, asking, asked));
            }
            try (DmsgStream more = open(sim, asking, asked)) {
                assertEquals(-1, read(sim, more));
            }
            streams.removeLast().close();
            sim.until("one has ended", Duration.ofSeconds(10), () -> ctrl.open() == DmsgCtrl.MAX_PER_KEY - 1);
            DmsgCtrl.ping(sim, asking, asked.publicKey(), in(sim, 10));
            streams.forEach(DmsgStream::close);
        });
    }

    @Test
    void nobodyListening() {
        play((sim, asking, asked, ctrl) -> {
            ctrl.close();
            var e = assertThrows(Failure.class, () -> DmsgCtrl.ping(sim, asking, asked.publicKey(), in(sim, 2)));
            assertEquals(Failure.Kind.REFUSED, e.kind());
        });
    }
}
