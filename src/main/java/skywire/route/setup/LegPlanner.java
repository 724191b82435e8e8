package skywire.route.setup;

/** Finds paths for further legs of a group. */
final class LegPlanner {
    private LegPlanner() {}
}
