package skywire.interop;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import skywire.directory.HttpDmsgDirectory;
import skywire.directory.HttpTransportDirectory;
import skywire.dmsg.DmsgAddress;
import skywire.dmsg.DmsgClient;
import skywire.dmsg.DmsgConfig;
import skywire.dmsg.server.DmsgServer;
import skywire.dmsg.server.DmsgServerConfig;
import skywire.http.Dialer;
import skywire.http.HttpClient;
import skywire.http.HttpUrl;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.Deadline;
import skywire.platform.HostPort;
import skywire.platform.Platform;
import skywire.route.setup.SetupPorts;
import skywire.service.discovery.DmsgDiscovery;
import skywire.service.routes.RouteFinderService;
import skywire.service.setup.SetupNode;
import skywire.service.transports.TransportDiscovery;

/**
 * What a network of visors needs: dmsg discovery and server, transport discovery, route finder, setup node; all of them
 * ours, or all the reference's; the setup node of either. Only the reference has an address resolver, which its visors want. One thread.
 */
final class Services implements Closeable {
    static final Duration START = Duration.ofSeconds(40);

    private static final Platform PLATFORM = Platform.system();
    private static final String DATABASE = "sw";

    private final Reference reference;
    private final String peer;
    private final int base;
    private final Programs programs;
    private final Deque<Closeable> ours = new ArrayDeque<>();
    private final SecretKey serverKey = SecretKey.generate(PLATFORM.random());
    private final SecretKey setupKey = SecretKey.generate(PLATFORM.random());

    private boolean isOurs; // the server
    private DmsgServer ourServer;
    private Process theirServer;

    /** Ports from {@code base} on. */
    Services(Reference peer, int base, Programs programs) {
        this.reference = peer;
        this.peer = peer.skywire();
        this.base = base;
        this.programs = programs;
    }

    private HostPort at(int port) {
        return new HostPort("127.0.0.1", base + port);
    }

    String discovery() {
        return "http://" + at(0);
    }

    String transports() {
        return "http://" + at(2);
    }

    String routes() {
        return "http://" + at(3);
    }

    String resolver() {
        return "http://" + at(4);
    }

    PublicKey setup() {
        return setupKey.publicKey();
    }

    private static HttpClient http(String url) {
        return new HttpClient(PLATFORM, Dialer.tcp(PLATFORM.network()), HttpUrl.parse(url));
    }

    HttpDmsgDirectory dmsgDirectory() {
        return new HttpDmsgDirectory(http(discovery()), PLATFORM.clock());
    }

    /** The transport discovery, asked by somebody. */
    HttpTransportDirectory transportDirectory() {
        return new HttpTransportDirectory(PLATFORM, http(transports()), setupKey);
    }

    private static Deadline soon() {
        return PLATFORM.clock().in(START);
    }

    private <T extends Closeable> T own(T it) {
        ours.push(it);
        return it;
    }

    /** Starts them; the setup node may be of the other kind. */
    void start(boolean ours, boolean ourSetup) throws Exception {
        this.isOurs = ours;
        startRedis();
        if (ours) {
            own(DmsgDiscovery.start(PLATFORM, DmsgDiscovery.Config.at(at(0)).forTests()));
        } else {
            programs.start(
                    "discovery", peer, "dmsg", "disc", "-t", "--addr", at(0).toString(), "--redis", "redis://" + at(9));
        }
        programs.awaitPort("the discovery", at(0), START);
        startServer();
        if (ours) {
            TransportDiscovery transports =
                    own(TransportDiscovery.start(PLATFORM, TransportDiscovery.Config.at(at(2))));
            own(RouteFinderService.start(
                    PLATFORM, RouteFinderService.Config.at(at(3)).withFresh(Duration.ZERO), transports::all));
        } else {
            startPostgres();
            startDirectory("transports", "tpd", at(2), "--redis", "redis://" + at(9));
            startDirectory("routes", "rf", at(3));
        }
        startResolver();
        if (ourSetup) {
            startOurSetup();
        } else {
            startTheirSetup();
        }
        programs.await(
                "the setup node is registered",
                START,
                () -> dmsgDirectory().entry(setup(), soon()).isPresent());
    }

    private void startServer() throws Exception {
        if (isOurs) {
            ourServer = own(DmsgServer.start(
                    PLATFORM, DmsgServerConfig.of(serverKey, at(1), at(1).toString()), dmsgDirectory()));
        } else {
            Path config = write("server.json", """
                {"public_key": "%s", "secret_key": "%s", "discovery": "%s", "public_address": "%s",
                 "local_address": "%s", "health_endpoint_address": "%s", "max_sessions": 2048, "log_level": "info"}
                """.formatted(
                            serverKey.publicKey().hex(), serverKey.hex(), discovery(), at(1), at(1), at(7)));
            theirServer = programs.start("server", reference.server(config));
        }
        programs.await(
                "the server is registered",
                START,
                () -> dmsgDirectory().allServers(soon()).stream()
                        .anyMatch(e -> e.key().equals(serverKey.publicKey())));
    }

    /** Ends the dmsg server and starts it again. */
    void restartServer() throws Exception {
        if (isOurs) {
            ours.remove(ourServer);
            ourServer.close();
        } else {
            programs.end(theirServer);
        }
        startServer();
    }

    private void startOurSetup() throws IOException {
        DmsgClient client = own(DmsgClient.start(PLATFORM, DmsgConfig.of(setupKey), dmsgDirectory()));
        own(SetupNode.start(
                PLATFORM,
                client.listen(SetupPorts.SETUP_NODE),
                (key, port, deadline) -> client.dial(new DmsgAddress(key, port), deadline),
                SetupNode.Config.DEFAULT));
        client.awaitReady(soon());
    }

    private void startTheirSetup() throws IOException {
        Path config = write(
                "setup.json", """
            {"public_key": "%s", "secret_key": "%s", "transport_discovery": "%s",
             "dmsg": {"discovery": "%s", "sessions_count": 1, "servers": []}}
            """.formatted(setupKey.publicKey().hex(), setupKey.hex(), transports(), discovery()));
        programs.start("setup", peer, "svc", "sn", config.toString());
    }

    private void startRedis() throws Exception {
        Files.createDirectories(programs.dir());
        String port = Integer.toString(base + 9);
        programs.start("redis", "redis-server", "--bind", "127.0.0.1", "--port", port, "--save", "");
        programs.awaitPort("redis", at(9), START);
    }

    private void startResolver() throws Exception {
        programs.start(
                "resolver",
                peer,
                "svc",
                "ar",
                "--addr",
                at(4).toString(),
                "--redis",
                "redis://" + at(9),
                "--dmsg-disc",
                discovery());
        programs.awaitPort("the address resolver", at(4), START);
    }

    /** The reference's transport discovery and route finder share a database. */
    private void startDirectory(String name, String program, HostPort at, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "PG_USER=postgres",
                "PG_PASSWORD=none",
                "PG_DATABASE=" + DATABASE,
                peer,
                "svc",
                program,
                "--addr",
                at.toString(),
                "--pg-host",
                "127.0.0.1",
                "--pg-port",
                Integer.toString(base + 8),
                "--dmsg-disc",
                discovery()));
        command.addAll(List.of(more));
        programs.start(name, command.toArray(String[]::new));
        programs.awaitPort(name, at, START);
    }

    private Path write(String name, String text) throws IOException {
        Path file = programs.dir().resolve(name);
        Files.writeString(file, text);
        return file;
    }

    /** PostgreSQL refuses to run as root, so the database belongs to its own user. */
    private void startPostgres() throws Exception {
        String data = programs.dir().resolve("pg").toString();
        programs.run("pg-dir", START, "install", "-d", "-o", "postgres", "-m", "700", data);
        asPostgres("initdb", "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync");
        String port = Integer.toString(base + 8);
        programs.start(
                "postgres",
                "setpriv",
                "--reuid",
                "postgres",
                "--regid",
                "postgres",
                "--clear-groups",
                "postgres",
                "-D",
                data,
                "-h",
                "127.0.0.1",
                "-p",
                port,
                "-k",
                "",
                "-c",
                "fsync=off");
        programs.awaitPort("postgres", at(8), START);
        programs.await("the database is there", START, () -> created(port));
    }

    private boolean created(String port) throws InterruptedException {
        try {
            asPostgres("createdb", "createdb", "-h", "127.0.0.1", "-p", port, "-U", "postgres", DATABASE);
            return true;
        } catch (IOException e) {
            return false; // it listens before it takes commands
        }
    }

    private void asPostgres(String name, String... command) throws IOException, InterruptedException {
        List<String> all =
                new ArrayList<>(List.of("setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"));
        all.addAll(List.of(command));
        programs.run(name, START, all.toArray(String[]::new));
    }

    @Override
    public void close() throws IOException {
        while (!ours.isEmpty()) {
            ours.pop().close();
        }
    }
}
