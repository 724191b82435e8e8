package skywire.route.mux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Numbers go round below those that are no data. */
class SequenceTest {
    private static final long HALF = Sequence.CONTROL / 2;

    @Test
    void goesRoundBelowControl() {
        assertEquals(0xfeff_ffffL, Sequence.wire(Sequence.CONTROL - 1));
        assertEquals(0, Sequence.wire(Sequence.CONTROL));
        assertEquals(Sequence.CONTROL - 1, Sequence.near(Sequence.CONTROL, Sequence.CONTROL - 1));
        assertEquals(Sequence.CONTROL, Sequence.near(Sequence.CONTROL - 1, 0));
        assertEquals(5 * Sequence.CONTROL, Sequence.near(5 * Sequence.CONTROL - 1000, 0));
        assertEquals(5 * Sequence.CONTROL - 1, Sequence.near(5 * Sequence.CONTROL, Sequence.CONTROL - 1));
    }

    @Test
    void isNeverNegative() {
        assertEquals(Sequence.CONTROL - 1, Sequence.near(0, Sequence.CONTROL - 1));
        assertEquals(0, Sequence.near(0, 0));
    }

    @Property
    void findsWhatIsNear(
            @ForAll @LongRange(max = 1L << 40) long near,
            @ForAll @LongRange(min = 1 - HALF, max = HALF - 1) long away) {
        long sequence = near + away;
        if (sequence >= 0) {
            long wire = Sequence.wire(sequence);
            assertTrue(wire >= 0 && wire < Sequence.CONTROL);
            assertEquals(sequence, Sequence.near(near, wire));
        }
    }
}
