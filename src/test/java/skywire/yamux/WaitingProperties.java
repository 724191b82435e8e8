package skywire.yamux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class WaitingProperties {
    @Property(tries = 200)
    void givesBackWhatWasAddedInOrder(@ForAll long seed) {
        var random = new Random(seed);
        var waiting = new Waiting();
        var in = new ByteArrayOutputStream();
        var out = new ByteArrayOutputStream();
        for (int i = 0; i < 60; i++) {
            byte[] some = new byte[random.nextInt(random.nextBoolean() ? 700 : 90_000)];
            random.nextBytes(some);
            waiting.add(some, 0, some.length);
            in.writeBytes(some);
            if (random.nextBoolean()) {
                byte[] taken = new byte[random.nextInt(120_000)];
                int n = waiting.take(taken, 0, taken.length);
                out.write(taken, 0, n);
            } else if (waiting.size() > 0) {
                int n = 1 + random.nextInt(waiting.piece());
                int at = waiting.headIndex();
                out.writeBytes(Arrays.copyOfRange(waiting.array(), at, at + n));
                waiting.skip(n);
            }
            assertEquals(in.size() - out.size(), waiting.size());
        }
        byte[] rest = new byte[waiting.size()];
        assertEquals(rest.length, waiting.take(rest, 0, rest.length));
        out.writeBytes(rest);
        assertEquals(0, waiting.piece());
        assertArrayEquals(in.toByteArray(), out.toByteArray());
    }
}
