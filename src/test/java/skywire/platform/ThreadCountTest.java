package skywire.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ThreadCountTest {
    @Test
    void raisesTheAlarmWhenTooManyRunAtOnce() {
        var count = new ThreadCount(3);
        for (int i = 0; i < 10; i++) {
            count.counted(() -> assertEquals(1, count.running())).run(); // one after the other
        }
        count.counted(count.counted(() -> assertEquals(2, count.running()))).run();
        assertFalse(count.isRaised());
        count.counted(count.counted(count.counted(() -> {}))).run();
        assertTrue(count.isRaised());
        assertEquals(0, count.running());
    }

    @Test
    void isToldOfAThreadThatFails() {
        var count = new ThreadCount(1);
        Runnable bad = count.counted(() -> {
            throw new IllegalStateException("bug");
        });
        assertThrows(IllegalStateException.class, bad::run);
        assertEquals(0, count.running());
        assertTrue(count.isRaised());
    }
}
