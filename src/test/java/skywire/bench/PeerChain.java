package skywire.bench;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import skywire.key.SecretKey;
import skywire.platform.Platform;
import skywire.testkit.Await;

/**
 * The reference's file server behind its own dmsg server, and its fetching command: one stream through three of its
 * programs. What a fetch of a few bytes takes is taken off.
 */
final class PeerChain implements Closeable {
    /** Size of the file. */
    static final int MEGABYTES = 60;

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final SecretKey key = SecretKey.generate(Platform.system().random());
    private final String program;
    private final PeerServer server;
    private final Path dir;
    private final Process files;

    PeerChain(String folder, PeerServer server) throws Exception {
        this.program = folder + "/skywire";
        this.server = server;
        this.dir = Files.createTempDirectory("bench-files");
        Files.write(dir.resolve("large"), new byte[MEGABYTES * 1_000_000]);
        Files.write(dir.resolve("small"), new byte[10]);
        files = new ProcessBuilder(
                        program, "dmsg", "http", "-D", server.discovery(), "-d", dir.toString(), "-s", key.hex())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Await.until("the reference's file server is found", () -> server.knows(key.publicKey()));
        fetch("small");
    }

    /** MB/s, and CPU seconds per GB of all three processes. */
    double[] measure() throws Exception {
        double[] small = fetch("small");
        double[] large = fetch("large");
        return new double[] {
            MEGABYTES / (large[0] - small[0]), (large[1] - small[1]) * 1000 / MEGABYTES,
        };
    }

    /** Seconds, and CPU seconds of all processes. */
    private double[] fetch(String name) throws Exception {
        double before = cpu();
        long began = System.nanoTime();
        Path to = dir.resolve("fetched");
        Files.deleteIfExists(to);
        String said = Child.output(
                LIMIT,
                program,
                "dmsg",
                "curl",
                "-l",
                "error",
                "-t",
                "3",
                "-c",
                server.discovery(),
                "-o",
                to.toString(),
                "dmsg://" + key.publicKey().hex() + ":80/" + name);
        double seconds = (System.nanoTime() - began) / 1e9;
        if (!Files.exists(to) || Files.size(to) != Files.size(dir.resolve(name))) {
            throw new IOException("the reference did not fetch " + name + ": " + said);
        }
        return new double[] {seconds, cpu() - before};
    }

    private double cpu() throws IOException {
        return server.cpu() + PeerServer.cpu(Long.toString(files.pid()), 11) + PeerServer.cpu("self", 13);
    }

    @Override
    public void close() throws IOException {
        files.destroyForcibly().onExit().join();
        for (String name : new String[] {"large", "small", "fetched"}) {
            Files.deleteIfExists(dir.resolve(name));
        }
        Files.delete(dir);
    }
}
