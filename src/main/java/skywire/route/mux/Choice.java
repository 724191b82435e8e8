package skywire.route.mux;

/** Decides whether a leg takes the next bytes or leaves them to another one (docs/design-mux.md, "who sends"). */
final class Choice {
    private static final long MARGIN = 1_000_000; // ns; legs this close are alike
    private static final int AHEAD = 2; // packets one leg may be ahead of another when all carry the same

    private SendMode mode = SendMode.AUTO;
    private long busyBytes; // sent since the writer last had nothing to send for a while

    SendMode mode() {
        return mode;
    }

    void mode(SendMode next) {
        mode = next;
    }

    /** The writer had paused: what it sends now may be all there is. */
    void paused() {
        busyBytes = 0;
    }

    void sent(int bytes) {
        busyBytes += bytes;
    }

    /**
     * Whether the leg should take new data.
     *
     * @param waiting bytes that wait to be sent
     * @param room bytes the receiver still takes
     */
    boolean takes(Leg leg, LegSet legs, long waiting, long room) {
        if (!leg.isActive() || !leg.hasRoom()) {
            return false;
        }
        Leg best = quickest(legs);
        return switch (mode) {
            case AUTO -> leg == best || isWorthIt(leg, best, legs, waiting, room);
            case CAPACITY -> true;
            case LATENCY -> leg.path.roundTrip() <= best.path.roundTrip() * 5 / 4 + MARGIN;
            case EQUAL -> leg.share <= least(legs) + AHEAD * leg.packet();
        };
    }

    /**
     * The bytes would arrive later by this leg than by the best one, which is busy: is waiting for that one sooner? How
     * much will follow nobody knows; a writer that has written much will write as much again. And a slow leg must not take
     * the last room of the receiver, or the quick ones would wait for what is on it.
     */
    private static boolean isWorthIt(Leg leg, Leg best, LegSet legs, long waiting, long room, long busy) {
        long quick = best.path.roundTrip();
        long slow = leg.path.roundTrip();
        if (slow == 0 || quick == 0) {
            return true; // to find out
        }
        double follows = Math.max(waiting, busy);
        boolean sooner = quick * (1 + follows / best.window()) + MARGIN >= slow;
        double others = 0;
        for (Leg other : legs.view()) {
            if (other != leg && other.isActive()) {
                others += other.path.rate();
            }
        }
        return sooner && room > others * Math.max(0, slow - quick) / 1e9 + leg.packet();
    }

    private boolean isWorthIt(Leg leg, Leg best, LegSet legs, long waiting, long room) {
        return isWorthIt(leg, best, legs, waiting, room, busyBytes);
    }

    static Leg quickest(LegSet legs) {
        Leg best = null;
        for (Leg leg : legs.view()) {
            if (leg.isActive() && (best == null || leg.path.roundTrip() < best.path.roundTrip())) {
                best = leg;
            }
        }
        return best;
    }

    private static long least(LegSet legs) {
        long least = Long.MAX_VALUE;
        for (Leg leg : legs.view()) {
            if (leg.isActive()) {
                least = Math.min(least, leg.share);
            }
        }
        return least;
    }
}
