package skywire.interop;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Platform;

/** Processes with a log file each, ended in reverse order when this is closed. One thread. */
final class Programs implements Closeable {
    private static final Duration GRACE = Duration.ofSeconds(4);
    private static final Duration POLL = Duration.ofMillis(50);

    private final Platform platform;
    private final Path dir;
    private final Deque<Process> running = new ArrayDeque<>();

    /** Logs and working folders go below {@code dir}. */
    Programs(Platform platform, Path dir) {
        this.platform = platform;
        this.dir = dir;
    }

    /** The folder of logs and working folders. */
    Path dir() {
        return dir;
    }

    /** Starts a program that lasts. */
    Process start(String name, String... command) throws IOException {
        Path work = Files.createDirectories(dir.resolve("work").resolve(name));
        Process process = builder(name, work, command).start();
        running.push(process);
        return process;
    }

    private ProcessBuilder builder(String name, Path work, String... command) {
        return new ProcessBuilder(command)
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectInput(new java.io.File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(name).toFile()));
    }

    /** Runs a program that ends, and returns what it said. */
    String run(String name, Duration limit, String... command) throws IOException, InterruptedException {
        Path work = Files.createDirectories(dir.resolve("work").resolve(name));
        Files.deleteIfExists(log(name));
        Process process = builder(name, work, command).start();
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(name + " did not end in " + limit.toSeconds() + " s; " + tail(name));
            }
        } finally {
            end(process);
        }
        String said = Files.readString(log(name));
        if (process.exitValue() != 0) {
            throw new IOException(name + " ended with " + process.exitValue() + "; " + tail(name));
        }
        return said;
    }

    private Path log(String name) {
        return dir.resolve(name + ".log");
    }

    /** The last line of a program's log. */
    String tail(String name) throws IOException {
        List<String> lines = new ArrayList<>(new String(Files.readAllBytes(log(name)), StandardCharsets.UTF_8)
                .lines()
                .filter(l -> !l.isBlank())
                .toList());
        return lines.isEmpty() ? "it said nothing" : lines.getLast();
    }

    /** Waits until something accepts at the address. */
    void awaitPort(String what, HostPort at, Duration limit) throws Exception {
        await(what + " listens at " + at, limit, () -> {
            try (Link _ = platform.network().dial(at, platform.clock().in(Duration.ofSeconds(1)))) {
                return true;
            } catch (IOException e) {
                return false;
            }
        });
    }

    /** Waits for something to become true. */
    void await(String what, Duration limit, Callable<Boolean> condition) throws Exception {
        var until = platform.clock().in(limit);
        while (!condition.call()) {
            until.check("waiting until " + what);
            platform.clock().sleep(POLL);
        }
    }

    /** Ends one that was started, and what it started itself. */
    void end(Process process) {
        running.remove(process);
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        while (!running.isEmpty()) {
            end(running.peek());
        }
    }
}
