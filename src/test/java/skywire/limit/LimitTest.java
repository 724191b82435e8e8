package skywire.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import org.junit.jupiter.api.Test;
import skywire.sim.Simulation;

class LimitTest {
    @Test
    void rateLimitGivesTheBurstThenTheRate() {
        Simulation.run(1, sim -> {
            var limit = new RateLimit(sim.clock(), 10, 5);
            for (int i = 0; i < 5; i++) {
                assertTrue(limit.take());
            }
            assertFalse(limit.take());
            sim.sleep(Duration.ofMillis(350));
            assertTrue(limit.take(3));
            assertFalse(limit.take());
            sim.sleep(Duration.ofHours(1));
            assertFalse(limit.take(6));
            assertTrue(limit.take(5));
        });
    }

    @Test
    void logLimitWritesOneAMinuteAndCountsTheRest() {
        Simulation.run(1, sim -> {
            var lines = new ArrayList<String>();
            var limit = new LogLimit(sim.clock(), new Lines(lines));
            for (int i = 0; i < 10; i++) {
                limit.log(System.Logger.Level.INFO, "bad frame");
            }
            assertEquals(List.of("bad frame"), lines);
            sim.sleep(Duration.ofSeconds(61));
            limit.log(System.Logger.Level.INFO, "bad frame");
            assertEquals("bad frame (and 9 more like it)", lines.getLast());
            sim.sleep(Duration.ofSeconds(61));
            limit.log(System.Logger.Level.INFO, "bad frame");
            assertEquals("bad frame", lines.getLast());
        });
    }

    @Test
    void peersTextIsCutAndEscaped() {
        assertEquals("a\\u000ab\\u001b[31m", LogLimit.clean("a\nb\u001b[31m"));
        assertEquals("\\u202eabc", LogLimit.clean("\u202eabc"));
        assertEquals(200, LogLimit.clean("x".repeat(10_000)).length());
        assertEquals("Größe 😀", LogLimit.clean("Größe 😀"));
        assertEquals("\\ud800", LogLimit.clean("\ud800"));
    }

    private record Lines(List<String> lines) implements System.Logger {
        @Override
        public String getName() {
            return "test";
        }

        @Override
        public boolean isLoggable(Level level) {
            return true;
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String msg, Throwable thrown) {
            lines.add(msg);
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String format, Object... params) {
            lines.add(format);
        }
    }
}
