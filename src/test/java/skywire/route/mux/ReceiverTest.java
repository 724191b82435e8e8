package skywire.route.mux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import skywire.route.mux.Receiver.Outcome;

/** Order out of disorder. */
class ReceiverTest {
    private final Receiver receiver = new Receiver();

    private static byte[] data(long sequence) {
        byte[] b = new byte[(int) (sequence * 7 % 20)];
        java.util.Arrays.fill(b, (byte) sequence);
        return b;
    }

    @Test
    void waitsForTheFirst() {
        assertEquals(Outcome.EARLY, receiver.put(1, new byte[10]));
        assertNull(receiver.peek());
        assertTrue(receiver.hasGap());
        assertEquals(10, receiver.earlyBytes());
        assertEquals(Outcome.DUPLICATE, receiver.put(1, new byte[10]));
        assertEquals(Outcome.IN_ORDER, receiver.put(0, new byte[5]));
        assertEquals(Outcome.DUPLICATE, receiver.put(0, new byte[5]));
        assertFalse(receiver.hasGap());
        assertEquals(15, receiver.held());
        assertEquals(15, receiver.arrivedBytes());
        assertEquals(2, receiver.duplicates());
        receiver.take();
        receiver.take();
        assertEquals(0, receiver.held());
    }

    @Test
    void refusesWhatIsTooFarAhead() {
        assertEquals(Outcome.EARLY, receiver.put(Receiver.MOST_PACKETS - 1, new byte[1]));
        assertEquals(Outcome.REFUSED, receiver.put(Receiver.MOST_PACKETS, new byte[1]));
        assertEquals(Outcome.REFUSED, receiver.put(Long.MAX_VALUE, new byte[1]));
        assertEquals(1, receiver.held());
        assertEquals(2, receiver.refused());
        assertEquals(Receiver.MOST_PACKETS - 1, receiver.highest());
        assertEquals(Control.MOST_WORDS, receiver.words().length);
        receiver.put(0, new byte[1]);
        assertEquals(Outcome.EARLY, receiver.put(Receiver.MOST_PACKETS, new byte[1]));
    }

    @Test
    void holdsNothingOnceCleared() {
        receiver.put(0, new byte[1]);
        receiver.put(2, new byte[1]);
        receiver.clear();
        assertEquals(0, receiver.held());
        assertEquals(0, receiver.earlyBytes());
        assertFalse(receiver.hasGap());
        assertNull(receiver.peek());
        assertEquals(0, receiver.words().length);
    }

    /** A window of packets in any order, many twice, over and over, past the place where its memory goes round. */
    @Property(tries = 20)
    void putsAnyOrderIntoOrder(@ForAll long seed) {
        var dice = new Random(seed);
        var receiver = new Receiver();
        long taken = 0;
        long bytes = 0;
        while (receiver.next() < 3L * Receiver.MOST_PACKETS) {
            long first = receiver.next();
            List<Long> some = new ArrayList<>();
            int n = 1 + dice.nextInt(dice.nextBoolean() ? 10 : Receiver.MOST_PACKETS);
            for (long s = first; s < first + n; s++) {
                some.add(s);
                if (dice.nextInt(4) == 0) {
                    some.add(s);
                }
            }
            Collections.shuffle(some, dice);
            Set<Long> here = new HashSet<>();
            for (long s : some) {
                boolean fresh = here.add(s) && s >= receiver.next();
                Outcome outcome = receiver.put(s, data(s));
                assertEquals(fresh, outcome == Outcome.IN_ORDER || outcome == Outcome.EARLY);
            }
            assertEquals(first + n, receiver.next());
            for (; taken < receiver.next(); taken++) {
                bytes += data(taken).length;
                if (data(taken).length > 0) {
                    assertArrayEquals(data(taken), receiver.peek());
                    receiver.take();
                }
            }
            assertNull(receiver.peek());
            assertEquals(bytes, receiver.arrivedBytes());
            assertEquals(0, receiver.held());
        }
    }

    @Property(tries = 100)
    void saysWhatIsHere(@ForAll long seed) {
        var dice = new Random(seed);
        var receiver = new Receiver();
        long start = dice.nextInt(5_000);
        for (long s = 0; s < start; s++) {
            receiver.put(s, new byte[0]);
        }
        Set<Long> here = new HashSet<>();
        for (int i = dice.nextInt(200); i > 0; i--) {
            long s = start + 1 + dice.nextInt(Receiver.MOST_PACKETS - 1);
            here.add(s);
            receiver.put(s, new byte[1]);
        }
        var ack = new Control.Ack(receiver.next(), 0, 0, receiver.words());
        for (long s = start; s < start + Receiver.MOST_PACKETS + 100; s++) {
            assertEquals(here.contains(s), ack.has(s), "packet " + s);
        }
    }
}
