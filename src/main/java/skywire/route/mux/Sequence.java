package skywire.route.mux;

/**
 * Numbers of data packets: 64 bits inside, 32 on the wire, where those from {@link #CONTROL} on are no data (mux §2.2). In
 * the full form they go round below that; the one place where this is done.
 */
public final class Sequence {
    /** The first number that is no data. */
    public static final long CONTROL = 0xff00_0000L;

    private Sequence() {}

    /** The number on the wire. */
    public static long wire(long sequence) {
        return sequence % CONTROL;
    }

    /** The number that is meant: the one nearest to {@code near} with this form on the wire, never a negative one. */
    public static long near(long near, long wire) {
        long base = near - near % CONTROL + wire;
        if (base - near > CONTROL / 2 && base >= CONTROL) {
            return base - CONTROL;
        }
        return near - base > CONTROL / 2 ? base + CONTROL : base;
    }
}
