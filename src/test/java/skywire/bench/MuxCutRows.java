package skywire.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import skywire.bench.MuxRun.Way;
import skywire.platform.Failure;
import skywire.route.group.RouteGroup;
import skywire.sim.LegsNet;
import skywire.sim.Simulation;
import skywire.testkit.Flow;
import skywire.testkit.RouteNet;

/** Legs that vanish without a word while bytes are under way on them. */
final class MuxCutRows {
    private static final int RUNS = 8;
    private static final LegsNet.Spec SPEC = LegsNet.Spec.of(10, 50);
    private static final Duration MOST_GAP = Duration.ofMillis(3 * 50 + 100);
    private static final int REGROWN = 8;
    private static final long REGROW_BYTES = 200_000_000;

    private MuxCutRows() {}

    /**
     * A leg out of {@code n} is cut at a random moment, in each run in another way: up or down, near or far, the primary
     * or the last one.
     */
    static void cut(Report report, int n) {
        double worstGap = 0;
        double worstSecond = Double.MAX_VALUE;
        double worstWire = 0;
        String worst = "";
        for (int run = 0; run < RUNS; run++) {
            Way way = Way.values()[run & 1];
            boolean near = (run & 2) == 0;
            boolean primary = (run & 4) == 0;
            String name = way.text() + (near ? ", near" : ", far") + (primary ? ", primary" : ", last");
            double[] figures = cut(run, n, way, near, primary);
            report.add(n + " legs, one cut, seed " + run + ", " + name + ": gap", figures[0], "ms");
            if (figures[0] > worstGap) {
                worstGap = figures[0];
                worst = "seed " + run + ", " + name;
            }
            worstSecond = Math.min(worstSecond, figures[1]);
            worstWire = Math.max(worstWire, figures[2]);
        }
        String name = n + " legs, one cut, worst of " + RUNS;
        MuxRateRows.add(report, name + ": gap", worstGap, "ms", Bar.atMost(MOST_GAP.toMillis()), worst);
        report.add(name + ": worst second", worstSecond, "MB/s");
        MuxRateRows.add(report, name + ": wire/goodput", worstWire, "", Bar.atMost(1.10), "all compared");
    }

    /** Longest gap in milliseconds, worst second in MB/s, wire bytes for each byte. */
    private static double[] cut(long seed, int n, Way way, boolean near, boolean primary) {
        var figures = new double[3];
        Simulation.run(seed, MuxRun.OPTIONS, sim -> {
            try (var net = new LegsNet(sim)) {
                List<LegsNet.Leg> legs = MuxRateRows.good(n).make(net);
                RouteNet.Ends ends = net.open(legs);
                long before = net.wireBytes();
                Flow flow = way.start(sim, ends, n * 15_000_000L);
                sim.sleep(Duration.ofMillis(8_000 + sim.dice().nextInt(2_000)));
                Duration at = flow.elapsed();
                LegsNet.Leg victim = primary ? legs.getFirst() : legs.getLast();
                if (near) {
                    victim.cutNear();
                } else {
                    victim.cutFar();
                }
                sim.until("all is there", Duration.ofMinutes(3), flow::isOver);
                flow.check();
                Duration end = flow.elapsed();
                figures[0] = flow.longestGap(at, end).toNanos() / 1e6;
                figures[1] = flow.worstSecond(at, end) / 1e6;
                figures[2] = (double) (net.wireBytes() - before) / flow.received();
                MuxRun.state(net, true);
            }
        });
        return figures;
    }

    /** Every second another one of eight legs is cut, and a new one over a fresh relay takes its place. */
    static void regrow(Report report) {
        for (Way way : Way.values()) {
            Simulation.run(MuxRun.SEED, MuxRun.OPTIONS, sim -> {
                try (var net = new LegsNet(sim)) {
                    var legs = new ArrayList<>(MuxRateRows.good(REGROWN).make(net));
                    RouteNet.Ends ends = net.open(legs);
                    long before = net.wireBytes();
                    Flow flow = way.start(sim, ends, REGROW_BYTES);
                    int cuts = 0;
                    while (!flow.isOver() && flow.elapsed().toMinutes() < 5) {
                        sim.sleep(Duration.ofSeconds(1));
                        LegsNet.Leg victim = legs.remove(sim.dice().nextInt(legs.size()));
                        if (sim.dice().nextBoolean()) {
                            victim.cutNear();
                        } else {
                            victim.cutFar();
                        }
                        cuts++;
                        if (Boolean.getBoolean("skywire.bench.legs")) {
                            System.out.printf("%4d s: %.1f MB%n%s", cuts, flow.received() / 1e6, net.state());
                        }
                        retire(ends.dialled(), victim.id());
                        LegsNet.Leg fresh = net.leg(SPEC);
                        net.add(fresh);
                        legs.add(fresh);
                    }
                    flow.check();
                    Duration end = flow.elapsed();
                    String name = "a leg of 8 cut every second, " + way.text();
                    String basis = cuts + " cuts, all compared";
                    MuxRateRows.add(
                            report, name + ": transferred", flow.received() / 1e6, "MB", Bar.atLeast(200), basis);
                    report.add(name + ": rate", flow.rate(Duration.ZERO, end) / 1e6, "MB/s");
                    report.add(
                            name + ": gap", flow.longestGap(Duration.ZERO, end).toMillis(), "ms");
                    double wire = (double) (net.wireBytes() - before) / flow.received();
                    MuxRateRows.add(report, name + ": wire/goodput", wire, "", Bar.atMost(1.10), "");
                    MuxRun.state(net, true);
                }
            });
        }
    }

    /** As who looks after the number of legs does with one that is of no use; the primary and unknown ones stay. */
    static void retire(RouteGroup group, UUID leg) throws IOException {
        try {
            group.removeLeg(leg);
        } catch (Failure e) {
            if (e.kind() != Failure.Kind.REFUSED && e.kind() != Failure.Kind.NOT_FOUND) {
                throw e;
            }
        }
    }
}
