package skywire.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Listener;
import skywire.platform.Platform;
import skywire.platform.Scope;
import skywire.sim.Simulation;
import skywire.testkit.Pipe;

@Timeout(20)
class SpliceTest {
    private final Platform platform = Platform.system();
    private final Pipe.Ends left = Pipe.open(platform);
    private final Pipe.Ends right = Pipe.open(platform);
    private final BlockingQueue<String> ends = new ArrayBlockingQueue<>(2);

    private Deadline soon() {
        return platform.clock().in(Duration.ofSeconds(10));
    }

    private Scope start(Duration idle) {
        var parent = new Scope(platform, "test");
        platform.start("test/run", () -> {
            try {
                ends.add(Long.toString(Splice.run(platform, parent, left.right(), right.left(), idle)));
            } catch (IOException e) {
                ends.add(Failure.text(e));
            }
        });
        return parent;
    }

    private byte[] read(Link link, int n) throws IOException {
        var b = new byte[n];
        link.readFully(b, 0, n, soon());
        return b;
    }

    @Test
    void copiesBothWaysAndHonoursHalfClose() throws Exception {
        start(Duration.ofMinutes(5));
        left.left().write(new byte[] {1, 2, 3}, soon());
        left.left().finishWriting(soon());
        assertArrayEquals(new byte[] {1, 2, 3}, read(right.right(), 3));
        assertEquals(-1, right.right().read(new byte[1], 0, 1, soon()));
        right.right().write(new byte[] {4, 5}, soon());
        right.right().finishWriting(soon());
        assertArrayEquals(new byte[] {4, 5}, read(left.left(), 2));
        assertEquals(-1, left.left().read(new byte[1], 0, 1, soon()));
        assertEquals("5", ends.take());
    }

    @Test
    void endsWithItsParent() throws Exception {
        Scope parent = start(Duration.ofMinutes(5));
        left.left().write(new byte[] {1}, soon());
        read(right.right(), 1);
        parent.end(null);
        ends.take();
        assertThrows(IOException.class, () -> left.left().write(new byte[] {1}, soon()));
    }

    /** One direction has ended in an orderly way; its thread is the caller's, which no scope interrupts. */
    @Test
    void aFailureOfTheOtherDirectionIsHeardAtOnce() {
        Simulation.run(1, sim -> {
            Deadline limit = sim.clock().in(Duration.ofSeconds(10));
            try (Listener listener = sim.network().listen(new HostPort("127.0.0.1", 9000));
                    Link left = sim.network().dial(listener.local(), limit);
                    Link a = listener.accept();
                    Link right = sim.network().dial(listener.local(), limit);
                    Link b = listener.accept();
                    var parent = new Scope(sim, "test")) {
                var over = new Duration[1];
                Simulation.Joinable splice = sim.go("splice", () -> {
                    Splice.run(sim, parent, a, b, Duration.ofMinutes(5));
                    over[0] = sim.elapsed();
                });
                left.finishWriting(limit);
                assertEquals(-1, right.read(new byte[1], 0, 1, limit));
                sim.faults().wiresTo(9000).getLast().reset();
                Duration then = sim.elapsed();
                splice.join();
                Duration took = over[0].minus(then);
                assertTrue(took.compareTo(Duration.ofSeconds(1)) < 0, "took " + took);
            }
        });
    }

    @Test
    void endsWhenNothingMoves() throws Exception {
        start(Duration.ofMillis(20));
        ends.take();
        assertEquals(-1, right.right().read(new byte[1], 0, 1, soon()));
    }
}
