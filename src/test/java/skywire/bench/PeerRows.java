package skywire.bench;

import java.io.IOException;

/**
 * Our dmsg server against the reference's in the same run, in turns, with the same clients of ours: how much of the
 * other's figure ours is. With our clients the reference's server relays large pieces too, so that its CPU per byte says
 * less than the recorded figures of a whole chain.
 */
final class PeerRows {
    private static final int ROUNDS = 4;
    private static final int IDLE = 1000;

    private PeerRows() {}

    static void run(Report report, String folder) throws Exception {
        if (folder.isBlank()) {
            report.skipped("compared with the reference's server", "PEER is not set");
            return;
        }
        var peer = new PeerServer(folder);
        try (var ours = new SmallNet();
                var theirs = new SmallNet(peer)) {
            try (var chain = new PeerChain(folder, peer)) {
                chains(report, ours, chain);
            }
            streams(report, ours, theirs);
            sessions(report, ours, theirs);
            idle(report, ours, theirs);
        }
    }

    private static void ratio(Report report, String name, Stats ours, Stats theirs, Bar bar) {
        report.add(new Row(
                name,
                ours.median() / theirs.median(),
                "x",
                bar,
                "same run: " + Bar.text(ours.median()) + " to " + Bar.text(theirs.median())));
    }

    /** One stream, everything ours against everything theirs. */
    private static void chains(Report report, SmallNet ours, PeerChain theirs) throws Exception {
        var rate = new Stats[] {new Stats(), new Stats()};
        var cpu = new Stats[] {new Stats(), new Stats()};
        ours.near.ask("throughput " + ours.farKey + " 8 1000"); // warm
        ours.near.ask("throughput " + ours.farKey + " 1 1000");
        for (int round = 0; round < ROUNDS; round++) {
            double[] before = ours.cpu();
            double seconds = ours.near.numbers("throughput " + ours.farKey + " 1 200")[0];
            double[] after = ours.cpu();
            rate[0].add(200 / seconds);
            cpu[0].add((after[0] + after[1] - before[0] - before[1]) * 5);
            double[] measured = theirs.measure();
            rate[1].add(measured[0]);
            cpu[1].add(measured[1]);
        }
        ratio(report, "dmsg, 1 stream, MB/s against all of the reference", rate[0], rate[1], Bar.atLeast(2));
        ratio(report, "dmsg, 1 stream, CPU against all of the reference", cpu[0], cpu[1], Bar.atMost(0.5));
    }

    private static void streams(Report report, SmallNet ours, SmallNet theirs) throws IOException {
        SmallNet[] nets = {ours, theirs};
        for (int streams : Reference.STREAMS) {
            var rate = new Stats[] {new Stats(), new Stats()};
            var cpu = new Stats[] {new Stats(), new Stats()};
            for (int round = 0; round <= ROUNDS; round++) {
                for (int i = 0; i < 2; i++) {
                    double before = nets[i].server.cpu();
                    double seconds = nets[i].near.numbers("throughput " + nets[i].farKey + " " + streams + " 200")[0];
                    if (round > 0) { // the first one warms
                        rate[i].add(200 / seconds);
                        cpu[i].add((nets[i].server.cpu() - before) * 5);
                    }
                }
            }
            String name = "server, " + streams + (streams == 1 ? " stream" : " streams");
            ratio(report, name + ", MB/s against the reference's", rate[0], rate[1], null);
            ratio(report, name + ", CPU against the reference's", cpu[0], cpu[1], null);
        }
    }

    private static void sessions(Report report, SmallNet ours, SmallNet theirs) throws IOException {
        SmallNet[] nets = {ours, theirs};
        var rate = new Stats[] {new Stats(), new Stats()};
        var cpu = new Stats[] {new Stats(), new Stats()};
        nets[0].near.ask("connect 2500 8"); // warm
        nets[0].near.ask("drop");
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < 2; i++) {
                double before = nets[i].server.cpu();
                double seconds = nets[i].near.numbers("connect 150 16")[0];
                rate[i].add(150 / seconds);
                cpu[i].add((nets[i].server.cpu() - before) * 1000 / 150);
                nets[i].near.ask("drop");
            }
        }
        ratio(report, "server, sessions per second against the reference's", rate[0], rate[1], null);
        ratio(report, "server, CPU per session against the reference's", cpu[0], cpu[1], Bar.atMost(0.25));
    }

    private static void idle(Report report, SmallNet ours, SmallNet theirs) throws IOException {
        SmallNet[] nets = {ours, theirs};
        var each = new Stats[] {new Stats(), new Stats()};
        for (int i = 0; i < 2; i++) {
            nets[i].near.ask("idle 200");
            double few = nets[i].server.resident();
            nets[i].near.ask("idle " + IDLE);
            each[i].add((nets[i].server.resident() - few) / IDLE / 1000);
        }
        ratio(report, "server, kB per idle session against the reference's", each[0], each[1], null);
    }
}
