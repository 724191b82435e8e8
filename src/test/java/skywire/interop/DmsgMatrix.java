package skywire.interop;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import skywire.directory.DmsgDirectory;
import skywire.directory.FixedDirectory;
import skywire.directory.HttpDmsgDirectory;
import skywire.dmsg.DmsgAddress;
import skywire.dmsg.DmsgClient;
import skywire.dmsg.DmsgConfig;
import skywire.dmsg.DmsgCtrl;
import skywire.dmsg.server.DmsgServer;
import skywire.dmsg.server.DmsgServerConfig;
import skywire.dmsg.server.MeshConfig;
import skywire.dmsg.server.PeerState;
import skywire.dmsg.server.Registration;
import skywire.entry.DmsgEntry;
import skywire.entry.ServerInfo;
import skywire.http.Dialer;
import skywire.http.Headers;
import skywire.http.HttpClient;
import skywire.http.HttpLimits;
import skywire.http.HttpRequest;
import skywire.http.HttpResponse;
import skywire.http.HttpServer;
import skywire.http.HttpUrl;
import skywire.http.Routes;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.Deadline;
import skywire.platform.HostPort;
import skywire.platform.Platform;
import skywire.service.discovery.DmsgDiscovery;

/**
 * dmsg in each mix: a discovery, a server and two clients, each ours or the reference's. Bytes go as HTTP over dmsg, for
 * which the reference has a client and a server as commands.
 */
final class DmsgMatrix {
    private static final Platform PLATFORM = Platform.system();
    private static final Duration START = Duration.ofSeconds(30);
    private static final Duration LIMIT = Duration.ofSeconds(25);
    private static final Duration SETTLE = Duration.ofSeconds(2);
    private static final int SIZE = 1 << 20;

    private final Reference reference;
    private final String peer;
    private final Report report;
    private final Path dir;
    private final byte[] data = new byte[SIZE];
    private int runs;

    DmsgMatrix(Reference peer, Report report, Path dir) {
        this.reference = peer;
        this.peer = peer.skywire();
        this.report = report;
        this.dir = dir;
        new Random(1).nextBytes(data);
    }

    /** All four networks. */
    void run() {
        for (boolean ourDiscovery : List.of(false, true)) {
            for (boolean ourServer : List.of(false, true)) {
                String name = "discovery " + who(ourDiscovery) + ", server " + who(ourServer);
                try (var network = new Net(ourDiscovery, ourServer, 20_000 + 100 * runs++)) {
                    if (report.row(name + ": server registers", START, network::start)) {
                        network.rows(name);
                    }
                }
            }
        }
    }

    private static String who(boolean ours) {
        return ours ? "Java" : "Go";
    }

    private static Deadline soon() {
        return PLATFORM.clock().in(LIMIT);
    }

    /** One discovery and one server. */
    private final class Net implements Closeable {
        private final boolean ourDiscovery;
        private final boolean ourServer;
        private final int base;
        private final String url;
        private final Programs programs;
        private final Deque<Closeable> ours = new ArrayDeque<>();
        private final SecretKey discoveryKey = SecretKey.generate(PLATFORM.random());
        private final SecretKey serverKey = SecretKey.generate(PLATFORM.random());
        private final HttpDmsgDirectory directory;
        private int curls;

        Net(boolean ourDiscovery, boolean ourServer, int base) {
            this.ourDiscovery = ourDiscovery;
            this.ourServer = ourServer;
            this.base = base;
            this.url = "http://127.0.0.1:" + base;
            this.programs = new Programs(PLATFORM, dir.resolve("dmsg" + base));
            var http = new HttpClient(PLATFORM, Dialer.tcp(PLATFORM.network()), HttpUrl.parse(url));
            this.directory = new HttpDmsgDirectory(http, PLATFORM.clock());
        }

        private HostPort at(int port) {
            return new HostPort("127.0.0.1", base + port);
        }

        private <T extends Closeable> T own(T it) {
            ours.push(it);
            return it;
        }

        void start() throws Exception {
            Files.createDirectories(programs.dir());
            if (ourDiscovery) {
                var discovery = own(DmsgDiscovery.start(
                        PLATFORM, DmsgDiscovery.Config.at(at(0)).forTests()));
                discovery.serveDmsg(discoveryKey, List.of());
            } else {
                String redis = Integer.toString(base + 9);
                programs.start("redis", "redis-server", "--bind", "127.0.0.1", "--port", redis, "--save", "");
                programs.awaitPort("redis", at(9), START);
                startTheirDiscovery("discovery", 0);
            }
            programs.awaitPort("the discovery", at(0), START);
            if (ourServer) {
                var mesh = new MeshConfig(Map.of(), false, MeshConfig.Accept.ANYBODY, Set.of());
                var config = DmsgServerConfig.of(serverKey, at(1), at(1).toString());
                own(DmsgServer.start(PLATFORM, config.withMesh(mesh), directory));
            } else {
                Path config = programs.dir().resolve("server.json");
                Files.writeString(config, serverConfig());
                programs.start("server", reference.server(config));
            }
            programs.await(
                    "the server is registered",
                    START,
                    () -> directory.allServers(soon()).stream()
                            .anyMatch(e -> e.key().equals(serverKey.publicKey())));
            if (!ourDiscovery) {
                // over dmsg, the reference's is on the servers that were registered when it was started
                startTheirDiscovery("discovery-dmsg", 8, "--sk", discoveryKey.hex());
            }
        }

        private void startTheirDiscovery(String name, int port, String... more) throws IOException {
            List<String> command = new ArrayList<>(
                    List.of(peer, "dmsg", "disc", "-t", "--addr", at(port).toString(), "--redis", "redis://" + at(9)));
            command.addAll(List.of(more));
            programs.start(name, command.toArray(String[]::new));
        }

        private String serverConfig() {
            return """
                {"public_key": "%s", "secret_key": "%s", "discovery": "%s", "public_address": "%s",
                 "local_address": "%s", "health_endpoint_address": "%s", "max_sessions": 2048, "log_level": "debug"}
                """.formatted(serverKey.publicKey().hex(), serverKey.hex(), url, at(1), at(1), at(2));
        }

        void rows(String name) {
            SecretKey javaKey = SecretKey.generate(PLATFORM.random());
            SecretKey goKey = SecretKey.generate(PLATFORM.random());
            boolean java = report.row(name + ": Java client is found", LIMIT, () -> serveOurs(javaKey));
            boolean go = report.row(name + ": Go client is found", LIMIT, () -> serveTheirs(goKey));
            String file = "/data.bin";
            if (java) {
                report.row(name + ": Java to Java", LIMIT, () -> fetch(javaKey, file));
                report.row(name + ": Go to Java", LIMIT, () -> curl(javaKey, file));
                report.row(name + ": dmsgctrl, Java asks Java", LIMIT, () -> ping(javaKey));
            }
            if (go) {
                report.row(name + ": Java to Go", LIMIT, () -> fetch(goKey, file));
                report.row(name + ": Go to Go", LIMIT, () -> curl(goKey, file));
            }
            report.row(name + ": Java asks the discovery over dmsg", LIMIT, this::askDiscovery);
            report.row(name + ": a second server, Java, registers over dmsg, and takes leave", LIMIT, this::register);
            if (!ourServer) {
                report.row(name + ": as a mesh peer the Go server is not capable", LIMIT, this::askTheirServer);
            } else if (go) {
                report.row(name + ": Java to Go over two servers of ours", LIMIT, () -> fetchOverMesh(goKey, file));
            }
        }

        private DmsgEntry server() {
            return DmsgEntry.server(serverKey.publicKey(), ServerInfo.of(at(1).toString(), 1, ""));
        }

        private DmsgServerConfig second() {
            return DmsgServerConfig.of(SecretKey.generate(PLATFORM.random()), at(3), at(3).toString());
        }

        /** It knows the discovery's key and one server, and never the address of the discovery. */
        private void register() throws Exception {
            var where = List.of(new Registration("test", discoveryKey.publicKey(), List.of(server()), ""));
            DmsgServerConfig config = second();
            PublicKey key = config.key().publicKey();
            try (DmsgServer _ = DmsgServer.start(PLATFORM, config, where)) {
                programs.await(
                        "it is registered",
                        LIMIT,
                        () -> directory.allServers(soon()).stream()
                                .anyMatch(e -> e.key().equals(key)));
            }
            programs.await(
                    "its entry is gone",
                    LIMIT,
                    () -> directory.stored(key, soon()).isEmpty());
        }

        private void askTheirServer() throws Exception {
            try (DmsgServer second = DmsgServer.start(PLATFORM, linked(false), List.of())) {
                programs.await(
                        "it is known what it can do",
                        LIMIT,
                        () -> second.peers().stream().anyMatch(peer -> peer.state() == PeerState.NOT_CAPABLE));
            }
        }

        private DmsgServerConfig linked(boolean announce) {
            var peers = Map.of(serverKey.publicKey(), at(1));
            return second().withMesh(new MeshConfig(peers, announce, MeshConfig.Accept.NOBODY, Set.of()))
                    .unlisted();
        }

        /** The client has a session with the second server only, and the destination with the first. */
        private void fetchOverMesh(SecretKey from, String path) throws Exception {
            try (DmsgServer second = DmsgServer.start(PLATFORM, linked(true), List.of())) {
                programs.await(
                        "they are linked",
                        LIMIT,
                        () -> second.peers().stream().anyMatch(peer -> peer.state() == PeerState.ANNOUNCED));
                var known = new FixedDirectory();
                known.put(DmsgEntry.server(
                        second.key(), ServerInfo.of(second.address().toString(), 1, "")));
                var nowhere = SecretKey.generate(PLATFORM.random()).publicKey();
                known.put(DmsgEntry.client(from.publicKey(), List.of(nowhere), ""));
                compare(get(known, from, path));
                if (second.health().streamsForwarded() == 0) {
                    throw new IOException("it did not go over the mesh");
                }
            }
        }

        private DmsgClient client(SecretKey key) throws IOException {
            DmsgClient client = own(DmsgClient.start(PLATFORM, DmsgConfig.of(key), directory));
            client.awaitReady(soon());
            return client;
        }

        private void serveOurs(SecretKey key) throws Exception {
            DmsgClient client = client(key);
            var routes = new Routes();
            routes.add("GET", "/data.bin", r -> new HttpResponse(200, Headers.NONE, data));
            own(HttpServer.start(PLATFORM, "files", HttpLimits.SERVICE, routes).on(client.listen(80)));
            own(DmsgCtrl.start(PLATFORM, client.listen(DmsgCtrl.PORT)));
            awaitEntry(key);
        }

        private void serveTheirs(SecretKey key) throws Exception {
            Path folder = Files.createDirectories(programs.dir().resolve("files"));
            Files.write(folder.resolve("data.bin"), data);
            programs.start("http", peer, "dmsg", "http", "-D", url, "-d", folder.toString(), "-s", key.hex());
            awaitEntry(key);
        }

        private void awaitEntry(SecretKey key) throws Exception {
            programs.await(
                    "the client is in the directory",
                    LIMIT,
                    () -> directory.entry(key.publicKey(), soon()).isPresent());
        }

        private byte[] get(DmsgDirectory known, SecretKey from, String path) throws IOException {
            try (DmsgClient client =
                    DmsgClient.start(PLATFORM, DmsgConfig.of(SecretKey.generate(PLATFORM.random())), known)) {
                client.awaitReady(soon());
                var address = new DmsgAddress(from.publicKey(), 80);
                var http = new HttpClient(
                        PLATFORM,
                        (to, deadline) -> client.dial(address, deadline),
                        HttpUrl.parse("dmsg://" + from.publicKey().hex()));
                HttpResponse answer = http.send(HttpRequest.get(path), 2 * SIZE, soon());
                if (answer.status() != 200) {
                    throw new IOException("status " + answer.status());
                }
                return answer.body();
            }
        }

        private void fetch(SecretKey from, String path) throws IOException {
            compare(get(directory, from, path));
        }

        /** A discovery is in no directory: who asks it over dmsg knows its key and the servers beforehand. */
        private void askDiscovery() throws Exception {
            String path = "/dmsg-discovery/available_servers";
            var known = new FixedDirectory();
            known.put(directory.entry(serverKey.publicKey(), soon()).orElseThrow());
            known.put(DmsgEntry.client(discoveryKey.publicKey(), List.of(serverKey.publicKey()), ""));
            byte[] got;
            try {
                got = get(known, discoveryKey, path);
            } catch (IOException e) {
                PLATFORM.clock().sleep(SETTLE); // nobody tells when it has its first session
                got = get(known, discoveryKey, path);
            }
            String answer = new String(got, StandardCharsets.UTF_8);
            if (!answer.contains(serverKey.publicKey().hex())) {
                throw new IOException("the server is not in the answer: " + answer);
            }
        }

        private void compare(byte[] got) throws IOException {
            if (!Arrays.equals(got, data)) {
                throw new IOException("the bytes differ: " + got.length + " of " + data.length);
            }
        }

        /** A server of the reference now and then ends the first session of a client of its own, which may try again. */
        private void curl(SecretKey from, String path) throws Exception {
            int tries = ourServer ? 1 : 3;
            Path file = programs.dir().resolve("curl.out");
            Files.deleteIfExists(file);
            String address = "dmsg://" + from.publicKey().hex() + ":80" + path;
            programs.run(
                    "curl" + ++curls,
                    LIMIT,
                    peer,
                    "dmsg",
                    "curl",
                    "-l",
                    "info",
                    "-t",
                    Integer.toString(tries),
                    "-c",
                    url,
                    "-o",
                    file.toString(),
                    address);
            compare(Files.exists(file) ? Files.readAllBytes(file) : new byte[0]);
        }

        private void ping(SecretKey key) throws IOException {
            DmsgClient client = client(SecretKey.generate(PLATFORM.random()));
            DmsgCtrl.ping(PLATFORM, client, key.publicKey(), soon());
        }

        @Override
        public void close() {
            while (!ours.isEmpty()) {
                try {
                    ours.pop().close();
                } catch (IOException e) {
                    System.out.println("close: " + e.getMessage());
                }
            }
            programs.close();
        }
    }
}
