package skywire.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Listener;
import skywire.platform.Mailbox;
import skywire.platform.Scope;

class SimulationTest {
    /** A little of everything: threads, queues, timers, connections with resets. Prints nothing, returns what happened. */
    static Simulation.Report busyRun(long seed) {
        return Simulation.run(seed, sim -> {
            try (var scope = new Scope(sim, "busy");
                    Listener listener = sim.network().listen(HostPort.parse("127.0.0.1:0"))) {
                scope.own(listener);
                scope.fork("accept", () -> {
                    while (true) {
                        Link link = scope.own(listener.accept());
                        scope.forkChild("echo", () -> echo(link));
                    }
                });
                var results = new Mailbox<String>(sim.clock(), 2);
                for (int i = 0; i < 4; i++) {
                    int id = i;
                    scope.forkChild("client" + id, () -> {
                        Deadline deadline = sim.clock().in(Duration.ofSeconds(20));
                        try (Link link = sim.network().dial(listener.local(), deadline)) {
                            byte[] sent = new byte[1 + sim.random().nextInt(5000)];
                            sim.random().nextBytes(sent);
                            link.write(sent, deadline);
                            byte[] back = new byte[sent.length];
                            link.readFully(back, 0, back.length, deadline);
                            assertArrayEquals(sent, back);
                            results.put(id + " sent " + sent.length, deadline);
                        } catch (java.io.IOException e) {
                            results.put(id + " failed", deadline);
                        }
                    });
                }
                sim.sleep(Duration.ofNanos(sim.dice().nextInt(2_000_000)));
                sim.faults().wires().stream().findFirst().ifPresent(Wire::reset);
                for (int i = 0; i < 4; i++) {
                    sim.note(results.take(sim.clock().in(Duration.ofMinutes(1))));
                }
            }
        });
    }

    static void echo(Link link) throws java.io.IOException {
        try (link) {
            byte[] b = new byte[1000];
            for (int n; (n = link.read(b, 0, b.length, Deadline.NEVER)) > 0; ) {
                link.write(b, 0, n, Deadline.NEVER);
            }
        }
    }

    @Test
    void sameSeedSameHash() {
        for (long seed = 0; seed < 5; seed++) {
            assertEquals(busyRun(seed).hash(), busyRun(seed).hash());
        }
    }

    @Test
    void twentySeedsTwentyHashes() {
        var hashes = new TreeSet<Long>();
        for (long seed = 0; seed < 20; seed++) {
            hashes.add(busyRun(seed).hash());
        }
        assertEquals(20, hashes.size());
    }

    @Test
    void sameHashInAnotherProcess() throws Exception {
        assertEquals(busyRun(7).hash(), Replay.inAnotherProcess("busy", 7));
    }

    @Test
    void timePassesOnlyVirtually() {
        var report = Simulation.run(1, sim -> {
            var before = sim.clock().now();
            sim.sleep(Duration.ofHours(1));
            Duration passed = Duration.between(before, sim.clock().now());
            assertTrue(passed.compareTo(Duration.ofHours(1)) >= 0, passed.toString());
            assertTrue(passed.compareTo(Duration.ofHours(1).plusSeconds(1)) < 0, passed.toString());
        });
        assertTrue(report.real().toSeconds() < 30);
    }

    @Test
    void timersFireInOrder() {
        Simulation.run(2, sim -> {
            var order = new ArrayList<Integer>();
            for (int i : List.of(3, 1, 2)) {
                sim.go("sleeper" + i, () -> {
                    sim.sleep(Duration.ofSeconds(i));
                    order.add(i);
                });
            }
            sim.sleep(Duration.ofSeconds(5));
            assertEquals(List.of(1, 2, 3), order);
        });
    }

    @Test
    void waitEndsAtDeadlineEvenIfTheLockIsTaken() {
        Simulation.run(3, sim -> {
            var lock = new ReentrantLock();
            var never = lock.newCondition();
            sim.go("holder", () -> {
                sim.sleep(Duration.ofMillis(500));
                lock.lock();
                try {
                    sim.sleep(Duration.ofSeconds(2));
                } finally {
                    lock.unlock();
                }
            });
            lock.lock();
            try {
                Deadline deadline = sim.clock().in(Duration.ofSeconds(1));
                while (sim.clock().await(lock, never, deadline)) {
                    assertTrue(deadline.nanosLeft() > 0);
                }
                assertTrue(sim.elapsed().toMillis() >= 2499, sim.elapsed().toString());
            } finally {
                lock.unlock();
            }
        });
    }

    @Test
    void namesSeedWhenTheBodyFails() {
        var e = assertThrows(
                AssertionError.class,
                () -> Simulation.run(42, sim -> {
                    sim.note("before the fall");
                    throw new IllegalStateException("boom");
                }));
        assertTrue(e.getMessage().contains("seed 42"), e.getMessage());
        assertTrue(e.getMessage().contains("before the fall"), e.getMessage());
        assertEquals("boom", e.getCause().getMessage());
    }

    @Test
    void saysHowToReplayAFailedScenario() {
        var e = assertThrows(
                Simulation.SimulationFailed.class,
                () -> Scenarios.play(
                        "bad-day",
                        seed -> Simulation.run(seed, sim -> {
                            throw new IllegalStateException("boom");
                        }),
                        42));
        assertTrue(e.getMessage().startsWith("replay with: make seed S=42 SCENARIO=bad-day"), e.getMessage());
        assertTrue(e.timeline().getLast().contains("boom"), e.timeline().toString());
    }

    @Test
    void failsWhenAThreadOfTheScenarioFails() {
        var e = assertThrows(
                AssertionError.class,
                () -> Simulation.run(42, sim -> {
                    sim.go("part", () -> {
                        throw new IllegalStateException("part fell");
                    });
                    sim.sleep(Duration.ofSeconds(1));
                }));
        assertEquals("part fell", e.getCause().getMessage());
    }

    @Test
    void failsOnABugInAScope() {
        assertThrows(
                AssertionError.class,
                () -> Simulation.run(42, sim -> {
                    try (var scope = new Scope(sim, "s")) {
                        scope.fork("buggy", () -> {
                            throw new IllegalStateException("a bug");
                        });
                        sim.sleep(Duration.ofSeconds(1));
                    }
                }));
    }

    @Test
    void detectsDeadlock() {
        var e = assertThrows(
                AssertionError.class,
                () -> Simulation.run(1, sim -> new Mailbox<String>(sim.clock(), 1).take(Deadline.NEVER)));
        assertTrue(e.getMessage().contains("deadlock"), e.getMessage());
        assertTrue(e.getMessage().contains("Mailbox"), e.getMessage());
    }

    @Test
    void detectsThreadsLeftRunning() {
        var e = assertThrows(
                AssertionError.class,
                () -> Simulation.run(
                        1,
                        sim -> sim.start("forgotten", () -> {
                            try {
                                new Mailbox<String>(sim.clock(), 1).take(Deadline.NEVER);
                            } catch (java.io.IOException unexpected) {
                                throw new AssertionError(unexpected);
                            }
                        })));
        assertTrue(e.getMessage().contains("forgotten"), e.getMessage());
    }

    @Test
    void detectsThreadsPastThePlatform() {
        assertThrows(
                AssertionError.class,
                () -> Simulation.run(1, sim -> Thread.ofVirtual().start(() -> {})));
    }

    @Test
    void unixSocketsWork() {
        Simulation.run(1, sim -> {
            Path path = Path.of("/run/some.sock");
            try (Listener listener = sim.network().listen(path)) {
                assertEquals(
                        Failure.Kind.REFUSED,
                        assertThrows(Failure.class, () -> sim.network().listen(path))
                                .kind());
                sim.go("server", () -> echo(listener.accept()));
                try (Link link = sim.network().dial(path, Deadline.NEVER)) {
                    link.write("hello".getBytes(StandardCharsets.UTF_8), Deadline.NEVER);
                    byte[] b = new byte[5];
                    link.readFully(b, 0, 5, Deadline.NEVER);
                    assertEquals("hello", new String(b, StandardCharsets.UTF_8));
                }
            }
            assertThrows(Failure.class, () -> sim.network().dial(path, Deadline.NEVER));
        });
    }
}
