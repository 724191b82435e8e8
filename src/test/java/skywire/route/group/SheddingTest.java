package skywire.route.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import skywire.limit.Quota;
import skywire.platform.Failure;
import skywire.sim.Simulation;
import skywire.testkit.RouteNet;
import skywire.testkit.RouteNet.Node;

/** What waits in a node takes all the memory it may. */
class SheddingTest {
    private static void send(RouteGroup to, int bytes, Simulation sim) {
        sim.go("sender", () -> {
            try {
                to.write(new byte[bytes], sim.clock().in(Duration.ofMinutes(5)));
            } catch (IOException e) {
                sim.note("sender: " + e.getMessage());
            }
        });
    }

    private static void read(RouteGroup from, int bytes, Duration pause, Simulation sim) throws Exception {
        byte[] b = new byte[100_000];
        for (int left = bytes, n; left > 0; left -= n) {
            n = from.read(b, 0, Math.min(b.length, left), sim.clock().in(Duration.ofMinutes(1)));
            assertTrue(n > 0, "cut with " + left + " bytes to come");
            sim.sleep(pause);
        }
    }

    @Test
    void theGroupThatHasNotMovedForTheLongestTimeGoesFirst() {
        for (long seed = 1; seed <= 5; seed++) {
            Simulation.run(seed, Simulation.Options.DEFAULT.leaving(), sim -> {
                sim.faults().between(Duration.ofMillis(5), Duration.ofMillis(1), 20_000_000);
                try (var net = new RouteNet(sim, 2_000_000)) {
                    List<Node> two = net.line(2);
                    Quota quota = two.getLast().transports().queued();
                    RouteNet.Ends oldest = net.open(two, 3);
                    RouteNet.Ends other = net.open(two, 4);
                    RouteNet.Ends slow = net.open(two, 5);
                    send(oldest.dialled(), 1_000_000, sim);
                    sim.sleep(Duration.ofSeconds(5));
                    send(other.dialled(), 700_000, sim);
                    sim.sleep(Duration.ofSeconds(5));
                    assertFalse(quota.isShort());
                    assertEquals(0, two.getLast().router().droppedQueues());

                    send(slow.dialled(), 1_100_000, sim);
                    read(slow.accepted(), 1_100_000, Duration.ofMillis(200), sim); // with a full node it needs more
                    assertEquals(1, two.getLast().router().droppedQueues());
                    Failure end =
                            assertThrows(Failure.class, () -> read(oldest.accepted(), 1_000_000, Duration.ZERO, sim));
                    assertEquals(Failure.Kind.LIMIT, end.kind());
                    assertThrows(Failure.class, () -> read(oldest.dialled(), 1, Duration.ZERO, sim));
                    read(other.accepted(), 700_000, Duration.ZERO, sim);
                    assertEquals(0, quota.used());
                }
            });
        }
    }
}
