package skywire.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skywire.directory.HttpDmsgDirectory;
import skywire.directory.SeededDirectory;
import skywire.dmsg.DmsgAddress;
import skywire.dmsg.DmsgClient;
import skywire.dmsg.DmsgConfig;
import skywire.dmsg.DmsgListener;
import skywire.dmsg.DmsgStream;
import skywire.entry.DmsgEntry;
import skywire.entry.ServerInfo;
import skywire.http.Dialer;
import skywire.http.HttpClient;
import skywire.http.HttpUrl;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Platform;
import skywire.service.discovery.DmsgDiscovery;
import skywire.testkit.Await;
import skywire.testkit.CliProcess;

/** Error 202 and its cure, with the programs as processes: a public server, and a private one that announces itself. */
@Timeout(180)
class PrivateServerIT {
    private static final Platform PLATFORM = Platform.system();
    private static final SecretKey DISCOVERY = SecretKey.fromSeed(new byte[] {1});
    private static final SecretKey OPEN = SecretKey.fromSeed(new byte[] {2});
    private static final SecretKey HIDDEN = SecretKey.fromSeed(new byte[] {3});
    private static final SecretKey INSIDE = SecretKey.fromSeed(new byte[] {4});
    private static final byte[] HELLO = {1, 2, 3};

    @TempDir
    Path home;

    private DmsgDiscovery discovery;
    private HostPort openAt;
    private HostPort hiddenAt;
    private final List<DmsgClient> clients = new ArrayList<>();

    @BeforeEach
    void startDiscovery() throws IOException {
        openAt = freePort();
        hiddenAt = freePort();
        discovery = DmsgDiscovery.start(
                PLATFORM, DmsgDiscovery.Config.at(new HostPort("127.0.0.1", 0)).forTests());
        discovery.serveDmsg(DISCOVERY, List.of(entry(OPEN, openAt)));
    }

    @AfterEach
    void stop() {
        clients.forEach(DmsgClient::close);
        discovery.close();
    }

    private static HostPort freePort() throws IOException {
        try (var listener = PLATFORM.network().listen(new HostPort("127.0.0.1", 0))) {
            return listener.local();
        }
    }

    private static Deadline soon() {
        return PLATFORM.clock().in(Duration.ofSeconds(20));
    }

    private static DmsgEntry entry(SecretKey key, HostPort at) {
        return DmsgEntry.server(key.publicKey(), ServerInfo.of(at.toString(), 1, ""));
    }

    /** A server; {@code listed} ones have a place in the discovery. */
    private CliProcess server(String name, SecretKey key, HostPort at, String... settings) throws Exception {
        Path file = home.resolve(name + ".json");
        var words = new ArrayList<>(List.of("config", "gen", "dmsg-server", "-o", file.toString()));
        var all = new ArrayList<>(List.of(settings));
        all.addAll(List.of(
                "listening_address=" + at,
                "health_endpoint_address=",
                "dmsg={\"discovery_dmsg\": \"dmsg://" + DISCOVERY.publicKey().hex() + ":80\"}",
                "sk=" + key.hex(),
                "pk=" + key.publicKey().hex()));
        all.forEach(setting -> words.addAll(List.of("--set", setting)));
        var cli = new Cli(home);
        assertEquals(Exit.OK, cli.run(words.toArray(String[]::new)), cli.err());
        CliProcess server = CliProcess.start(home, "dmsg-server", "-c", file.toString());
        server.awaitText(" is ready, listens on ");
        return server;
    }

    private String peers(String name) {
        var cli = new Cli(home);
        Path socket = home.resolve(".local/state/skywire/" + name + "/control.sock");
        cli.run("dmsg-server", "peers", "--json", "--control", socket.toString());
        return cli.out();
    }

    private HttpDmsgDirectory directory() {
        var http = new HttpClient(
                PLATFORM, Dialer.tcp(PLATFORM.network()), HttpUrl.parse("http://" + discovery.address()));
        return new HttpDmsgDirectory(http, PLATFORM.clock());
    }

    /** A client that knows only this server. */
    private DmsgClient client(SecretKey key, DmsgEntry server) throws Exception {
        SeededDirectory directory = SeededDirectory.beside(PLATFORM, new Unlisting(directory()), List.of(server));
        DmsgClient client = DmsgClient.start(PLATFORM, DmsgConfig.of(key).withSessions(1), directory);
        clients.add(client);
        client.awaitReady(soon());
        return client;
    }

    /** The discovery without its list of servers. */
    private record Unlisting(HttpDmsgDirectory discovery) implements skywire.directory.DmsgDirectory {
        @Override
        public java.util.Optional<DmsgEntry> entry(PublicKey key, Deadline deadline) throws IOException {
            return discovery.entry(key, deadline);
        }

        @Override
        public void publish(DmsgEntry entry, Deadline deadline) throws IOException {
            discovery.publish(entry, deadline);
        }

        @Override
        public void delete(DmsgEntry entry, Deadline deadline) throws IOException {
            discovery.delete(entry, deadline);
        }

        @Override
        public List<DmsgEntry> availableServers(Deadline deadline) {
            return List.of();
        }

        @Override
        public List<DmsgEntry> allServers(Deadline deadline) {
            return List.of();
        }
    }

    @Test
    void aClientOfAPrivateServerIsReachedOnceItsServerAnnouncesItself() throws Exception {
        String accept = "accepted_peer_pks=[\"" + HIDDEN.publicKey().hex() + "\"]";
        String peer = "peers=[{\"public_key\": \"" + OPEN.publicKey().hex() + "\", \"address\": \"" + openAt + "\"}]";
        try (CliProcess _ = server("open", OPEN, openAt, "accept_peer_announcements=true", accept)) {
            Await.until(
                    "it is registered",
                    () -> directory().entry(OPEN.publicKey(), soon()).isPresent());
            DmsgClient outside = client(SecretKey.fromSeed(new byte[] {5}), entry(OPEN, openAt));
            try (CliProcess hidden = server("hidden", HIDDEN, hiddenAt, "listed=false", peer)) {
                DmsgClient inside = client(INSIDE, entry(HIDDEN, hiddenAt));
                DmsgListener listener = inside.listen(80);
                Await.until("it is linked", () -> peers("hidden").contains("linked"));
                assertTrue(directory().entry(HIDDEN.publicKey(), soon()).isEmpty(), "it is private");
                Failure e = assertThrows(Failure.class, () -> dial(outside));
                assertTrue(e.getMessage().contains("dmsg error 202"), e::getMessage);
                listener.close();
                inside.close();
                hidden.terminate();
                assertEquals(Exit.OK, hidden.exitCode());
            }
            Files.delete(home.resolve("hidden.json"));
            try (CliProcess hidden =
                    server("hidden", HIDDEN, hiddenAt, "listed=false", peer, "announce_as_peer=true")) {
                DmsgClient inside = client(INSIDE, entry(HIDDEN, hiddenAt));
                DmsgListener listener = inside.listen(80);
                Await.until("it is announced", () -> peers("hidden").contains("announced"));
                assertTrue(peers("open").contains("accepted"), peers("open"));
                try (DmsgStream there = dial(outside);
                        DmsgStream here = listener.accept()) {
                    there.write(HELLO, 0, HELLO.length, soon());
                    byte[] got = new byte[HELLO.length];
                    here.readFully(got, 0, got.length, soon());
                    assertArrayEquals(HELLO, got);
                }
                assertTrue(hidden.err().lines().noneMatch(line -> line.contains("WARN")), hidden.err());
            }
        }
    }

    private static DmsgStream dial(DmsgClient from) throws IOException {
        return from.dial(new DmsgAddress(INSIDE.publicKey(), 80), soon());
    }
}
