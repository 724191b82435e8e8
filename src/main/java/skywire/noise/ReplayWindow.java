package skywire.noise;

/**
 * Remembers which of the last {@value #SIZE} nonces have been seen. Nonce 0, repeated ones and those too far behind the
 * highest are refused. Memory is constant. Not thread-safe.
 */
public final class ReplayWindow {
    /** How far a nonce may lag: {@code highest - 1023} is the oldest accepted. */
    public static final int SIZE = 1024;

    private final long[] seen = new long[SIZE / 64];
    private long highest;

    /** Whether this nonce would be new; does not change anything. */
    public boolean fresh(long nonce) {
        if (nonce <= 0 || nonce <= highest - SIZE) {
            return false;
        }
        return nonce > highest || (word(nonce) & bit(nonce)) == 0;
    }

    /** Marks a nonce as seen; call it only after the message has authenticated. */
    public void mark(long nonce) {
        if (nonce > highest) {
            forget(highest, nonce);
            highest = nonce;
        }
        seen[index(nonce)] |= bit(nonce);
    }

    /** Clears the places of the nonces from {@code after + 1} up to {@code to}. */
    private void forget(long after, long to) {
        if (to - after >= SIZE) {
            java.util.Arrays.fill(seen, 0);
            return;
        }
        for (long n = after + 1; n <= to; n++) {
            seen[index(n)] &= ~bit(n);
        }
    }

    private long word(long nonce) {
        return seen[index(nonce)];
    }

    private static int index(long nonce) {
        return (int) (nonce & (SIZE - 1)) >>> 6;
    }

    private static long bit(long nonce) {
        return 1L << (nonce & 63);
    }
}
