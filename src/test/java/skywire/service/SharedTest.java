package skywire.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import skywire.testkit.FixedTime;

class SharedTest {
    private final FixedTime time = new FixedTime(Instant.EPOCH);
    private final AtomicLong changes = new AtomicLong();
    private int made;

    private Shared<Integer> shared(long size) {
        return new Shared<>(time, changes::get, value -> size, () -> ++made);
    }

    @Test
    void whatIsSmallIsUpToDate() {
        Shared<Integer> small = shared(Shared.LARGE - 1);
        assertEquals(1, small.get());
        assertEquals(1, small.get());
        changes.incrementAndGet();
        assertEquals(2, small.get());
        time.pass(Shared.AGE);
        assertEquals(3, small.get(), "time changes things too: they expire");
    }

    @Test
    void whatIsLargeIsMadeOnceASecond() {
        Shared<Integer> large = shared(Shared.LARGE);
        assertEquals(1, large.get());
        changes.incrementAndGet();
        assertEquals(1, large.get());
        time.pass(Shared.AGE.minus(Duration.ofMillis(1)));
        assertEquals(1, large.get());
        time.pass(Duration.ofMillis(1));
        assertEquals(2, large.get());
    }
}
