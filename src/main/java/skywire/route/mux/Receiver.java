package skywire.route.mux;

import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * The receiving half of a multiplexed group: puts packets into order, never skips one, and says what has arrived. What it
 * holds is bounded in packets here and in bytes by the credit it gives. Knows no threads; guarded by its user.
 */
public final class Receiver {
    /** Packets beyond the first missing one that are kept. */
    public static final int MOST_PACKETS = 64 * Control.MOST_WORDS;

    private final byte[][] early = new byte[MOST_PACKETS][]; // by number; null where nothing is
    private final ArrayDeque<byte[]> ready = new ArrayDeque<>(); // in order, not taken yet
    private long next;
    private long highest = -1;
    private int held; // bytes of early and ready ones
    private int earlyPackets;
    private int earlyBytes;
    private long arrivedBytes; // of the whole stream, in order
    private long duplicates;
    private long refused;

    /** What became of a packet. */
    public enum Outcome {
        /** It continues the stream: there is more to read. */
        IN_ORDER,
        /** It is kept until those before it come. */
        EARLY,
        /** It was here already. */
        DUPLICATE,
        /** It is beyond what may be kept. */
        REFUSED
    }

    /** Whether a packet of that number would be new and can be kept. */
    public Outcome look(long sequence) {
        if (sequence < next) {
            return Outcome.DUPLICATE;
        }
        if (sequence - next >= MOST_PACKETS) {
            return Outcome.REFUSED;
        }
        return early[slot(sequence)] != null ? Outcome.DUPLICATE : sequence == next ? Outcome.IN_ORDER : Outcome.EARLY;
    }

    /** Takes a packet's data; keeps the array. */
    public Outcome put(long sequence, byte[] data) {
        Outcome outcome = look(sequence);
        switch (outcome) {
            case DUPLICATE -> duplicates++;
            case REFUSED -> refused++;
            case IN_ORDER -> {
                held += data.length;
                deliver(data);
                for (byte[] more; (more = early[slot(next)]) != null; ) {
                    early[slot(next)] = null;
                    earlyPackets--;
                    earlyBytes -= more.length;
                    deliver(more);
                }
            }
            case EARLY -> {
                held += data.length;
                early[slot(sequence)] = data;
                earlyPackets++;
                earlyBytes += data.length;
            }
        }
        if (outcome == Outcome.IN_ORDER || outcome == Outcome.EARLY) {
            highest = Math.max(highest, sequence);
        }
        return outcome;
    }

    private void deliver(byte[] data) {
        next++;
        arrivedBytes += data.length;
        if (data.length > 0) {
            ready.add(data);
        }
    }

    private static int slot(long sequence) {
        return (int) (sequence % MOST_PACKETS);
    }

    /** The first bytes in order; null if there are none. */
    public byte[] peek() {
        return ready.peek();
    }

    /** Takes the first bytes out. */
    public void take() {
        held -= ready.remove().length;
    }

    /** Drops all it holds. */
    public void clear() {
        ready.clear();
        Arrays.fill(early, null);
        earlyPackets = 0;
        earlyBytes = 0;
        held = 0;
    }

    /** Number of the first packet that is missing. */
    public long next() {
        return next;
    }

    /** Number of the last packet that is here, −1 before the first. */
    public long highest() {
        return highest;
    }

    /** Whether packets wait for one that is missing. */
    public boolean hasGap() {
        return earlyPackets > 0;
    }

    /** Bytes held that wait for a missing packet. */
    public int earlyBytes() {
        return earlyBytes;
    }

    /** Bytes held, in order or not. */
    public int held() {
        return held;
    }

    /** Bytes in order so far. */
    public long arrivedBytes() {
        return arrivedBytes;
    }

    /** Packets that came more than once. */
    public long duplicates() {
        return duplicates;
    }

    /** Packets that could not be kept. */
    public long refused() {
        return refused;
    }

    /** What has arrived beyond {@link #next}: bit i of word w stands for {@code next + 64 w + i}. */
    public long[] words() {
        if (earlyPackets == 0) {
            return new long[0];
        }
        long[] words = new long[(int) ((highest - next) / 64) + 1];
        for (long s = next; s <= highest; s++) {
            if (early[slot(s)] != null) {
                words[(int) ((s - next) >> 6)] |= 1L << ((s - next) & 63);
            }
        }
        return words;
    }
}
