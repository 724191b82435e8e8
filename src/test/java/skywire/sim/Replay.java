package skywire.sim;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Plays a scenario with one seed and prints its timeline: {@code make seed S=17 SCENARIO=yamux-reset}. */
public final class Replay {
    private Replay() {}

    /** Arguments: the scenario, the seed, and {@code --quiet} to print the hash only. */
    public static void main(String[] args) {
        if (args.length < 2 || !Scenarios.names().contains(args[0]) || !args[1].matches("-?\\d{1,18}")) {
            System.err.println("usage: make seed S=<number> [SCENARIO=<name>]; scenarios:");
            Scenarios.names().forEach(name -> System.err.println("  " + name));
            System.exit(2);
        }
        try {
            Simulation.Report report = Scenarios.play(args[0], Long.parseLong(args[1]));
            if (args.length == 2) {
                report.timeline().forEach(System.out::println);
                System.out.println(report);
            } else {
                System.out.println("hash " + report.hash());
            }
        } catch (Simulation.SimulationFailed e) {
            e.timeline().forEach(System.out::println);
            System.out.println(e.getMessage());
            if (e.getCause() != null) {
                e.getCause().printStackTrace(System.out);
            }
            System.exit(1);
        }
    }

    /** The hash of that scenario from a fresh JVM: what follows from the seed must not follow from the process. */
    static long inAnotherProcess(String scenario, long seed) throws Exception {
        var command = List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--add-opens",
                "java.base/java.lang=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Replay.class.getName(),
                scenario,
                Long.toString(seed),
                "--quiet");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new ArrayList<String>();
        try (var in = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line; (line = in.readLine()) != null; ) {
                output.add(line);
                if (line.startsWith("hash ")) {
                    return Long.parseLong(line.substring(5));
                }
            }
        } finally {
            process.destroy();
        }
        throw new AssertionError("no hash: " + output);
    }
}
