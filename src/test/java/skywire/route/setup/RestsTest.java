package skywire.route.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import skywire.sim.Simulation;

class RestsTest {
    private interface Part {
        void run(Simulation sim, Rests<String> rests) throws Exception;
    }

    private static void with(Part part) {
        Simulation.run(1, sim -> part.run(sim, new Rests<>(sim.clock())));
    }

    @Test
    void longerEachTimeUpToALimit() {
        with((sim, rests) -> {
            long rest = Rests.FIRST.toSeconds();
            for (int i = 0; i < 6; i++) {
                rests.failed("a");
                sim.sleep(Duration.ofSeconds(rest - 1));
                assertEquals(Set.of("a"), rests.now());
                sim.sleep(Duration.ofSeconds(2));
                assertEquals(Set.of(), rests.now());
                rest = Math.min(2 * rest, Rests.LONGEST.toSeconds());
            }
        });
    }

    @Test
    void whatHasNotFailedForLongIsNew() {
        with((sim, rests) -> {
            rests.failed("a");
            rests.failed("a");
            sim.sleep(Rests.FORGET.plus(Rests.LONGEST));
            rests.failed("a");
            sim.sleep(Rests.FIRST.plusMillis(1));
            assertEquals(Set.of(), rests.now());
        });
    }

    @Test
    void aSignOfLifeEndsARestButNotTimeAndAgain() {
        with((sim, rests) -> {
            for (int i = 0; i < 3; i++) {
                rests.failed("a");
                rests.wake("a");
                assertEquals(Set.of(), rests.now());
            }
            rests.failed("a");
            rests.wake("a");
            assertEquals(Set.of("a"), rests.now());
            rests.wake("of whom nothing is known");
        });
    }

    @Test
    void remembersALimitedNumber() {
        with((sim, rests) -> {
            for (int i = 0; i <= Rests.MOST; i++) {
                rests.failed("" + i);
            }
            assertEquals(Rests.MOST, rests.now().size());
            assertFalse(rests.now().contains("0"));
            assertTrue(rests.now().contains("1"));
        });
    }
}
