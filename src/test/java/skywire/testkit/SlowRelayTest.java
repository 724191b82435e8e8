package skywire.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Listener;
import skywire.platform.Platform;

class SlowRelayTest {
    private static final Platform WORLD = Platform.system();
    private static final int SIZE = 300_000;

    private static Deadline in(int millis) {
        return WORLD.clock().in(Duration.ofMillis(millis));
    }

    @Test
    void takesItsTimeAndSaysNothingOnceCut() throws Exception {
        var sent = new byte[SIZE];
        new SplittableRandom(1).nextBytes(sent);
        try (Listener listener = WORLD.network().listen(HostPort.parse("127.0.0.1:0"));
                SlowRelay line = SlowRelay.start(WORLD, listener.local(), Duration.ofMillis(30), 1_000_000, 64 * 1024);
                Link near = WORLD.network().dial(line.address(), in(5_000));
                Link far = listener.accept()) {
            long began = WORLD.clock().nanoTime();
            Thread writer = WORLD.start("writer", () -> {
                try {
                    near.write(sent, in(30_000));
                } catch (java.io.IOException e) {
                    throw new AssertionError(e);
                }
            });
            var got = new byte[SIZE];
            far.readFully(got, 0, SIZE, in(30_000));
            assertArrayEquals(sent, got);
            long millis = (WORLD.clock().nanoTime() - began) / 1_000_000;
            assertTrue(millis >= 325, millis + " ms");
            writer.join();
            far.write(new byte[] {7}, in(1_000));
            near.readFully(got, 0, 1, in(5_000));
            assertEquals(7, got[0]);
            line.cut();
            near.write(sent, 0, 1_000, in(1_000));
            Failure silence = assertThrows(Failure.class, () -> far.read(got, 0, SIZE, in(200)));
            assertEquals(Failure.Kind.TIMEOUT, silence.kind());
        }
    }
}
