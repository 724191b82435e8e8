package skywire.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import skywire.limit.Quota;
import skywire.packet.Data;
import skywire.platform.Failure;
import skywire.sim.Simulation;

class OutQueueTest {
    private static final int PAYLOAD = 8192;

    /** Takes a packet at a time, so many a second, until the queue is closed. */
    private static void write(Simulation sim, OutQueue queue, int perSecond) {
        sim.go("writer", () -> {
            byte[] batch = new byte[2 * PAYLOAD];
            try {
                while (true) {
                    queue.await();
                    queue.take(batch, 1);
                    sim.sleep(Duration.ofSeconds(1).dividedBy(perSecond));
                    queue.wrote();
                }
            } catch (Failure e) {
                sim.note("writer: " + e.getMessage());
            }
        });
    }

    /** 40 of them would fill the queue three times over. */
    @Test
    void allOfManySendersGetOn() {
        for (int seed = 1; seed <= 5; seed++) {
            Simulation.run(seed, sim -> {
                var queue = new OutQueue(sim.clock(), new Quota(1L << 30));
                write(sim, queue, 15);
                int[] sent = new int[40];
                Duration[] longest = new Duration[40];
                for (int i = 0; i < sent.length; i++) {
                    int me = i;
                    longest[me] = Duration.ZERO;
                    sim.go("sender " + i, () -> {
                        try {
                            while (true) {
                                Duration began = sim.elapsed();
                                queue.put(
                                        new Data(me + 1, new byte[PAYLOAD]),
                                        sim.clock().in(Duration.ofMinutes(10)));
                                Duration took = sim.elapsed().minus(began);
                                longest[me] = took.compareTo(longest[me]) > 0 ? took : longest[me];
                                sent[me]++;
                            }
                        } catch (IOException e) {
                            sim.note("sender: " + e.getMessage());
                        }
                    });
                }
                sim.sleep(Duration.ofMinutes(10));
                queue.close(Failure.closedHere("queue"));
                for (int i = 0; i < sent.length; i++) {
                    assertTrue(
                            longest[i].compareTo(Duration.ofSeconds(60)) < 0, "sender " + i + " waited " + longest[i]);
                    assertTrue(sent[i] > 150, "sender " + i + " sent " + sent[i] + " of some 240");
                }
            });
        }
    }

    @Test
    void oneSenderAloneMayFillItsLane() {
        Simulation.run(1, sim -> {
            var queue = new OutQueue(sim.clock(), new Quota(1L << 30));
            int packets = 0;
            try {
                while (true) {
                    queue.put(new Data(7, new byte[PAYLOAD]), sim.clock().in(Duration.ofSeconds(1)));
                    packets++;
                }
            } catch (Failure e) {
                assertEquals(Failure.Kind.TIMEOUT, e.kind());
            }
            assertTrue(packets > 30 && queue.waiting() <= OutQueue.LANE_BYTES, packets + " packets");
        });
    }

    private static int relayed(OutQueue queue, int most) throws IOException {
        int n = 0;
        while (n < most && queue.relay(new Data(n % 100 + 1, new byte[PAYLOAD])) == OutQueue.Outcome.QUEUED) {
            n++;
        }
        return n;
    }

    @Test
    void queuesShareTheMemoryOfTheNode() {
        Simulation.run(1, Simulation.Options.DEFAULT.leaving(), sim -> {
            var quota = new Quota(1024 * 1024);
            var stuck = new OutQueue(sim.clock(), quota);
            byte[] batch = new byte[2 * PAYLOAD];
            stuck.put(new Data(7, new byte[PAYLOAD]), sim.clock().in(Duration.ofSeconds(1)));
            stuck.await();
            stuck.take(batch, 1); // and this write does not end
            assertEquals(1024 * 1024, relayed(stuck, 1_000) * (PAYLOAD + 71), PAYLOAD + 71);
            assertTrue(quota.isShort());
            assertTrue(stuck.stuck().compareTo(Transport.PATIENCE) >= 0);

            var moving = new OutQueue(sim.clock(), quota);
            write(sim, moving, 100);
            Duration before = sim.elapsed();
            assertEquals(500, relayed(moving, 500), "it has its share");
            assertTrue(sim.elapsed().minus(before).toSeconds() < 10);

            assertTrue(stuck.shed());
            assertEquals(0, stuck.waiting());
            assertTrue(stuck.isStalled());
            moving.close(Failure.closedHere("queue"));
            stuck.close(Failure.closedHere("queue"));
            assertEquals(0, quota.used());
        });
    }

    /** What is ours waits: the transport ends if its neighbour takes nothing for long. */
    @Test
    void ownPacketsAreNotShed() {
        Simulation.run(1, sim -> {
            var quota = new Quota(1024 * 1024);
            var queue = new OutQueue(sim.clock(), quota);
            queue.put(new Data(7, new byte[PAYLOAD]), sim.clock().in(Duration.ofSeconds(1)));
            assertFalse(queue.shed());
            assertEquals(PAYLOAD + 71, quota.used());
            queue.close(Failure.closedHere("queue"));
            assertEquals(0, quota.used());
        });
    }
}
