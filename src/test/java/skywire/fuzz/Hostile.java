package skywire.fuzz;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Consumer;

/** Bad inputs made of good ones, and what a decoder must not do with them. */
public final class Hostile {
    /** Memory that an input may cost per byte of its own: what grows with the bytes that are really there is fine. */
    public static final long PER_BYTE = 256;

    private static final ThreadMXBean METER = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int ALL_BITS = 600; // of the first so many bytes every bit is flipped, then every 7th
    private static final int STEP = 7;
    private static final int LONGEST_SHOWN = 400;

    private Hostile() {}

    /** Feeds the decoder; a refusal is fine, any other exception comes out. */
    public static void feed(Decoder decoder, byte[] data) {
        try {
            decoder.decode(data);
        } catch (IOException e) {
            // refused, as it may
        }
    }

    /** Feeds the decoder and also checks that it takes no memory for what was only announced. */
    static void check(Decoder decoder, byte[] data, String what) {
        long most = decoder.allowance() + PER_BYTE * data.length;
        long taken = taken(decoder, data, what);
        if (taken > most) {
            taken = taken(decoder, data, what); // the first time a path of the code is taken, the JVM itself takes some
        }
        if (taken > most) {
            throw new AssertionError(decoder.name() + " took " + taken + " bytes of memory (" + most + " allowed) for "
                    + what + show(data));
        }
    }

    private static long taken(Decoder decoder, byte[] data, String what) {
        long before = METER.getCurrentThreadAllocatedBytes();
        try {
            decoder.decode(data);
        } catch (IOException e) {
            // refused, as it may
        } catch (RuntimeException | Error e) {
            throw new AssertionError(decoder.name() + " failed with " + e + " on " + what + show(data), e);
        }
        return METER.getCurrentThreadAllocatedBytes() - before;
    }

    private static String show(byte[] data) {
        byte[] head = Arrays.copyOf(data, Math.min(data.length, LONGEST_SHOWN));
        return ", " + data.length + " bytes: " + HexFormat.of().formatHex(head);
    }

    /** The input cut at each byte. */
    static void cuts(byte[] good, Consumer<byte[]> to) {
        for (int length = 0; length < good.length; length += length < ALL_BITS ? 1 : STEP) {
            to.accept(Arrays.copyOf(good, length));
        }
    }

    /** The input with each bit flipped. */
    static void flips(byte[] good, Consumer<byte[]> to) {
        for (int bit = 0; bit < good.length * 8; bit += bit < ALL_BITS * 8 ? 1 : STEP * 8 + 1) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            to.accept(bad);
        }
    }

    /** The input with every 1, 2, 4 and 8 bytes replaced by extremes: lengths and counts beyond all limits. */
    static void extremes(byte[] good, Consumer<byte[]> to) {
        for (int size : new int[] {1, 2, 4, 8}) {
            for (int first : new int[] {0xff, 0x7f, 0x80, 0x00}) {
                for (int at = 0; at + size <= good.length; at += at < ALL_BITS ? 1 : STEP) {
                    byte[] bad = good.clone();
                    Arrays.fill(bad, at, at + size, (byte) (first == 0x00 || first == 0x80 ? 0 : 0xff));
                    bad[at] = (byte) first;
                    to.accept(bad);
                }
            }
        }
    }

    /** The input doubled, and with a long tail. */
    static void longer(byte[] good, Consumer<byte[]> to) {
        byte[] twice = Arrays.copyOf(good, good.length * 2);
        System.arraycopy(good, 0, twice, good.length, good.length);
        to.accept(twice);
        to.accept(Arrays.copyOf(good, good.length + 70_000));
        byte[] tail = Arrays.copyOf(good, good.length + 70_000);
        Arrays.fill(tail, good.length, tail.length, (byte) 'x');
        to.accept(tail);
    }
}
