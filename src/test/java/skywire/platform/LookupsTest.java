package skywire.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LookupsTest {
    private final Platform platform = Platform.system();
    private final CountDownLatch asked = new CountDownLatch(Lookups.OF_OTHERS);
    private final CountDownLatch answer = new CountDownLatch(1);
    private final Lookups lookups = new Lookups(host -> {
        if (host.equals("slow.example")) {
            asked.countDown();
            try {
                answer.await();
            } catch (InterruptedException e) {
                throw Failure.cancelled(host);
            }
        }
        return List.of(InetAddress.getLoopbackAddress());
    });

    private Deadline in(int millis) {
        return platform.clock().in(Duration.ofMillis(millis));
    }

    /** Names that are never answered, asked for by clients of an exit. */
    @Test
    void othersCannotTakeAllPlaces() throws Exception {
        for (int i = 0; i < Lookups.OF_OTHERS; i++) {
            platform.start(
                    "asker",
                    () -> assertThrows(Failure.class, () -> {
                        lookups.wait("slow.example", true, in(15_000));
                        throw Failure.cancelled("an answer is no failure");
                    }));
        }
        asked.await();
        Failure e = assertThrows(Failure.class, () -> lookups.wait("a.example", true, in(20)));
        assertEquals(Failure.Kind.TIMEOUT, e.kind());
        for (int i = 0; i < 2 * Lookups.AT_ONCE; i++) {
            assertEquals(1, lookups.wait("a.example", false, in(10_000)).size());
        }
        answer.countDown();
        assertEquals(1, lookups.wait("a.example", true, in(10_000)).size());
    }
}
