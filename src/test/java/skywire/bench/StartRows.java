package skywire.bench;

import com.google.gson.JsonObject;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import skywire.control.ControlClient;
import skywire.control.Progress;
import skywire.key.SecretKey;
import skywire.platform.Platform;

/** From the start of a program until it is of use, as its user does it: {@code bin/skywire}. */
final class StartRows {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int ROUNDS = 5;

    private StartRows() {}

    static void run(Report report) throws IOException, InterruptedException {
        Path dir = Files.createTempDirectory("bench");
        try {
            command("--version"); // makes the start-up cache
            report.add("bin/skywire --version", repeat("--version"), "ms");
            var local = new Stats();
            var info = new Stats();
            for (int i = 0; i < ROUNDS; i++) {
                String socket = dir.resolve("control.sock").toString();
                long began = System.nanoTime();
                try (Running _ = Running.start(
                        "try it",
                        "local",
                        "--dir",
                        dir.toString(),
                        "--port",
                        "29090",
                        "--socks",
                        "127.0.0.1:29080",
                        "--http",
                        "127.0.0.1:29081")) {
                    local.add((System.nanoTime() - began) / 1e6);
                    info.add(repeat("visor", "info", "--control", socket));
                }
            }
            report.add(new Row("bin/skywire visor info", info.median(), "ms", Bar.atMost(500), "fixed"));
            report.add(new Row(
                    "bin/skywire local, 8 visors, until ready", local.median(), "ms", Bar.atMost(5000), "fixed"));
            programs(report, dir);
        } finally {
            delete(dir);
        }
    }

    /** The key of a discovery that is not there: being ready does not depend on it. */
    private static final String NOBODY =
            SecretKey.fromSeed(new byte[] {1}).publicKey().hex();

    /** A dmsg server until it says so, a visor until it answers on its control socket; against a directory that runs. */
    private static void programs(Report report, Path dir) throws IOException, InterruptedException {
        var server = new Stats();
        var visor = new Stats();
        String discovery = config(dir, "dmsg-discovery", "'listening_address': '127.0.0.1:29090', 'store': 'memory'");
        try (Running _ = Running.start("is ready", "dmsg-discovery", "-c", discovery)) {
            for (int i = 0; i < ROUNDS; i++) {
                String at = "'listening_address': '127.0.0.1:29092', 'dmsg': {'discovery_dmsg': 'dmsg://" + NOBODY
                        + ":80'}";
                long began = System.nanoTime();
                try (Running _ = Running.start("is ready", "dmsg-server", "-c", config(dir, "dmsg-server", at))) {
                    server.add((System.nanoTime() - began) / 1e6);
                }
                String services = "'dmsg': {'discovery': 'http://127.0.0.1:29090'},"
                        + "'transport': {'discovery': 'http://127.0.0.1:29091'}";
                visor.add(visor(config(dir, "visor", services)));
            }
        }
        report.add("bin/skywire dmsg-server, until ready", server.median(), "ms");
        report.atMost(
                "bin/skywire visor, until its control socket answers",
                visor.median(),
                "ms",
                3,
                Reference.VISOR_START_MS,
                report.processorFactor);
    }

    private static String config(Path dir, String name, String fields) throws IOException {
        Path file = dir.resolve(name + ".json");
        String text = "{" + fields + ", 'local_path': '" + dir.resolve(name) + "'}";
        Files.writeString(file, text.replace('\'', '"'));
        return file.toString();
    }

    /** Milliseconds from the start of a visor until it answers. */
    private static double visor(String config) throws IOException, InterruptedException {
        Path socket = Path.of(config.replace(".json", "")).resolve("control.sock");
        long began = System.nanoTime();
        Process process = new ProcessBuilder("bin/skywire", "visor", "-c", config)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            var client = new ControlClient(Platform.system(), socket);
            while ((System.nanoTime() - began) / 1e9 < LIMIT.toSeconds()) {
                try {
                    client.call(
                            "visor.info",
                            new JsonObject(),
                            Progress.NONE,
                            Platform.system().clock().in(LIMIT));
                    return (System.nanoTime() - began) / 1e6;
                } catch (IOException e) {
                    Thread.sleep(5); // not yet
                }
            }
            throw new IOException("no visor at " + socket);
        } finally {
            process.destroy();
            process.onExit().join();
        }
    }

    private static String[] command(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("bin/skywire"));
        command.addAll(List.of(arguments));
        String[] words = command.toArray(String[]::new);
        Child.output(LIMIT, words);
        return words;
    }

    /** Milliseconds of a command from its start to its end, median of seven. */
    private static double repeat(String... arguments) throws IOException, InterruptedException {
        String[] command = command(arguments);
        var each = new Stats();
        for (int i = 0; i < 7; i++) {
            long began = System.nanoTime();
            Child.output(LIMIT, command);
            each.add((System.nanoTime() - began) / 1e6);
        }
        return each.median();
    }

    /** A program that has said that it is ready. */
    private record Running(Process process) implements Closeable {
        static Running start(String sign, String... arguments) throws IOException {
            List<String> command = new ArrayList<>(List.of("bin/skywire"));
            command.addAll(List.of(arguments));
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            BufferedReader out = process.inputReader();
            var said = new StringBuilder();
            while (true) {
                String line = out.readLine();
                if (line == null) {
                    throw new IOException(command + ":\n" + said);
                }
                said.append(line).append('\n');
                if (line.contains(sign)) {
                    return new Running(process);
                }
            }
        }

        @Override
        public void close() {
            process.destroy();
            process.onExit().join();
        }
    }

    private static void delete(Path dir) throws IOException {
        try (Stream<Path> all = Files.walk(dir)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
