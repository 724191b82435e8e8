package skywire.soak;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import skywire.cli.Logs;
import skywire.control.Progress;
import skywire.json.Json;
import skywire.key.SecretKey;
import skywire.local.LocalNetwork;
import skywire.local.LocalSettings;
import skywire.platform.HostPort;
import skywire.platform.Platform;

/**
 * A whole network in this process is kept busy for some minutes: downloads, some cut, routes, streams, transports that
 * are cut, relays that die and come back, in an order drawn from a seed. Before and after, at rest, it is looked at what
 * it holds on to; that must be the same but for 5 %. Prints a table and writes {@code target/report/soak.json}.
 */
public final class Soak {
    private static final Path REPORT = Path.of("target/report/soak.json");
    private static final Platform WORLD = Platform.system();
    private static final Duration REST = Duration.ofSeconds(45); // rules live 30 s, and are collected every 5 s
    private static final int SETTLING = 40; // seconds of churn before the base line, to load classes and fill caches
    private static final int VISORS = 6;

    private Soak() {}

    /** Arguments: minutes, and the seed. */
    public static void main(String[] args) throws Exception {
        long minutes = Long.parseLong(args[0]);
        long seed = args.length > 1 && !args[1].isBlank()
                ? Long.parseLong(args[1])
                : WORLD.random().nextInt(1_000_000);
        Logs.start(Level.WARNING);
        var settings = new LocalSettings(
                VISORS,
                3,
                0,
                new HostPort("127.0.0.1", 0),
                Optional.empty(),
                name -> SecretKey.fromSeed(("soak " + name).getBytes(StandardCharsets.UTF_8)));
        try (var web = new Web();
                LocalNetwork network = LocalNetwork.start(WORLD, settings, Progress.NONE)) {
            System.exit(run(network, web, minutes, seed) ? 0 : 1);
        }
    }

    private static boolean run(LocalNetwork network, Web web, long minutes, long seed) throws Exception {
        System.out.println("seed " + seed + ", " + minutes + " min (make soak MINUTES=" + minutes + " S=" + seed + ")");
        var churn = new Churn(network, web, seed);
        churn(churn, Duration.ofSeconds(SETTLING));
        System.out.println(Usage.head());
        Usage base = atRest(network);
        System.out.println(base.row("base line"));
        List<String> rows = new ArrayList<>();
        long end = WORLD.clock().nanoTime() + Duration.ofMinutes(minutes).toNanos();
        while (WORLD.clock().nanoTime() < end) {
            churn(churn, Duration.ofSeconds(Math.min(60, minutes * 30)));
            Usage busy = Usage.of(network);
            System.out.println(busy.row("busy"));
            rows.add(busy.json());
        }
        Usage after = atRest(network);
        System.out.println(after.row("at the end"));
        System.out.println(churn.summary());
        List<String> grown = after.grownSince(base);
        boolean good = grown.isEmpty() && churn.mostlyWorked();
        System.out.println(
                good ? "nothing is left behind" : "FAILED: " + (grown.isEmpty() ? "too much failed" : grown));
        Files.createDirectories(REPORT.getParent());
        Files.writeString(
                REPORT,
                "{\"seed\":" + seed + ",\"minutes\":" + minutes + ",\"base\":" + base.json() + ",\"busy\":["
                        + String.join(",", rows) + "],\"end\":" + after.json() + ",\"done\":{" + churn.json()
                        + "},\"grown\":" + Json.quote(String.join("; ", grown)) + ",\"good\":" + good + "}\n");
        return good;
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
