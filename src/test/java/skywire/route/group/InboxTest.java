package skywire.route.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import skywire.limit.Quota;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.sim.Simulation;
import skywire.transport.Transport;

class InboxTest {
    private static final int CHUNK = 8192;

    private static int fill(Inbox inbox) throws Failure {
        int chunks = 0;
        while (inbox.add(new byte[CHUNK])) {
            chunks++;
        }
        return chunks;
    }

    @Test
    void holdsItsBytesThenWaitsAndGivesUp() {
        Simulation.run(1, sim -> {
            var budget = new Quota(1L << 30);
            var inbox = new Inbox(sim.clock(), budget);
            Duration before = sim.elapsed();
            int chunks = fill(inbox);
            assertEquals(
                    Transport.PATIENCE.toMillis(), sim.elapsed().minus(before).toMillis(), 10);
            assertTrue(chunks * (long) CHUNK > Inbox.MOST_BYTES * 0.95, chunks + " chunks");
            assertEquals(chunks * CHUNK, inbox.bytes());
            assertTrue(budget.used() <= Inbox.MOST_BYTES);
            inbox.abort(Failure.closedHere("inbox"));
            assertEquals(0, budget.used());
        });
    }

    @Test
    void tinyChunksCostMoreThanTheirBytes() {
        Simulation.run(2, sim -> {
            var inbox = new Inbox(sim.clock(), new Quota(1L << 30));
            int chunks = 0;
            while (inbox.add(new byte[1])) {
                chunks++;
            }
            assertTrue(chunks < Inbox.MOST_BYTES / 50, chunks + " chunks");
        });
    }

    @Test
    void aReaderThatGetsOnKeepsItsFeederGoing() {
        Simulation.run(3, sim -> {
            var inbox = new Inbox(sim.clock(), new Quota(1L << 30));
            int total = 3 * Inbox.MOST_BYTES / CHUNK;
            sim.go("feeder", () -> {
                for (int i = 0; i < total; i++) {
                    assertTrue(inbox.add(new byte[CHUNK]), "chunk " + i);
                }
                inbox.finish(null);
            });
            byte[] b = new byte[CHUNK];
            long read = 0;
            for (int n; (n = inbox.read(b, 0, b.length, Deadline.NEVER)) >= 0; ) {
                read += n;
                sim.sleep(Duration.ofMillis(read > Inbox.MOST_BYTES ? 1 : 100));
            }
            assertEquals((long) total * CHUNK, read);
        });
    }

    @Test
    void whenAllHoldTooMuchThoseWithLittleGoOn() {
        Simulation.run(4, sim -> {
            var budget = new Quota(1024 * 1024);
            var big = new Inbox(sim.clock(), budget);
            int chunks = fill(big);
            assertEquals(1024 * 1024, chunks * (CHUNK + 64), CHUNK + 64);
            var small = new Inbox(sim.clock(), budget);
            Duration before = sim.elapsed();
            for (int i = 0; i < 100; i++) {
                assertTrue(small.add(new byte[CHUNK]));
                assertEquals(CHUNK, small.read(new byte[CHUNK], 0, CHUNK, Deadline.NEVER));
            }
            assertTrue(sim.elapsed().minus(before).toMillis() < 100);
            assertFalse(big.add(new byte[CHUNK]));
            big.abort(Failure.closedHere("inbox"));
            assertEquals(0, budget.used());
            assertTrue(small.add(new byte[CHUNK]));
        });
    }

    @Test
    void whatHasArrivedIsReadBeforeTheEnd() {
        Simulation.run(5, sim -> {
            var inbox = new Inbox(sim.clock(), new Quota(1L << 30));
            inbox.add(new byte[] {1, 2, 3});
            inbox.finish(new Failure(Failure.Kind.UNREACHABLE, "a relay died"));
            inbox.add(new byte[] {4});
            byte[] b = new byte[2];
            assertEquals(2, inbox.read(b, 0, 2, Deadline.NEVER));
            assertEquals(1, inbox.read(b, 0, 2, Deadline.NEVER));
            Failure end = assertThrows(Failure.class, () -> inbox.read(b, 0, 2, Deadline.NEVER));
            assertEquals("a relay died", end.getMessage());
        });
    }
}
