package skywire.sim;

/** The cold start of a fleet, for whoever plays it outside the tests. */
public final class ColdStart {
    private ColdStart() {}

    /** A discovery and eight dmsg servers begin at random times, nobody first; fails unless all are registered soon. */
    public static Simulation.Report play(long seed) {
        return Scenarios.play("mesh-cold-start", seed);
    }
}
