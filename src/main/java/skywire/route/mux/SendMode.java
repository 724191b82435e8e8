package skywire.route.mux;

import java.util.Locale;

/** Which leg takes the next bytes of a multiplexed group. */
public enum SendMode {
    /** Whichever delivers them first; a slow leg is left out where waiting for a fast one is sooner. */
    AUTO,
    /** The same number of bytes on every leg; as fast as the slowest allows. */
    EQUAL,
    /** Every leg as much as it carries. */
    CAPACITY,
    /** The legs with the least round trip, also if that means to wait. */
    LATENCY;

    /** Name for people, flags and JSON. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
