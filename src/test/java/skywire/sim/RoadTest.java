package skywire.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import skywire.platform.Deadline;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Listener;

class RoadTest {
    private static final int SEEDS = 20;
    private static final long RATE = 1_250_000; // 10 Mbit/s
    private static final HostPort PLACE = HostPort.parse("10.0.0.9:80");

    /** Connections from hosts of their own to one, over one road. */
    private static final class Scene {
        final Simulation sim;
        final Road road;
        final SimHost far;
        final Listener listener;
        int hosts;

        Scene(Simulation sim, Duration delay, int buffer) throws Exception {
            this.sim = sim;
            this.far = sim.host("10.0.0.9");
            this.road = sim.faults().road("shared", delay, RATE, buffer);
            this.listener = far.network().listen(PLACE);
        }

        /** Sends that much over a connection of its own; when it had arrived. */
        Duration[] send(int bytes) throws Exception {
            SimHost near = sim.host("10.0.0." + ++hosts);
            sim.faults().lead(near, far, road);
            Link out = near.network().dial(PLACE, Deadline.NEVER);
            Link in = listener.accept();
            var arrived = new Duration[1];
            sim.go("writer", () -> out.write(new byte[bytes], Deadline.NEVER));
            sim.go("reader", () -> {
                in.readFully(new byte[bytes], 0, bytes, Deadline.NEVER);
                arrived[0] = sim.elapsed();
                in.close();
                out.close();
            });
            return arrived;
        }
    }

    private interface Play {
        void play(Scene scene) throws Exception;
    }

    private static void play(Duration delay, int buffer, Play play) {
        for (long seed = 0; seed < SEEDS; seed++) {
            Simulation.run(seed, sim -> {
                var scene = new Scene(sim, delay, buffer);
                play.play(scene);
                scene.listener.close();
            });
        }
    }

    private static void between(long least, long most, Duration is) {
        assertTrue(is.toMillis() >= least && is.toMillis() <= most, is.toMillis() + " ms");
    }

    @Test
    void oneConnectionHasTheWholeRateAndTheDelay() {
        play(Duration.ofMillis(25), 200_000, s -> {
            Duration[] there = s.send(1_250_000);
            s.sim.until("it is there", Duration.ofSeconds(10), () -> there[0] != null);
            between(1_075, 1_085, there[0]); // the dial, then a second and the delay
        });
    }

    @Test
    void manyShareTheRate() {
        play(Duration.ofMillis(25), 50_000, s -> {
            var all = new Duration[4][];
            for (int i = 0; i < all.length; i++) {
                all[i] = s.send(625_000);
            }
            for (Duration[] one : all) {
                s.sim.until("it is there", Duration.ofSeconds(10), () -> one[0] != null);
                between(1_700, 2_300, one[0]);
            }
        });
    }

    @Test
    void firstBytesOfALargeBlockDoNotWaitForItsLast() {
        play(Duration.ofMillis(5), 200_000, s -> {
            SimHost near = s.sim.host("10.0.0.1");
            s.sim.faults().lead(near, s.far, s.road);
            try (Link out = near.network().dial(PLACE, Deadline.NEVER);
                    Link in = s.listener.accept()) {
                Duration before = s.sim.elapsed();
                out.write(new byte[65_536], Deadline.NEVER);
                assertEquals(1, in.read(new byte[1], 0, 1, Deadline.NEVER));
                between(6, 7, s.sim.elapsed().minus(before));
                in.readFully(new byte[65_535], 0, 65_535, Deadline.NEVER);
                between(57, 59, s.sim.elapsed().minus(before));
                assertEquals(65_536, s.sim.faults().sentBy(near));
            }
        });
    }

    @Test
    void changesAndStopsWhileInUse() {
        play(Duration.ofMillis(5), 200_000, s -> {
            Duration[] there = s.send(1_250_000);
            s.sim.sleep(Duration.ofMillis(500));
            s.road.stop();
            s.sim.sleep(Duration.ofSeconds(3));
            s.road.set(Duration.ofMillis(100), RATE / 10);
            s.road.resume();
            s.sim.until("it is there", Duration.ofSeconds(20), () -> there[0] != null);
            between(8_500, 8_800, there[0]); // half of it in time, the other half ten times as slow
        });
    }
}
