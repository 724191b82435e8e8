package skywire.route.setup;

import skywire.route.group.RouteGroup;

/**
 * How many legs a route group is to have, and how long they may be (mux §4.2). Immutable.
 *
 * @param forward legs that this end sends on at once, 1 to {@link RouteGroup#MOST_LEGS}
 * @param reverse legs that the other end sends on at once, 1 to {@link RouteGroup#MOST_LEGS}
 * @param spares legs beyond that, kept warm to take over; all in all there are never more than {@link
 *     RouteGroup#MOST_LEGS}
 * @param minHops least number of transports of every leg; 0 for what the visor's configuration says
 * @param maxHops greatest number of transports of every leg; 0 for what the visor's configuration says, of
 *     which further legs make use up to {@link #LONGER}
 */
public record LegWish(int forward, int reverse, int spares, int minHops, int maxHops) {
    /** How much longer than the first leg a further one may be, where no bound was asked for. */
    public static final int LONGER = 2;

    /** A plain route, with the hops of the visor's configuration. */
    public static final LegWish ONE = of(1);

    /** Checks the ranges. */
    public LegWish {
        if (forward < 1 || forward > RouteGroup.MOST_LEGS || reverse < 1 || reverse > RouteGroup.MOST_LEGS) {
            throw new IllegalArgumentException("a route group has 1 to " + RouteGroup.MOST_LEGS + " legs");
        }
        if (minHops < 0 || maxHops < 0 || maxHops > 0 && minHops > maxHops) {
            throw new IllegalArgumentException("no route has " + minHops + " to " + maxHops + " hops");
        }
        spares = Math.clamp(spares, 0, RouteGroup.MOST_LEGS - Math.max(forward, reverse));
    }

    /** So many legs in both directions, with the hops of the visor's configuration and without spares. */
    public static LegWish of(int legs) {
        return new LegWish(legs, legs, 0, 0, 0);
    }

    /** The same, with other bounds for the hops; 0 for those of the visor's configuration. */
    public LegWish withHops(int least, int most) {
        return new LegWish(forward, reverse, spares, least, most);
    }

    /** The same, with so many spares. */
    public LegWish withSpares(int number) {
        return new LegWish(forward, reverse, number, minHops, maxHops);
    }

    /** Legs that are in use at once: those of the direction that has more. */
    public int inUse() {
        return Math.max(forward, reverse);
    }

    /** Legs in all, with the spares. */
    public int total() {
        return inUse() + spares;
    }

    /** Whether it is a plain route that is wanted: then no legs are offered to the other end. */
    public boolean isOne() {
        return total() == 1;
    }
}
