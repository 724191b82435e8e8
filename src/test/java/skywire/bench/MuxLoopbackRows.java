package skywire.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import skywire.bench.MuxRun.Way;
import skywire.platform.Deadline;
import skywire.platform.HostPort;
import skywire.platform.Platform;
import skywire.route.group.RouteGroup;
import skywire.testkit.Flow;
import skywire.testkit.RouteNet;
import skywire.testkit.SlowRelay;

/** The same over real sockets, where the processor counts: all visors are in this process. */
final class MuxLoopbackRows {
    private static final Platform WORLD = Platform.system();
    private static final int ROUNDS = 5;
    private static final long BYTES = 100_000_000;
    private static final int PORT = 44;
    private static final double MOST_CPU = 1.3;
    private static final long TEN_MEGABITS = 1_250_000;
    private static final Duration TRIP = Duration.ofMillis(50);

    private MuxLoopbackRows() {}

    /** A net of two visors and relays between them; legs lead over the relays. */
    private record Legs(RouteNet net, RouteNet.Node source, RouteNet.Node destination, List<RouteNet.Node> relays)
            implements AutoCloseable {
        static Legs of(int n) throws IOException {
            var net = new RouteNet(WORLD);
            var legs = new Legs(net, net.add("source"), net.add("destination"), new ArrayList<>());
            for (int i = 0; i < n; i++) {
                RouteNet.Node relay = net.add("relay " + i);
                net.join(relay, legs.destination);
                legs.relays.add(relay);
            }
            return legs;
        }

        private List<RouteNet.Node> path(int leg) {
            return List.of(source, relays.get(leg), destination);
        }

        RouteNet.Ends open(int port, int n) throws IOException {
            RouteNet.Ends ends = net.openMux(path(0), port);
            ends.dialled().width(RouteGroup.MOST_LEGS, RouteGroup.MOST_LEGS);
            for (int i = 1; i < n; i++) {
                net.addLeg(ends.dialled(), path(i));
            }
            return ends;
        }

        @Override
        public void close() {
            net.close();
        }
    }

    private static double cpuSeconds() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / 1e9;
    }

    /** A kind of group, and what was measured of it. */
    private static final class Kind {
        final String name;
        final RouteNet.Ends ends;
        final Stats rate = new Stats();
        final Stats cpu = new Stats();

        Kind(String name, RouteNet.Ends ends) {
            this.name = name;
            this.ends = ends;
        }

        void measure(Way way, boolean counts) throws IOException {
            double before = cpuSeconds();
            Flow flow = way == Way.DOWN
                    ? Flow.start(WORLD, ends.accepted(), ends.dialled(), BYTES)
                    : Flow.start(WORLD, ends.dialled(), ends.accepted(), BYTES);
            await(flow, Duration.ofMinutes(2));
            if (counts) {
                rate.add(flow.rate(Duration.ZERO, flow.elapsed()) / 1e6);
                cpu.add((cpuSeconds() - before) * 1e9 / BYTES);
            }
        }
    }

    private static void await(Flow flow, Duration limit) throws IOException {
        Deadline deadline = WORLD.clock().in(limit);
        while (!flow.isOver()) {
            deadline.check("the transfer");
            WORLD.clock().sleep(Duration.ofMillis(5));
        }
        flow.check();
    }

    static void rate(Report report) throws IOException {
        for (Way way : Way.values()) {
            try (Legs legs = Legs.of(4)) {
                for (RouteNet.Node relay : legs.relays()) {
                    legs.net().join(legs.source(), relay);
                }
                var plain = new Kind("plain group", legs.net().open(legs.path(0), PORT));
                var one = new Kind("one leg", legs.open(PORT + 1, 1));
                var four = new Kind("4 legs", legs.open(PORT + 2, 4));
                for (int round = -1; round < ROUNDS; round++) {
                    for (Kind kind : List.of(plain, one, four)) {
                        kind.measure(way, round >= 0);
                    }
                }
                for (Kind kind : List.of(plain, one, four)) {
                    report.add("loopback, " + kind.name + ", " + way.text(), kind.rate.median(), "MB/s");
                    report.add(
                            "loopback, " + kind.name + ", " + way.text() + ": CPU, all visors",
                            kind.cpu.median(),
                            "s/GB");
                }
                String name = "loopback, 4 legs to one, " + way.text();
                MuxRateRows.add(
                        report,
                        name + ": rate",
                        four.rate.median() / one.rate.median(),
                        "times",
                        Bar.atLeast(1),
                        "same run");
                MuxRateRows.add(
                        report,
                        name + ": CPU per byte",
                        four.cpu.median() / one.cpu.median(),
                        "times",
                        Bar.atMost(MOST_CPU),
                        "same run");
            }
        }
    }

    /** Two narrow lines, one of which is cut. */
    static void cut(Report report) throws IOException {
        for (Way way : Way.values()) {
            var lines = new ArrayList<SlowRelay>();
            try (Legs legs = Legs.of(2)) {
                for (RouteNet.Node relay : legs.relays()) {
                    SlowRelay line = SlowRelay.start(
                            WORLD,
                            HostPort.parse(relay.carrier().listening()),
                            TRIP.dividedBy(2),
                            TEN_MEGABITS,
                            128 * 1024);
                    lines.add(line);
                    legs.net().join(legs.source(), relay, line.address());
                }
                cut(report, way, legs, lines);
            } finally {
                lines.forEach(SlowRelay::close);
            }
        }
    }

    private static void cut(Report report, Way way, Legs legs, List<SlowRelay> lines) throws IOException {
        RouteNet.Ends ends = legs.open(PORT, 2);
        Flow flow = way == Way.DOWN
                ? Flow.start(WORLD, ends.accepted(), ends.dialled(), 2 * 12 * TEN_MEGABITS)
                : Flow.start(WORLD, ends.dialled(), ends.accepted(), 2 * 12 * TEN_MEGABITS);
        WORLD.clock().sleep(Duration.ofSeconds(8));
        Duration cutAt = flow.elapsed();
        lines.getFirst().cut();
        await(flow, Duration.ofMinutes(2));
        String name = "2 real lines of 10 Mbit/s 50 ms, " + way.text();
        double before = flow.rate(Duration.ofSeconds(3), cutAt);
        double part = before / (2.0 * TEN_MEGABITS);
        MuxRateRows.add(report, name + ": part of both", part, "", Bar.atLeast(0.9), "of the bare rate of the lines");
        MuxRateRows.add(
                report,
                name + ", one cut: gap",
                flow.longestGap(cutAt, flow.elapsed()).toMillis(),
                "ms",
                Bar.atMost(3 * TRIP.toMillis() + 100),
                "all compared");
        report.add(name + ", one cut: rate after it", flow.rate(cutAt, flow.elapsed()) / 1e6, "MB/s");
    }
}
