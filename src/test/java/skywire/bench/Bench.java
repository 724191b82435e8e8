package skywire.bench;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import skywire.cli.Logs;

/**
 * Runs the sections whose name contains one of the words of {@code ROWS} (all if there is none), prints one table and
 * writes {@code target/report/bench.json}. {@code PEER} names a folder with the reference's programs: rows that these can
 * run are measured in turns with ours and compared within the run. All other references are recorded figures, scaled by
 * the calibration, which always runs first.
 */
public final class Bench {
    /** A part of the whole. */
    @FunctionalInterface
    interface Section {
        /** Measures and reports. */
        void run(Report report) throws Exception;
    }

    private Bench() {}

    private static Map<String, Section> sections(String peer) {
        Map<String, Section> all = new LinkedHashMap<>();
        all.put("calibration", Calibration::run);
        all.put("dmsg-throughput", DmsgRows::throughput);
        all.put("dmsg-echo", DmsgRows::echo);
        all.put("dmsg-dial", DmsgRows::dials);
        all.put("dmsg-session", DmsgRows::sessions);
        all.put("dmsg-ping", DmsgRows::ping);
        all.put("dmsg-mesh", MeshRows::run);
        all.put("memory-session", MemoryRows::sessions);
        all.put("memory-transport", MemoryRows::transports);
        all.put("route-setup", RouteRows::setUp);
        all.put("route-socks", RouteRows::socks);
        all.put("start", StartRows::run);
        all.put("peer", report -> PeerRows.run(report, peer));
        return all;
    }

    /** See the class. */
    public static void main(String[] args) throws Exception {
        Logs.start(Level.WARNING);
        List<String> words = args.length == 0 || args[0].isBlank()
                ? List.of()
                : List.of(args[0].trim().split("[ ,]+"));
        String peer = args.length > 1 ? args[1] : "";
        var report = new Report();
        for (var section : sections(peer).entrySet()) {
            String name = section.getKey();
            boolean wanted = words.isEmpty() || words.stream().anyMatch(name::contains);
            if (wanted || name.equals("calibration")) {
                report.begin(name);
                try {
                    section.getValue().run(report);
                } catch (Exception e) {
                    report.failed(name, e);
                }
            }
        }
        report.write(Path.of("target", "report", "bench.json"));
        System.exit(report.complete() ? 0 : 1);
    }
}
