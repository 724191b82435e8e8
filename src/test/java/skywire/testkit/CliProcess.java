package skywire.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Platform;

/** A command in a process of its own, for a user of its own; killed at the end of the test if it still runs. */
public final class CliProcess implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final List<String> JVM = List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            "skywire.cli.Main");

    private final Process process;
    private final Path out;
    private final Path err;

    private CliProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Starts {@code skywire} with these arguments; its home is this folder. */
    public static CliProcess start(Path home, String... arguments) throws IOException {
        return startUnder(List.of(), home, arguments);
    }

    /** The same, started by another command, which is replaced by it. */
    public static CliProcess startUnder(List<String> starter, Path home, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(starter);
        words.addAll(JVM);
        words.addAll(List.of(arguments));
        Path folder = Files.createTempDirectory("skywire-cli"); // apart, so that the home has only what it wrote
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        var builder = new ProcessBuilder(words)
                .directory(home.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("HOME", home.toString());
        builder.environment().remove("XDG_STATE_HOME");
        builder.environment().remove("SKYWIRE_CONTROL");
        builder.environment().remove("SKYDEPLOY");
        return new CliProcess(builder.start(), out, err);
    }

    /** Waits until it has printed this, as a result or an error. */
    public CliProcess awaitText(String text) throws Exception {
        Clock clock = Platform.system().clock();
        Deadline deadline = clock.in(LIMIT);
        while (!out().contains(text) && !err().contains(text)) {
            if (!process.isAlive() && !out().contains(text) && !err().contains(text)) {
                throw new AssertionError("ended with " + process.exitValue() + " before \"" + text + "\":\n" + err());
            }
            deadline.check("waiting for \"" + text + "\" in:\n" + out() + err());
            clock.sleep(PAUSE);
        }
        return this;
    }

    /** Waits for its end. */
    public int exitCode() throws InterruptedException {
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("still running");
        }
        return process.exitValue();
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** As Ctrl-C and kill do. */
    public void terminate() {
        process.destroy();
    }

    /** As {@code kill -9} does; waits until it is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** What it has written as results. */
    public String out() throws IOException {
        return Files.readString(out);
    }

    /** What it has written as errors and log. */
    public String err() throws IOException {
        return new String(Files.readAllBytes(err), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.deleteIfExists(out);
        Files.deleteIfExists(err);
        Files.deleteIfExists(out.getParent());
    }
}
