package skywire.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import skywire.directory.HttpDmsgDirectory;
import skywire.http.Dialer;
import skywire.http.HttpClient;
import skywire.http.HttpUrl;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Platform;
import skywire.service.discovery.DmsgDiscovery;
import skywire.testkit.Await;

/** The reference's dmsg server, registered at a discovery of ours. */
final class PeerServer implements Server {
    private static final Platform PLATFORM = Platform.system();
    private static final HostPort AT = new HostPort("127.0.0.1", 29190);
    private static final int TICKS = 100; // of a second, on Linux

    private final SecretKey key = SecretKey.generate(PLATFORM.random());
    private final DmsgDiscovery discovery;
    private final Process process;

    /** With the folder of its programs. */
    PeerServer(String folder) throws Exception {
        discovery = DmsgDiscovery.start(
                PLATFORM, DmsgDiscovery.Config.at(new HostPort("127.0.0.1", 0)).forTests());
        Path dir = Files.createTempDirectory("bench-peer");
        Path config = dir.resolve("server.json");
        Files.writeString(
                config, String.format(Locale.ROOT, """
                {"public_key": "%s", "secret_key": "%s", "discovery": "http://%s", "public_address": "%s",
                 "local_address": "%s", "health_endpoint_address": "127.0.0.1:29191", "max_sessions": 20000,
                 "log_level": "error"}
                """, key.publicKey(), key.hex(), discovery.address(), AT, AT));
        process = new ProcessBuilder(
                        folder + "/skywire", "dmsg", "server", "start", config.toString(), "--limit-ip", "20000")
                .directory(dir.toFile())
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("log").toFile())
                .start();
        Await.until("the reference's server listens", () -> {
            try (Link _ = PLATFORM.network().dial(AT, PLATFORM.clock().in(Duration.ofSeconds(1)))) {
                return true;
            } catch (IOException e) {
                return false;
            }
        });
    }

    @Override
    public String[] address() {
        return new String[] {key.publicKey().hex(), AT.toString()};
    }

    @Override
    public double cpu() throws IOException {
        return cpu(Long.toString(process.pid()), 11);
    }

    /** CPU seconds of a process, from two fields of its statistics: 11 for itself, 13 for children that have ended. */
    static double cpu(String process, int field) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + process + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Double.parseDouble(fields[field]) + Double.parseDouble(fields[field + 1])) / TICKS;
    }

    /** The discovery it is registered at. */
    String discovery() {
        return "http://" + discovery.address();
    }

    /** Whether a client has registered there. */
    boolean knows(PublicKey client) throws IOException {
        var http = new HttpClient(PLATFORM, Dialer.tcp(PLATFORM.network()), HttpUrl.parse(discovery()));
        return new HttpDmsgDirectory(http, PLATFORM.clock())
                .entry(client, PLATFORM.clock().in(Duration.ofSeconds(5)))
                .isPresent();
    }

    @Override
    public double resident() throws IOException {
        return Child.resident(process.pid());
    }

    @Override
    public void close() throws IOException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
        discovery.close();
    }
}
