package skywire.bench;

import java.io.IOException;
import java.time.Duration;
import skywire.bench.MuxRun.Way;
import skywire.platform.Deadline;
import skywire.platform.Link;
import skywire.sim.LegsNet;
import skywire.sim.Simulation;
import skywire.testkit.Flow;
import skywire.testkit.RouteNet;
import skywire.yamux.Side;
import skywire.yamux.YamuxConfig;
import skywire.yamux.YamuxSession;

/** A conversation of small messages beside a transfer, on streams of one session over one group, as in a proxy. */
final class MuxEchoRows {
    private static final int SIZE = 64;
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final int IDLE = 50;
    private static final int WARM = 100; // messages beside the transfer that do not count
    private static final int BUSY = 300;

    private MuxEchoRows() {}

    static void run(Report report) {
        for (int n = 1; n <= 4; n *= 2) {
            for (Way way : Way.values()) {
                measure(report, n, way, true);
            }
        }
        for (Way way : Way.values()) {
            measure(report, 1, way, false);
        }
    }

    private static void measure(Report report, int n, Way way, boolean mux) {
        var idle = new Stats();
        var busy = new Stats();
        var rate = new double[1];
        Simulation.run(MuxRun.SEED, MuxRun.OPTIONS, sim -> {
            try (var net = new LegsNet(sim)) {
                var legs = MuxRateRows.good(n).make(net);
                RouteNet.Ends ends = mux ? net.open(legs) : net.openPlain(legs.getFirst());
                play(sim, ends, way, idle, busy, rate);
                MuxRun.state(net, mux);
            }
        });
        String name = "echo beside a " + way.text() + (mux ? ", " + n + " legs" : ", plain group");
        double trip = idle.median();
        report.add(name + ": idle", trip, "ms");
        report.add(name + ": p50", busy.median(), "ms");
        Bar bar = mux ? Bar.atMost(2 * trip) : null;
        MuxRateRows.add(report, name + ": p99", busy.quantile(0.99), "ms", bar, mux ? "2 idle round trips" : "");
        report.add(name + ": the transfer", rate[0] / 1e6, "MB/s");
    }

    private static void play(Simulation sim, RouteNet.Ends ends, Way way, Stats idle, Stats busy, double[] rate)
            throws Exception {
        try (YamuxSession client =
                        YamuxSession.open(sim, "client", ends.dialled(), Side.CLIENT, YamuxConfig.CLIENT.overRoute());
                YamuxSession server =
                        YamuxSession.open(sim, "server", ends.accepted(), Side.SERVER, YamuxConfig.SERVER.overRoute());
                Link here = client.open(Deadline.NEVER);
                Link there = server.accept()) {
            sim.go("echo", () -> echo(there));
            converse(sim, here, IDLE, idle);
            try (Link bulkHere = client.open(Deadline.NEVER);
                    Link bulkThere = server.accept()) {
                Flow flow =
                        way == Way.DOWN ? Flow.start(sim, bulkThere, bulkHere) : Flow.start(sim, bulkHere, bulkThere);
                converse(sim, here, WARM, new Stats());
                Duration from = flow.elapsed();
                converse(sim, here, BUSY, busy);
                flow.check();
                rate[0] = flow.rate(from, flow.elapsed());
                flow.stop();
            }
        }
    }

    /** Sends back what comes, until the stream ends. */
    private static void echo(Link link) {
        var message = new byte[SIZE];
        try {
            while (true) {
                link.readFully(message, 0, SIZE, Deadline.NEVER);
                link.write(message, Deadline.NEVER);
            }
        } catch (IOException e) {
            link.close(); // the conversation is over
        }
    }

    /** So many messages, one every {@link #PAUSE} whether the last one is back or not. */
    private static void converse(Simulation sim, Link link, int count, Stats times) throws Exception {
        var sent = new long[count];
        Simulation.Joinable reader = sim.go("answers", () -> {
            var message = new byte[SIZE];
            for (int i = 0; i < count; i++) {
                link.readFully(message, 0, SIZE, Deadline.NEVER);
                times.add((sim.clock().nanoTime() - sent[i]) / 1e6);
            }
        });
        for (int i = 0; i < count; i++) {
            sent[i] = sim.clock().nanoTime();
            link.write(new byte[SIZE], Deadline.NEVER);
            sim.sleep(PAUSE);
        }
        reader.join();
    }
}
