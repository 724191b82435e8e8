package skywire.soak;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Collectors;
import skywire.cli.Logs;
import skywire.control.Progress;
import skywire.key.SecretKey;
import skywire.local.LocalNetwork;
import skywire.local.LocalSettings;
import skywire.platform.HostPort;
import skywire.platform.Platform;
import skywire.sim.ColdStart;
import skywire.sim.LegsScenario;
import skywire.testkit.ReportFile;

/**
 * A whole network in this process is kept busy for some minutes: downloads, some cut, routes, streams, transports that
 * are cut, relays that die and come back, in an order drawn from a seed. Before and after, at rest, it is looked at what
 * it holds on to; that must be the same but for 5 %. Prints a table and writes {@code target/report/soak.json}.
 */
public final class Soak {
    private static final Platform WORLD = Platform.system();
    private static final Duration REST = Duration.ofSeconds(45); // rules live 30 s, and are collected every 5 s
    private static final int SETTLING = 40; // seconds of churn before the base line, to load classes and fill caches
    private static final int VISORS = 6;
    private static final int COLD_STARTS = 1000;
    private static final int TRANSFERS = 20;

    private Soak() {}

    /** Arguments: minutes, the seed, how many cold starts are simulated, and how many transfers over many legs. */
    public static void main(String[] args) throws Exception {
        long minutes = Long.parseLong(args[0]);
        long seed = args.length > 1 && !args[1].isBlank()
                ? Long.parseLong(args[1])
                : WORLD.random().nextInt(1_000_000);
        int seeds = args.length > 2 && !args[2].isBlank() ? Integer.parseInt(args[2]) : COLD_STARTS;
        Logs.start(Level.WARNING);
        var report = new ReportFile("soak");
        int transfers = args.length > 3 && !args[3].isBlank() ? Integer.parseInt(args[3]) : TRANSFERS;
        boolean good = coldStarts(seeds, report);
        good &= legs(seed, transfers, report);
        var settings = new LocalSettings(
                VISORS,
                3,
                0,
                new HostPort("127.0.0.1", 0),
                Optional.empty(),
                name -> SecretKey.fromSeed(("soak " + name).getBytes(StandardCharsets.UTF_8)));
        try (var web = new Web();
                LocalNetwork network = LocalNetwork.start(WORLD, settings, Progress.NONE)) {
            good &= run(network, web, minutes, seed, report);
        }
        report.write();
        System.exit(good ? 0 : 1);
    }

    private static boolean run(LocalNetwork network, Web web, long minutes, long seed, ReportFile report)
            throws Exception {
        System.out.println("seed " + seed + ", " + minutes + " min (make soak MINUTES=" + minutes + " S=" + seed + ")");
        var churn = new Churn(network, web, seed);
        churn(churn, Duration.ofSeconds(SETTLING));
        System.out.println(Usage.head());
        Usage base = atRest(network);
        System.out.println(base.row("base line"));
        long end = WORLD.clock().nanoTime() + Duration.ofMinutes(minutes).toNanos();
        while (WORLD.clock().nanoTime() < end) {
            churn(churn, Duration.ofSeconds(Math.min(60, minutes * 30)));
            System.out.println(Usage.of(network).row("busy"));
        }
        Usage after = atRest(network);
        System.out.println(after.row("at the end"));
        System.out.println(churn.summary());
        List<String> grown = after.grownSince(base);
        boolean good = grown.isEmpty() && churn.mostlyWorked();
        System.out.println(
                good ? "nothing is left behind" : "FAILED: " + (grown.isEmpty() ? "too much failed" : grown));
        after.report(report, base);
        churn.report(report);
        report.atLeast("most of each kind worked", churn.mostlyWorked() ? 1 : 0, "", 1);
        return good;
    }

    /** A fleet of dmsg servers and its discovery, switched on at once, with so many seeds (dmsg §10). */
    private static boolean coldStarts(int seeds, ReportFile report) {
        int good = 0;
        for (long seed = 0; seed < seeds; seed++) {
            try {
                ColdStart.play(seed);
                good++;
            } catch (AssertionError e) {
                System.out.println(
                        "FAILED: " + e.getMessage().lines().findFirst().orElse(""));
            }
        }
        System.out.println("cold starts of a discovery and eight dmsg servers: " + good + " of " + seeds + " seeds");
        report.atLeast("cold starts, everyone registered", good, "seeds", seeds);
        return good == seeds;
    }

    /** Transfers of 3 to 100 MB each way over legs that come, go and fail, every byte compared; with so many seeds. */
    private static boolean legs(long first, int seeds, ReportFile report) {
        int good = 0;
        for (long seed = first; seed < first + seeds; seed++) {
            try {
                System.out.println("legs, " + LegsScenario.play(seed));
                good++;
            } catch (AssertionError e) {
                System.out.println("FAILED: " + e.getMessage().lines().limit(2).collect(Collectors.joining(" ")));
            }
        }
        System.out.println("transfers over legs that fail: " + good + " of " + seeds + " seeds");
        report.atLeast("transfers over legs that fail, every byte there", good, "seeds", seeds);
        return good == seeds;
    }

    private static void churn(Churn churn, Duration time) {
        long end = WORLD.clock().nanoTime() + time.toNanos();
        while (WORLD.clock().nanoTime() < end) {
            churn.step();
        }
    }

    private static Usage atRest(LocalNetwork network) throws Exception {
        WORLD.clock().sleep(REST);
        return Usage.of(network);
    }
}
