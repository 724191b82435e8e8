package skywire.route.group;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.sim.SimHost;
import skywire.sim.Simulation;
import skywire.sim.Wire;
import skywire.testkit.RouteNet;
import skywire.testkit.RouteNet.Node;
import skywire.transport.Transport;

/** Routes that share transports, while somebody takes bytes slowly or not at all. */
class PressureTest {
    private static final Duration ONCE = Transport.STALL.plusMillis(500);
    private static final byte[] BLOCK = block();

    private static byte[] block() {
        byte[] block = new byte[256 * 1024];
        new SplittableRandom(1).nextBytes(block);
        return block;
    }

    private static Deadline in(Simulation sim, int seconds) {
        return sim.clock().in(Duration.ofSeconds(seconds));
    }

    private static Node add(RouteNet net, Simulation sim, int i) throws IOException {
        SimHost host = sim.host("10.0.0." + i);
        return net.add(host, host.address(), "visor " + i);
    }

    private static List<Node> line(RouteNet net, Simulation sim, int n) throws IOException {
        var line = new ArrayList<Node>();
        for (int i = 0; i < n; i++) {
            line.add(add(net, sim, i));
            if (i > 0) {
                net.join(line.get(i - 1), line.get(i));
            }
        }
        return line;
    }

    private static void send(RouteGroup to, int bytes, Simulation sim) throws IOException {
        for (int done = 0, n; done < bytes; done += n) {
            n = Math.min(BLOCK.length, bytes - done);
            to.write(BLOCK, 0, n, in(sim, 120));
        }
    }

    /** Reads so many bytes, {@code step} at a time with a pause after each. */
    private static byte[] hash(RouteGroup from, int bytes, int step, Duration pause, Simulation sim) throws Exception {
        var sha = MessageDigest.getInstance("SHA-256");
        byte[] buffer = new byte[step];
        for (int left = bytes, n; left > 0; left -= n) {
            n = from.read(buffer, 0, Math.min(step, left), in(sim, 120));
            assertTrue(n > 0, "cut with " + left + " bytes to come");
            sha.update(buffer, 0, n);
            if (!pause.isZero()) {
                sim.sleep(pause);
            }
        }
        return sha.digest();
    }

    private static byte[] hashOfSent(int bytes) throws Exception {
        var sha = MessageDigest.getInstance("SHA-256");
        for (int done = 0, n; done < bytes; done += n) {
            n = Math.min(BLOCK.length, bytes - done);
            sha.update(BLOCK, 0, n);
        }
        return sha.digest();
    }

    @Test
    void eightDownloadsWithASlowReaderArriveWhole() {
        Simulation.run(1, sim -> {
            sim.faults().between(Duration.ofMillis(5), Duration.ofMillis(1), 20_000_000);
            try (var net = new RouteNet(sim)) {
                eightDownloads(net, line(net, sim, 4), 8_000_000, Duration.ofMillis(50), sim); // it takes 1 MB/s
            }
        });
    }

    @Test
    void eightDownloadsOverASlowLinkArriveWhole() {
        Simulation.run(2, sim -> {
            sim.faults().between(Duration.ofMillis(5), Duration.ofMillis(1), 20_000_000);
            try (var net = new RouteNet(sim)) {
                List<Node> line = line(net, sim, 3);
                sim.faults().between(Duration.ofMillis(40), Duration.ofMillis(20), 60_000);
                line.add(add(net, sim, 3));
                net.join(line.get(2), line.get(3));
                eightDownloads(net, line, 600_000, Duration.ZERO, sim);
            }
        });
    }

    /** From the last to the first; one reader makes a pause after every 50 kB. */
    private static void eightDownloads(RouteNet net, List<Node> line, int size, Duration pause, Simulation sim)
            throws Exception {
        byte[] wanted = hashOfSent(size);
        var routes = new ArrayList<RouteNet.Ends>();
        for (int i = 0; i < 8; i++) {
            routes.add(net.open(line, 3));
        }
        var tasks = new ArrayList<Simulation.Joinable>();
        for (int i = 0; i < 8; i++) {
            RouteNet.Ends ends = routes.get(i);
            Duration mine = i == 0 ? pause : Duration.ZERO;
            sim.go("sender", () -> send(ends.accepted(), size, sim));
            tasks.add(sim.go("reader", () -> assertArrayEquals(wanted, hash(ends.dialled(), size, 50_000, mine, sim))));
        }
        for (Simulation.Joinable task : tasks) {
            task.join();
        }
    }

    /** What a thread has found out. */
    private static final class Watch {
        boolean done;
        int rounds;
        Simulation.Joinable asker;
        final List<Duration> gaps = new ArrayList<>();
    }

    /** Sends a byte there and back again and again, noting the round trips that took longer than half a second. */
    private static Watch echo(RouteNet.Ends ends, Simulation sim) {
        var watch = new Watch();
        sim.go("echo", () -> {
            byte[] b = new byte[1];
            while (ends.accepted().read(b, 0, 1, in(sim, 60)) > 0) {
                ends.accepted().write(b, 0, 1, in(sim, 60));
            }
        });
        watch.asker = sim.go("asker", () -> {
            byte[] b = new byte[1];
            while (!watch.done) {
                long began = sim.elapsed().toNanos();
                ends.dialled().write(b, 0, 1, in(sim, 60));
                ends.dialled().readFully(b, 0, 1, in(sim, 60));
                long took = sim.elapsed().toNanos() - began;
                if (took > 500_000_000L) {
                    watch.gaps.add(Duration.ofNanos(took));
                }
                watch.rounds++;
                sim.sleep(Duration.ofMillis(10));
            }
            ends.dialled().close();
        });
        return watch;
    }

    private static void assertOnce(Watch others) throws Exception {
        others.done = true;
        others.asker.join();
        assertTrue(others.rounds > 100, "only " + others.rounds + " round trips");
        assertTrue(others.gaps.size() <= 1, "held up " + others.gaps);
        others.gaps.forEach(gap -> assertTrue(gap.compareTo(ONCE) < 0, "held up " + gap));
    }

    @Test
    void aReaderThatStopsHoldsUpOthersOnceAndIsCut() {
        for (long seed = 0; seed < 5; seed++) {
            Simulation.run(seed, Simulation.Options.DEFAULT.leaving(), sim -> {
                sim.faults().between(Duration.ofMillis(5), Duration.ofMillis(1), 20_000_000);
                try (var net = new RouteNet(sim)) {
                    List<Node> line = line(net, sim, 4);
                    Watch others = echo(net.open(line, 4), sim);
                    RouteNet.Ends stalled = net.open(line, 3);
                    Failure end = assertThrows(Failure.class, () -> send(stalled.accepted(), 100_000_000, sim));
                    assertTrue(end.getMessage().contains("reader stalled"), end.getMessage());
                    sim.sleep(Duration.ofSeconds(10));
                    assertOnce(others);
                    assertEquals(Failure.Kind.LIMIT, stalled.dialled().ended().kind());
                    assertFalse(line.get(1).transports().list().stream().anyMatch(Transport::isStalled));
                }
            });
        }
    }

    /** Visor 1 relays for visor 0 to the visors 2 and 3; visor 3 takes nothing any more. */
    @Test
    void aNeighbourThatStallsHoldsUpOthersOnceAndIsNamed() {
        for (long seed = 0; seed < 5; seed++) {
            Simulation.run(seed, Simulation.Options.DEFAULT.leaving(), sim -> {
                sim.faults().between(Duration.ofMillis(5), Duration.ofMillis(1), 20_000_000);
                try (var net = new RouteNet(sim)) {
                    var visors = new ArrayList<Node>();
                    for (int i = 0; i < 4; i++) {
                        visors.add(add(net, sim, i));
                    }
                    net.join(visors.get(0), visors.get(1));
                    net.join(visors.get(1), visors.get(2));
                    Transport bad = net.join(visors.get(1), visors.get(3));
                    List<Node> goodWay = List.of(visors.get(0), visors.get(1), visors.get(2));
                    List<Node> badWay = List.of(visors.get(0), visors.get(1), visors.get(3));
                    Watch others = echo(net.open(goodWay, 4), sim);
                    RouteNet.Ends stalled = net.open(badWay, 3);
                    Wire wire =
                            sim.faults().wiresTo(visors.get(3).carrier().port()).getFirst();
                    wire.stallForward();
                    Failure end = assertThrows(Failure.class, () -> send(stalled.dialled(), 100_000_000, sim));
                    assertTrue(end.getMessage().contains(visors.get(1).key().hex()), end.getMessage());
                    assertTrue(end.getMessage().contains(visors.get(3).key().hex()), end.getMessage());
                    assertTrue(bad.droppedPackets() > 0);
                    sim.sleep(Duration.ofSeconds(20));
                    wire.resume();
                    sim.sleep(Duration.ofSeconds(5));
                    assertFalse(bad.isStalled());
                    RouteNet.Ends again = net.open(badWay, 3); // it is of use again
                    sim.go("sender", () -> send(again.dialled(), 1_000_000, sim));
                    assertArrayEquals(
                            hashOfSent(1_000_000), hash(again.accepted(), 1_000_000, 50_000, Duration.ZERO, sim));
                    assertOnce(others);
                }
            });
        }
    }
}
