package skywire.route.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import skywire.key.PublicKey;
import skywire.link.KeyedLink;
import skywire.platform.Deadline;
import skywire.sim.Simulation;

class GatewayPoolTest {
    /** A link whose close may take long, as a remote call without a limit would. */
    private static final class Slow implements KeyedLink {
        final Simulation sim;
        final PublicKey key;
        final boolean slow;
        boolean closing;
        boolean closed;

        Slow(Simulation sim, PublicKey key, boolean slow) {
            this.sim = sim;
            this.key = key;
            this.slow = slow;
        }

        @Override
        public void close() {
            closing = true;
            if (slow) {
                try {
                    sim.sleep(Duration.ofMinutes(10));
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
            closed = true;
        }

        @Override
        public PublicKey remoteKey() {
            return key;
        }

        @Override
        public int remotePort() {
            return SetupPorts.GATEWAY;
        }

        @Override
        public int localPort() {
            return 1;
        }

        @Override
        public int read(byte[] b, int off, int len, Deadline deadline) throws IOException {
            return -1;
        }

        @Override
        public void write(byte[] b, int off, int len, Deadline deadline) {}

        @Override
        public void finishWriting(Deadline deadline) {}

        @Override
        public String local() {
            return "local";
        }

        @Override
        public String remote() {
            return "remote";
        }
    }

    @Test
    void aCloseThatBlocksHoldsUpNobody() {
        Simulation.run(1, Simulation.Options.DEFAULT.leaving(), sim -> {
            PublicKey bad = SimDmsg.key("bad");
            PublicKey good = SimDmsg.key("good");
            List<Slow> made = new ArrayList<>();
            var pool = GatewayPool.open(sim, (key, port, deadline) -> {
                var link = new Slow(sim, key, key.equals(bad));
                made.add(link);
                return link;
            });
            pool.release(pool.dial(bad, Deadline.NEVER));
            sim.sleep(GatewayPool.IDLE.dividedBy(2));
            pool.release(pool.dial(good, Deadline.NEVER));
            sim.until("the idle one is being closed", GatewayPool.IDLE, () -> made.getFirst().closing);
            assertFalse(made.getFirst().closed);
            Duration before = sim.elapsed();
            assertTrue(pool.kept(bad).isEmpty());
            GatewayClient kept = pool.kept(good).orElseThrow();
            pool.release(kept);
            assertEquals(1, pool.size());
            assertTrue(sim.elapsed().minus(before).toMillis() < 10);
        });
    }

    @Test
    void aClientIsLentToOneAtATimeAndTheOldestGoFirst() {
        Simulation.run(2, Simulation.Options.DEFAULT.leaving(), sim -> {
            List<Slow> made = new ArrayList<>();
            var pool = GatewayPool.open(sim, (key, port, deadline) -> {
                var link = new Slow(sim, key, false);
                made.add(link);
                return link;
            });
            PublicKey key = SimDmsg.key("visor");
            pool.release(pool.dial(key, Deadline.NEVER));
            GatewayClient lent = pool.kept(key).orElseThrow();
            assertTrue(pool.kept(key).isEmpty());
            pool.release(lent);
            List<GatewayClient> many = new ArrayList<>();
            for (int i = 0; i < GatewayPool.MOST_IDLE; i++) {
                many.add(pool.dial(key, Deadline.NEVER));
            }
            many.forEach(pool::release);
            assertEquals(GatewayPool.MOST_IDLE, pool.size());
            assertTrue(made.getFirst().closed);
            pool.close();
            assertTrue(made.stream().allMatch(link -> link.closed));
            var late = pool.dial(key, Deadline.NEVER);
            pool.release(late);
            assertTrue(made.getLast().closed, "nothing is kept any more");
        });
    }
}
