package skywire.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import skywire.bench.MuxRun.Figures;
import skywire.bench.MuxRun.Legs;
import skywire.bench.MuxRun.Trouble;
import skywire.bench.MuxRun.Way;
import skywire.sim.LegsNet;
import skywire.testkit.FaultyRelay;

/** How much several legs carry together, and how little a bad one does harm. */
final class MuxRateRows {
    private static final LegsNet.Spec GOOD = LegsNet.Spec.of(10, 50);
    private static final double MOST_WIRE = 1.10;
    private static final double BAD_LEG = 0.98;

    private MuxRateRows() {}

    static Legs good(int n) {
        return net -> {
            var legs = new ArrayList<LegsNet.Leg>();
            for (int i = 0; i < n; i++) {
                legs.add(net.leg(GOOD));
            }
            return legs;
        };
    }

    private static Legs one(LegsNet.Spec spec) {
        return net -> List.of(net.leg(spec));
    }

    static void add(Report report, String name, double value, String unit, Bar bar, String basis) {
        report.add(new Row(name, value, unit, bar, basis));
    }

    private static void wire(Report report, String name, Figures figures) {
        add(report, name + ": wire/goodput", figures.wire(), "", Bar.atMost(MOST_WIRE), "");
    }

    private static String basis(double value, String what) {
        return String.format(Locale.ROOT, "%.3f MB/s %s", value, what);
    }

    static void equal(Report report) {
        for (Way way : Way.values()) {
            String suffix = ", " + way.text();
            double plain = MuxRun.plain(good(1), way).megabytes();
            report.add("plain group, 10 Mbit/s 50 ms" + suffix, plain, "MB/s");
            double one = 0;
            for (int n = 1; n <= 8; n *= 2) {
                Figures figures = MuxRun.mux(good(n), way);
                String name = n + (n == 1 ? " leg" : " legs") + suffix;
                if (n == 1) {
                    one = figures.megabytes();
                    add(report, name, one, "MB/s", Bar.atLeast(0.95 * plain), basis(plain, "plain"));
                } else {
                    double part = figures.megabytes() / (n * one);
                    report.add(name, figures.megabytes(), "MB/s");
                    add(report, name + ": part of N legs", part, "", Bar.atLeast(0.95), basis(one, "one leg"));
                }
                wire(report, name, figures);
            }
        }
    }

    static void unequal(Report report) {
        LegsNet.Spec near = LegsNet.Spec.of(10, 20);
        LegsNet.Spec far = LegsNet.Spec.of(10, 200);
        for (Way way : Way.values()) {
            double sum = MuxRun.mux(one(near), way).megabytes()
                    + MuxRun.mux(one(far), way).megabytes();
            part(report, "20 ms + 200 ms", List.of(near, far), way, 0.9, sum);
            part(report, "200 ms + 20 ms", List.of(far, near), way, 0.9, sum);
        }
    }

    private static void part(
            Report report, String name, List<LegsNet.Spec> specs, Way way, double bar, double reference) {
        rows(
                report,
                name + ", " + way.text(),
                MuxRun.mux(
                        net -> {
                            var legs = new ArrayList<LegsNet.Leg>();
                            for (LegsNet.Spec spec : specs) {
                                legs.add(net.leg(spec));
                            }
                            return legs;
                        },
                        way),
                bar,
                reference);
    }

    private static void rows(Report report, String name, Figures figures, double bar, double reference) {
        double part = figures.megabytes() / reference;
        add(report, name + ": part", part, "", Bar.atLeast(bar), basis(reference, "alone"));
        report.add(name + ": worst second", figures.worst() / 1e6, "MB/s");
        wire(report, name, figures);
    }

    private static double goodAlone(Way way) {
        return MuxRun.mux(good(1), way).megabytes();
    }

    static void slow(Report report) {
        LegsNet.Spec bad = LegsNet.Spec.of(1, 1200);
        for (Way way : Way.values()) {
            double alone = goodAlone(way);
            part(report, "good + 1 Mbit/s 1,200 ms", List.of(GOOD, bad), way, BAD_LEG, alone);
            part(report, "1 Mbit/s 1,200 ms + good", List.of(bad, GOOD), way, BAD_LEG, alone);
        }
    }

    static void lossy(Report report) {
        Trouble loss = (sim, legs, flow) -> legs.stream()
                .filter(LegsNet.Leg::isFaulty)
                .forEach(leg -> leg.faulty().treat(FaultyRelay.Treatment.dropping(0.02), sim.seed()));
        for (Way way : Way.values()) {
            double alone = goodAlone(way);
            Figures after = MuxRun.mux(net -> List.of(net.leg(GOOD), net.faultyLeg(GOOD)), way, MuxRun.FOR, loss);
            rows(report, "good + 2 % loss, " + way.text(), after, BAD_LEG, alone);
            Figures before = MuxRun.mux(net -> List.of(net.faultyLeg(GOOD), net.leg(GOOD)), way, MuxRun.FOR, loss);
            rows(report, "2 % loss + good, " + way.text(), before, BAD_LEG, alone);
        }
    }

    static void stalling(Report report) {
        for (Way way : Way.values()) {
            double alone = goodAlone(way);
            rows(
                    report,
                    "good + stalls 5 of 20 s, " + way.text(),
                    MuxRun.mux(good(2), way, Duration.ofSeconds(40), stalls(1)),
                    BAD_LEG,
                    alone);
            rows(
                    report,
                    "stalls 5 of 20 s + good, " + way.text(),
                    MuxRun.mux(good(2), way, Duration.ofSeconds(40), stalls(0)),
                    BAD_LEG,
                    alone);
        }
    }

    private static Trouble stalls(int leg) {
        return (sim, legs, flow) -> {
            sim.sleep(Duration.ofSeconds(12));
            for (int i = 0; i < 2; i++) {
                legs.get(leg).road().stop();
                sim.sleep(Duration.ofSeconds(5));
                legs.get(leg).road().resume();
                sim.sleep(Duration.ofSeconds(15));
            }
        };
    }

    static void shared(Report report) {
        for (Way way : Way.values()) {
            rows(
                    report,
                    "4 legs through one bottleneck, " + way.text(),
                    MuxRun.mux(net -> net.sharing(GOOD, 4), way),
                    0.95,
                    goodAlone(way));
        }
    }
}
