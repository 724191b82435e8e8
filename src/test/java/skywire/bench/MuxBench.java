package skywire.bench;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import skywire.cli.Logs;

/**
 * What several legs make of a group (mux §8): most of it with the whole stack of real visors in the simulation, where
 * time is virtual and figures are the same on every machine, the rest over loopback. Prints one table and writes {@code
 * target/report/bench-mux.json}.
 */
public final class MuxBench {
    private MuxBench() {}

    private static Map<String, Bench.Section> sections() {
        Map<String, Bench.Section> all = new LinkedHashMap<>();
        all.put("equal", MuxRateRows::equal);
        all.put("unequal", MuxRateRows::unequal);
        all.put("bad-slow", MuxRateRows::slow);
        all.put("bad-loss", MuxRateRows::lossy);
        all.put("bad-stall", MuxRateRows::stalling);
        all.put("shared", MuxRateRows::shared);
        all.put("cut-2", report -> MuxCutRows.cut(report, 2));
        all.put("cut-4", report -> MuxCutRows.cut(report, 4));
        all.put("regrow", MuxCutRows::regrow);
        all.put("echo", MuxEchoRows::run);
        all.put("loopback-rate", MuxLoopbackRows::rate);
        all.put("loopback-cut", MuxLoopbackRows::cut);
        return all;
    }

    /** Arguments: words, of which a section's name must contain one; none for all sections. */
    public static void main(String[] args) throws Exception {
        Logs.start(Level.WARNING);
        List<String> words = args.length == 0 || args[0].isBlank()
                ? List.of()
                : List.of(args[0].trim().split("[ ,]+"));
        var report = new Report();
        for (var section : sections().entrySet()) {
            String name = section.getKey();
            if (words.isEmpty() || words.stream().anyMatch(name::contains)) {
                report.begin(name);
                try {
                    section.getValue().run(report);
                } catch (Exception | AssertionError e) {
                    report.failed(name, e);
                }
            }
        }
        report.write(Path.of("target", "report", "bench-mux.json"));
        System.exit(report.complete() ? 0 : 1);
    }
}
