package skywire.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import skywire.testkit.ReportFile;

/**
 * Fuzzes decoders for a while, each in a process of its own, and says what came out: a table, and {@code
 * target/report/fuzz.json}. An input that breaks something is left in {@code target/fuzz/<decoder>}; put it into the
 * corpus with the fix.
 */
public final class Fuzz {
    private static final Path WORK = Path.of("target/fuzz");
    private static final Pattern DONE = Pattern.compile("Done (\\d+) runs in (\\d+) second");
    private static final Pattern COVERED = Pattern.compile(" cov: (\\d+) ");
    private static final Pattern RUNS = Pattern.compile("(?m)^#(\\d+)\\s");

    private Fuzz() {}

    /**
     * What came out of one decoder.
     *
     * @param runs inputs tried
     * @param covered edges of the code reached
     * @param inputs interesting inputs known now
     * @param finding what went wrong, empty if nothing did
     */
    private record Result(String decoder, long runs, long covered, long inputs, String finding) {
        void report(ReportFile report) {
            report.add(decoder + ": inputs tried", runs, "runs");
            report.add(decoder + ": code reached", covered, "edges");
            report.add(decoder + ": inputs known", inputs, "inputs");
            report.atMost(decoder + ": findings", finding.isEmpty() ? 0 : 1, "", 0);
        }
    }

    /** Arguments: seconds per decoder, and a comma-separated list of decoders, empty for all. */
    public static void main(String[] args) throws Exception {
        int seconds = Integer.parseInt(args[0]);
        List<String> wanted = args.length < 2 || args[1].isBlank() ? List.of() : List.of(args[1].split("[, ]+"));
        List<String> names = Decoders.ALL.stream().map(Decoder::name).toList();
        if (!names.containsAll(wanted)) {
            System.err.println("usage: make fuzz [T=<decoder>,…] [SECONDS=<n>]; decoders: " + String.join(" ", names));
            System.exit(2);
        }
        List<Result> results = new ArrayList<>();
        System.out.printf("%-20s %12s %8s %8s  %s%n", "decoder", "runs", "edges", "inputs", "finding");
        for (Decoder decoder : Decoders.ALL) {
            if (wanted.isEmpty() || wanted.contains(decoder.name())) {
                Result result = run(decoder, seconds);
                results.add(result);
                System.out.printf(
                        "%-20s %12d %8d %8d  %s%n",
                        result.decoder, result.runs, result.covered, result.inputs, result.finding);
            }
        }
        var report = new ReportFile("fuzz");
        results.forEach(result -> result.report(report));
        report.write();
        System.exit(results.stream().allMatch(r -> r.finding.isEmpty()) ? 0 : 1);
    }

    private static Result run(Decoder decoder, int seconds) throws IOException, InterruptedException {
        Path folder = WORK.resolve(decoder.name());
        Path found = Files.createDirectories(folder.resolve("corpus"));
        Path log = folder.resolve("log");
        var process = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-Xmx600m",
                        "-XX:+UseSerialGC",
                        "-XX:+EnableDynamicAgentLoading",
                        "--sun-misc-unsafe-memory-access=allow",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + decoder.getClass().getName(),
                        "--instrumentation_includes=skywire.**",
                        "--reproducer_path=" + folder,
                        "-artifact_prefix=" + folder + "/",
                        "-max_total_time=" + seconds,
                        "-timeout=10",
                        "-max_len=20000",
                        "-rss_limit_mb=2000",
                        found.toString(),
                        Corpus.folder(decoder).toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        int exit = process.waitFor();
        String said = Files.readString(log, StandardCharsets.ISO_8859_1);
        long runs = last(DONE, said) > 0 ? last(DONE, said) : last(RUNS, said);
        try (Stream<Path> files = Files.list(found)) {
            return new Result(
                    decoder.name(), runs, last(COVERED, said), files.count(), exit == 0 ? "" : why(said, log));
        }
    }

    private static long last(Pattern pattern, String text) {
        long last = 0;
        for (Matcher m = pattern.matcher(text); m.find(); ) {
            last = Long.parseLong(m.group(1));
        }
        return last;
    }

    private static String why(String said, Path log) {
        return said.lines()
                        .filter(line -> line.startsWith("== Java Exception") || line.contains("ERROR: "))
                        .findFirst()
                        .orElse("ended with a failure")
                + ", see " + log;
    }
}
