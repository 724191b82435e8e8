package skywire.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Listener;

class SimNetworkTest {
    private static final int SEEDS = 20;
    private static final HostPort PLACE = HostPort.parse("10.0.0.2:80");

    /** Two hosts with a connection between them. */
    private record Pair(Simulation sim, SimHost a, SimHost b, Link dialer, Link acceptor) {
        Wire wire() {
            return ((SimLink) dialer).wire();
        }

        Deadline in(long seconds) {
            return sim.clock().in(Duration.ofSeconds(seconds));
        }
    }

    private interface Scene {
        void play(Pair pair) throws Exception;
    }

    private static void play(Scene scene) {
        for (long seed = 0; seed < SEEDS; seed++) {
            Simulation.run(seed, sim -> {
                SimHost a = sim.host("10.0.0.1");
                SimHost b = sim.host("10.0.0.2");
                try (Listener listener = b.network().listen(PLACE);
                        Link dialer = a.network().dial(PLACE, Deadline.NEVER);
                        Link acceptor = listener.accept()) {
                    scene.play(new Pair(sim, a, b, dialer, acceptor));
                }
            });
        }
    }

    private static void fails(Failure.Kind kind, org.junit.jupiter.api.function.Executable action) {
        assertEquals(kind, assertThrows(Failure.class, action).kind());
    }

    private static int read(Link link, Deadline deadline) throws IOException {
        return link.read(new byte[1], 0, 1, deadline);
    }

    @Test
    void carriesBytesInOrder() {
        play(p -> {
            byte[] sent = new byte[300_000];
            p.sim.random().nextBytes(sent);
            p.sim.go("writer", () -> {
                p.dialer.write(sent, p.in(60));
                p.dialer.finishWriting(p.in(1));
            });
            byte[] got = new byte[sent.length];
            p.acceptor.readFully(got, 0, got.length, p.in(60));
            assertArrayEquals(sent, got);
            assertEquals(-1, read(p.acceptor, p.in(1)));
        });
    }

    @Test
    void takesTheTimeOfDelayAndBandwidth() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Simulation.run(seed, sim -> {
                SimHost a = sim.host("10.0.0.1");
                SimHost b = sim.host("10.0.0.2");
                sim.faults().between(Duration.ofMillis(100), Duration.ZERO, 1_000_000);
                try (Listener listener = b.network().listen(PLACE);
                        Link dialer = a.network().dial(PLACE, Deadline.NEVER);
                        Link acceptor = listener.accept()) {
                    Duration before = sim.elapsed();
                    assertTrue(before.toMillis() >= 200);
                    dialer.write(new byte[100_000], Deadline.NEVER);
                    acceptor.readFully(new byte[100_000], 0, 100_000, Deadline.NEVER);
                    long millis = sim.elapsed().minus(before).toMillis();
                    assertTrue(millis >= 199 && millis < 230, millis + " ms");
                }
            });
        }
    }

    @Test
    void stalledPeerStopsTheWriterAtItsDeadline() {
        play(p -> {
            p.wire().stallForward();
            fails(Failure.Kind.TIMEOUT, () -> p.dialer.write(new byte[1_000_000], p.in(10)));
            assertTrue(p.sim.elapsed().toSeconds() >= 10);
            fails(Failure.Kind.CLOSED_HERE, () -> p.dialer.write(new byte[1], p.in(1)));
        });
    }

    @Test
    void stallEndsWithoutLoss() {
        play(p -> {
            p.wire().stallBack();
            p.acceptor.write(new byte[] {1, 2, 3}, p.in(1));
            fails(Failure.Kind.TIMEOUT, () -> read(p.dialer, p.in(5)));
            p.wire().resume();
            byte[] b = new byte[3];
            p.dialer.readFully(b, 0, 3, p.in(5));
            assertArrayEquals(new byte[] {1, 2, 3}, b);
        });
    }

    @Test
    void halfOpenPeerSaysNothing() {
        play(p -> {
            p.wire().halfOpen();
            p.acceptor.close();
            fails(Failure.Kind.TIMEOUT, () -> read(p.dialer, p.in(3600)));
            p.dialer.write(new byte[100], p.in(1));
        });
    }

    @Test
    void theSystemGivesUpAPeerThatIsSilentForTooLong() {
        play(p -> {
            p.wire().halfOpen();
            p.dialer.write(new byte[100], p.in(1));
            fails(Failure.Kind.CLOSED_THERE, () -> read(p.dialer, Deadline.NEVER));
            long minutes = p.sim.elapsed().toMinutes();
            assertEquals(15, minutes);
            fails(Failure.Kind.CLOSED_THERE, () -> read(p.acceptor, Deadline.NEVER));
            assertEquals(131, p.sim.elapsed().toMinutes());
        });
    }

    @Test
    void resetIsSeenAtBothEnds() {
        play(p -> {
            p.sim.go("cut", () -> {
                p.sim.sleep(Duration.ofSeconds(1));
                p.wire().reset();
            });
            fails(Failure.Kind.CLOSED_THERE, () -> read(p.dialer, Deadline.NEVER));
            fails(Failure.Kind.CLOSED_THERE, () -> read(p.acceptor, Deadline.NEVER));
            fails(Failure.Kind.CLOSED_THERE, () -> p.acceptor.write(new byte[1], p.in(1)));
        });
    }

    @Test
    void orderlyCloseIsAnEndAfterTheData() {
        play(p -> {
            p.dialer.write(new byte[2], p.in(1));
            p.dialer.close();
            p.acceptor.readFully(new byte[2], 0, 2, p.in(1));
            assertEquals(-1, read(p.acceptor, p.in(1)));
            fails(Failure.Kind.CLOSED_HERE, () -> read(p.dialer, p.in(1)));
        });
    }

    @Test
    void dataForAClosedEndIsAnsweredWithReset() {
        play(p -> {
            p.dialer.close();
            p.sim.sleep(Duration.ofSeconds(1));
            p.acceptor.write(new byte[1], p.in(1));
            p.sim.sleep(Duration.ofSeconds(1));
            fails(Failure.Kind.CLOSED_THERE, () -> p.acceptor.write(new byte[1], p.in(1)));
        });
    }

    @Test
    void closingWithUnreadDataResets() {
        play(p -> {
            p.dialer.write(new byte[1], p.in(1));
            p.sim.sleep(Duration.ofSeconds(1));
            p.acceptor.close();
            fails(Failure.Kind.CLOSED_THERE, () -> read(p.dialer, p.in(1)));
        });
    }

    @Test
    void closeWakesTheReader() {
        play(p -> {
            p.sim.go("closer", () -> {
                p.sim.sleep(Duration.ofSeconds(1));
                p.dialer.close();
            });
            fails(Failure.Kind.CLOSED_HERE, () -> read(p.dialer, Deadline.NEVER));
        });
    }

    @Test
    void interruptOfABlockedReaderCloses() {
        play(p -> {
            Thread self = Thread.currentThread();
            p.sim.go("interrupter", () -> {
                p.sim.sleep(Duration.ofSeconds(1));
                self.interrupt();
            });
            fails(Failure.Kind.CANCELLED, () -> read(p.dialer, Deadline.NEVER));
            assertTrue(Thread.interrupted());
            fails(Failure.Kind.CLOSED_HERE, () -> p.dialer.write(new byte[1], p.in(1)));
            assertEquals(-1, read(p.acceptor, p.in(1)));
        });
    }

    @Test
    void interruptedThreadStillReadsWhatIsThere() {
        play(p -> {
            p.dialer.write(new byte[1], p.in(1));
            p.sim.sleep(Duration.ofSeconds(1));
            Thread.currentThread().interrupt();
            assertEquals(1, read(p.acceptor, p.in(1)));
            assertFalse(((SimLink) p.acceptor).isClosed());
            assertTrue(Thread.interrupted());
        });
    }

    @Test
    void partitionHoldsBackAndHeals() {
        play(p -> {
            p.sim.faults().partition(p.a, p.b);
            p.dialer.write(new byte[1], p.in(1));
            fails(Failure.Kind.TIMEOUT, () -> read(p.acceptor, p.in(30)));
            fails(Failure.Kind.TIMEOUT, () -> p.a.network().dial(PLACE, p.in(5)));
            p.sim.faults().heal();
            assertEquals(1, read(p.acceptor, p.in(1)));
            p.a.network().dial(PLACE, p.in(5)).close();
        });
    }

    @Test
    void nobodyListeningRefuses() {
        play(p -> {
            fails(Failure.Kind.REFUSED, () -> p.a.network().dial(HostPort.parse("10.0.0.2:81"), p.in(5)));
            fails(Failure.Kind.UNREACHABLE, () -> p.a.network().dial(HostPort.parse("10.9.9.9:80"), p.in(5)));
            fails(Failure.Kind.NOT_FOUND, () -> p.a.network().dial(HostPort.parse("nowhere.example:80"), p.in(5)));
            p.sim.faults().refuse(PLACE);
            fails(Failure.Kind.REFUSED, () -> p.a.network().dial(PLACE, p.in(5)));
            p.sim.faults().answer(PLACE);
            p.sim.faults().silence(PLACE);
            fails(Failure.Kind.TIMEOUT, () -> p.a.network().dial(PLACE, p.in(5)));
            p.sim.faults().answer(PLACE);
            p.a.network().dial(PLACE, p.in(5)).close();
        });
    }

    @Test
    void loopbackListenerIsNotReachedFromOutside() {
        play(p -> {
            try (Listener inner = p.b.network().listen(HostPort.parse("127.0.0.1:90"))) {
                fails(Failure.Kind.REFUSED, () -> p.a.network().dial(HostPort.parse("10.0.0.2:90"), p.in(5)));
                p.b.network().dial(inner.local(), p.in(5)).close();
            }
        });
    }

    @Test
    void killedProcessEndsItsConnections() {
        play(p -> {
            p.b.start("server", () -> {
                throw new AssertionError("runs after its host died");
            });
            p.b.kill();
            assertTrue(read(p.dialer, p.in(1)) < 0);
            fails(Failure.Kind.TIMEOUT, () -> p.a.network().dial(PLACE, p.in(5)));
        });
    }

    @Test
    void unpluggedMachineIsSilent() {
        play(p -> {
            p.b.unplug();
            fails(Failure.Kind.TIMEOUT, () -> read(p.dialer, p.in(600)));
        });
    }

    @Test
    void namesResolve() {
        play(p -> {
            p.sim.faults().name("b.example", "10.0.0.2");
            p.a.network().dial(HostPort.parse("b.example:80"), p.in(5)).close();
            assertEquals(
                    "10.0.0.2",
                    p.a.network().resolve("b.example", p.in(1)).getFirst().getHostAddress());
            fails(Failure.Kind.NOT_FOUND, () -> p.a.network().resolve("c.example", p.in(1)));
        });
    }
}
