package skywire.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import skywire.key.SecretKey;
import skywire.link.SecureLink;
import skywire.noise.Pattern;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Listener;
import skywire.yamux.Side;
import skywire.yamux.YamuxConfig;
import skywire.yamux.YamuxSession;
import skywire.yamux.YamuxStream;

/** Noise and yamux over a simulated TCP connection that fails in every way. */
class YamuxScenariosTest {
    private static final HostPort PLACE = HostPort.parse("10.0.0.2:8080");

    enum Fault {
        NONE,
        RESET,
        HALF_OPEN,
        STALL_FORWARD,
        STALL_BACK,
        SHORT_STALL,
        CLOSE_HERE,
        CLOSE_THERE,
        KILL
    }

    static Simulation.Report play(long seed, Fault fault) {
        return Simulation.run(seed, sim -> new YamuxScenario(sim, fault).play());
    }

    @ParameterizedTest
    @EnumSource
    void streamsDeliverWhatWasSentOrFail(Fault fault) {
        Scenarios.playSeeds(Scenarios.name("yamux", fault), 6);
    }

    @Test
    void replays() throws Exception {
        long hash = play(5, Fault.RESET).hash();
        assertEquals(hash, play(5, Fault.RESET).hash());
        assertNotEquals(hash, play(6, Fault.RESET).hash());
        assertEquals(hash, Replay.inAnotherProcess("yamux-reset", 5));
    }

    private static final class YamuxScenario {
        private static final int STREAMS = 6;

        private final Simulation sim;
        private final Fault fault;
        private final SimHost a;
        private final SimHost b;
        private final SecretKey keyA;
        private final SecretKey keyB;
        private YamuxSession client;
        private YamuxSession server;
        private boolean over;

        YamuxScenario(Simulation sim, Fault fault) {
            this.sim = sim;
            this.fault = fault;
            this.a = sim.host("10.0.0.1");
            this.b = sim.host("10.0.0.2");
            this.keyA = SecretKey.generate(sim.random());
            this.keyB = SecretKey.generate(sim.random());
        }

        void play() throws Exception {
            sim.faults().between(Duration.ofMillis(5), Duration.ofMillis(2), 4_000_000);
            try (Listener listener = b.network().listen(PLACE)) {
                Thread serve = b.start("serve", () -> serve(listener));
                Link raw = a.network().dial(PLACE, in(10));
                Wire wire = ((SimLink) raw).wire();
                Link secure = SecureLink.initiator(raw, Pattern.KK, keyA, keyB.publicKey(), a, in(10));
                client = YamuxSession.open(a, "client", secure, Side.CLIENT, YamuxConfig.CLIENT);
                List<Simulation.Joinable> parts = new ArrayList<>();
                for (int i = 0; i < STREAMS; i++) {
                    parts.add(sim.go("stream" + i, this::talk));
                }
                sim.sleep(Duration.ofMillis(sim.dice().nextInt(400)));
                strike(wire);
                for (Simulation.Joinable part : parts) {
                    part.join();
                }
                over = true;
                client.close();
                if (fault != Fault.KILL) {
                    sim.until("the server's session ends", Duration.ofSeconds(60), server::isClosed);
                    sim.until("the server's thread ends", Duration.ofSeconds(60), () -> !serve.isAlive());
                    assertEquals(0, server.streamCount());
                }
                assertEquals(0, client.streamCount());
            }
        }

        private Deadline in(int seconds) {
            return sim.clock().in(Duration.ofSeconds(seconds));
        }

        private void serve(Listener listener) {
            try {
                Link secure = SecureLink.responder(listener.accept(), Pattern.KK, keyB, keyA.publicKey(), b, in(10));
                server = YamuxSession.open(b, "server", secure, Side.SERVER, YamuxConfig.SERVER);
                while (true) {
                    YamuxStream stream = server.accept();
                    b.start("echo", () -> echo(stream));
                }
            } catch (IOException e) {
                if (fault == Fault.NONE && !over) {
                    throw new AssertionError(e);
                }
            }
        }

        private void echo(YamuxStream stream) {
            try (stream) {
                byte[] buffer = new byte[10_000];
                for (int n; (n = stream.read(buffer, 0, buffer.length, in(300))) >= 0; ) {
                    stream.write(buffer, 0, n, in(300));
                }
                stream.finishWriting(in(10));
            } catch (IOException e) {
                if (fault == Fault.NONE) {
                    throw new AssertionError(e);
                }
            }
        }

        /** Sends from one thread and reads the echo on this one: what comes back is a prefix of what was sent. */
        private void talk() throws Exception {
            byte[] sent = new byte[sim.random().nextInt(700_000)];
            sim.random().nextBytes(sent);
            byte[] got = new byte[sent.length];
            int have = 0;
            try (YamuxStream stream = client.open(in(30))) {
                sim.go("sender", () -> send(stream, sent));
                for (int n; (n = stream.read(got, have, Math.min(8192, got.length - have), in(120))) > 0; have += n) {
                    if (have + n == got.length) {
                        have = got.length;
                        break;
                    }
                }
                assertEquals(sent.length, have);
            } catch (Failure e) {
                assertNotEquals(Failure.Kind.MALFORMED, e.kind(), e.getMessage());
                assertNotEquals(Failure.Kind.UNTRUSTED, e.kind(), e.getMessage());
                assertNotEquals(Failure.Kind.TIMEOUT, fault == Fault.RESET ? e.kind() : Failure.Kind.LIMIT);
                assertTrue(fault != Fault.NONE && fault != Fault.SHORT_STALL, () -> "failed without a fault: " + e);
            }
            sim.note("got " + have + " of " + sent.length + " bytes back");
            assertArrayEquals(Arrays.copyOf(sent, have), Arrays.copyOf(got, have));
            assertTrue(sim.elapsed().toSeconds() < 60, "keep-alive must end a dead session");
        }

        private void send(YamuxStream stream, byte[] sent) throws IOException {
            try {
                for (int at = 0, n; at < sent.length; at += n) {
                    n = Math.min(sent.length - at, 1 + sim.random().nextInt(40_000));
                    stream.write(sent, at, n, in(120));
                }
            } catch (Failure e) {
                assertTrue(fault != Fault.NONE && fault != Fault.SHORT_STALL, () -> "failed without a fault: " + e);
            }
        }

        private void strike(Wire wire) throws Exception {
            switch (fault) {
                case NONE -> sim.note("no fault");
                case RESET -> wire.reset();
                case HALF_OPEN -> wire.halfOpen();
                case STALL_FORWARD -> wire.stallForward();
                case STALL_BACK -> wire.stallBack();
                case SHORT_STALL -> {
                    wire.halfOpen();
                    sim.sleep(Duration.ofSeconds(5));
                    wire.resume();
                }
                case CLOSE_HERE -> client.close();
                case CLOSE_THERE -> {
                    if (server != null) {
                        server.close();
                    } else {
                        wire.reset();
                    }
                }
                case KILL -> b.kill();
            }
        }
    }
}
