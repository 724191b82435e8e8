package skywire.route.group;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import skywire.route.mux.Control;

/**
 * What this end wants of the group and has to tell the other one until it is seen: each change makes a new version
 * (docs/wire/mux.md §3.2). Guarded by its user.
 */
final class Standing {
    /** As many legs as there are. */
    static final int ANY_WIDTH = 255;

    private static final long FIRST_REPEAT = 250_000_000;
    private static final long LONGEST_REPEAT = 2_000_000_000;

    private final Map<Integer, Integer> wishes = new TreeMap<>();
    private int width = ANY_WIDTH;
    private long end = -1;
    private String text = "";
    private long version;
    private long seen;
    private long repeatAt;
    private long repeatAfter;

    void width(int legs, long now) {
        if (width != legs) {
            width = legs;
            changed(now);
        }
    }

    /** What is wanted of all legs of which something is wanted, by number. */
    void legs(Map<Integer, Integer> all, long now) {
        if (!wishes.equals(all)) {
            wishes.clear();
            wishes.putAll(all);
            changed(now);
        }
    }

    /** The stream ends after so many packets. */
    void end(long packets, String why, long now) {
        end = packets;
        text = why;
        changed(now);
    }

    private void changed(long now) {
        version++;
        repeatAt = now;
        repeatAfter = FIRST_REPEAT;
    }

    /** The other end has taken that version. */
    void seen(long itsVersion) {
        seen = Math.max(seen, itsVersion);
    }

    boolean isSeen() {
        return seen >= version;
    }

    /** When it is to be said (again), on the caller's clock; Long.MAX_VALUE if it need not be. */
    long due() {
        return isSeen() ? Long.MAX_VALUE : repeatAt;
    }

    /** It is said now. */
    Control.Status say(long now) {
        repeatAt = now + repeatAfter;
        repeatAfter = Math.min(LONGEST_REPEAT, 2 * repeatAfter);
        List<Control.LegWish> legs = new ArrayList<>();
        wishes.forEach((leg, code) -> legs.add(new Control.LegWish(leg, code)));
        return new Control.Status(version, width, legs, end, text);
    }
}
