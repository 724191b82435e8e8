package skywire.route.setup;

/**
 * How many legs a route group has, and why not as many as it should (mux §3.5). Immutable.
 *
 * @param requested legs in use that are wanted
 * @param actual live legs, up to {@code requested}; parked ones do not count
 * @param spares legs beyond that which are wanted
 * @param standby live legs beyond {@code requested}
 * @param reason why there are fewer than wanted, for people; empty if nothing is missing
 */
public record LegCount(int requested, int actual, int spares, int standby, String reason) {
    /** Whether it has all that it is to have. */
    public boolean isComplete() {
        return actual >= requested && standby >= spares;
    }

    /** For people: {@code 4 of 4}, {@code 2 of 4: no disjoint path left: all others pass 02ab1234}. */
    public String text() {
        String spare = spares == 0 ? "" : " and " + standby + " of " + spares + (spares == 1 ? " spare" : " spares");
        return actual + " of " + requested + spare + (reason.isEmpty() ? "" : ": " + reason);
    }
}
