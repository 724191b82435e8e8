package skywire.bench;

import java.time.Duration;
import java.util.List;
import skywire.sim.LegsNet;
import skywire.sim.Simulation;
import skywire.testkit.Flow;
import skywire.testkit.RouteNet;

/** One transfer in the simulation, measured at its reader from the tenth second on. */
final class MuxRun {
    static final long SEED = 1;
    static final Duration FROM = Duration.ofSeconds(10);
    static final Duration FOR = Duration.ofSeconds(20);
    static final Simulation.Options OPTIONS = new Simulation.Options(
            false, Duration.ofMinutes(1), Long.MAX_VALUE, Duration.ofHours(2), Duration.ofMinutes(15), false);

    private MuxRun() {}

    /** Makes the legs; the first one is the primary. */
    @FunctionalInterface
    interface Legs {
        List<LegsNet.Leg> make(LegsNet net) throws Exception;
    }

    /** Does something to the legs while the transfer runs; ends when {@code flow.isOver()} or after some time. */
    @FunctionalInterface
    interface Trouble {
        Trouble NONE = (sim, legs, flow) -> {};

        void make(Simulation sim, List<LegsNet.Leg> legs, Flow flow) throws Exception;
    }

    /** Which way the bytes go. */
    enum Way {
        DOWN,
        UP;

        Flow start(Simulation sim, RouteNet.Ends ends, long bytes) {
            return this == DOWN
                    ? Flow.start(sim, ends.accepted(), ends.dialled(), bytes)
                    : Flow.start(sim, ends.dialled(), ends.accepted(), bytes);
        }

        String text() {
            return this == DOWN ? "download" : "upload";
        }
    }

    /**
     * What was measured.
     *
     * @param rate bytes a second
     * @param worst of the worst second
     * @param wire bytes both ends sent for each byte delivered
     */
    record Figures(double rate, double worst, double wire) {
        double megabytes() {
            return rate / 1e6;
        }
    }

    /** A group without several legs, over the first one. */
    static Figures plain(Legs legs, Way way) {
        return run(legs, way, FOR, Trouble.NONE, false);
    }

    static Figures mux(Legs legs, Way way) {
        return run(legs, way, FOR, Trouble.NONE, true);
    }

    static Figures mux(Legs legs, Way way, Duration time, Trouble trouble) {
        return run(legs, way, time, trouble, true);
    }

    private static Figures run(Legs legs, Way way, Duration time, Trouble trouble, boolean mux) {
        var figures = new Figures[1];
        Simulation.run(SEED, OPTIONS, sim -> {
            try (var net = new LegsNet(sim)) {
                List<LegsNet.Leg> all = legs.make(net);
                RouteNet.Ends ends = mux ? net.open(all) : net.openPlain(all.getFirst());
                Flow flow = way.start(sim, ends, Long.MAX_VALUE);
                Simulation.Joinable joinable = sim.go("trouble", () -> trouble.make(sim, all, flow));
                sim.sleep(FROM);
                flow.check();
                long before = net.wireBytes();
                sim.sleep(time);
                long wire = net.wireBytes() - before;
                flow.check();
                Duration to = FROM.plus(time);
                double rate = flow.rate(FROM, to);
                figures[0] = new Figures(rate, flow.worstSecond(FROM, to), wire / Math.max(1, rate * time.toSeconds()));
                state(net, mux);
                flow.stop();
                joinable.join();
            }
        });
        return figures[0];
    }

    /** {@code -Dskywire.bench.legs=true} shows what the ends know of their legs. */
    static void state(LegsNet net, boolean mux) {
        if (mux && Boolean.getBoolean("skywire.bench.legs")) {
            System.out.print(net.state());
        }
    }
}
