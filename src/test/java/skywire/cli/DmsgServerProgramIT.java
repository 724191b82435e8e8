package skywire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skywire.directory.FixedDirectory;
import skywire.directory.HttpDmsgDirectory;
import skywire.dmsg.DmsgAddress;
import skywire.dmsg.DmsgClient;
import skywire.dmsg.DmsgConfig;
import skywire.dmsg.DmsgListener;
import skywire.dmsg.DmsgStream;
import skywire.dmsg.server.DmsgServer;
import skywire.dmsg.server.DmsgServerConfig;
import skywire.entry.DmsgEntry;
import skywire.entry.ServerInfo;
import skywire.http.Dialer;
import skywire.http.HttpClient;
import skywire.http.HttpRequest;
import skywire.http.HttpUrl;
import skywire.key.SecretKey;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Platform;
import skywire.service.discovery.DmsgDiscovery;
import skywire.testkit.Await;
import skywire.testkit.CliProcess;
import skywire.testkit.Prometheus;

/** A dmsg server as a process, as its operator sees it: what it tells, and how it ends. */
@Timeout(120)
class DmsgServerProgramIT {
    private static final Platform PLATFORM = Platform.system();
    private static final int MEGABYTE = 1_000_000;
    private static final SecretKey DISCOVERY = SecretKey.fromSeed(new byte[] {1});
    private static final SecretKey RELAY = SecretKey.fromSeed(new byte[] {2});

    @TempDir
    Path home;

    private DmsgDiscovery discovery;
    private DmsgServer relay; // by which the discovery is reached
    private final List<DmsgClient> clients = new ArrayList<>();

    @BeforeEach
    void startDiscovery() throws IOException {
        discovery = DmsgDiscovery.start(
                PLATFORM,
                new DmsgDiscovery.Config(
                        new HostPort("127.0.0.1", 0), true, "", List.of(), List.of(), Duration.ZERO, 1000));
        // Not listed, so that clients do not connect to it.
        relay = DmsgServer.start(
                PLATFORM, DmsgServerConfig.of(RELAY, new HostPort("127.0.0.1", 0), ""), new FixedDirectory());
        discovery.serveDmsg(
                DISCOVERY,
                List.of(DmsgEntry.server(
                        relay.key(), ServerInfo.of(relay.address().toString(), 1, ""))));
    }

    @AfterEach
    void stop() {
        clients.forEach(DmsgClient::close);
        relay.close();
        discovery.close();
    }

    private static Deadline in(int seconds) {
        return PLATFORM.clock().in(Duration.ofSeconds(seconds));
    }

    private HttpDmsgDirectory directory() {
        var http = new HttpClient(
                PLATFORM, Dialer.tcp(PLATFORM.network()), HttpUrl.parse("http://" + discovery.address()));
        return new HttpDmsgDirectory(http, PLATFORM.clock());
    }

    /** A server that the discovery knows. */
    private CliProcess server(String... options) throws Exception {
        Path file = home.resolve("dmsg-server.json");
        var cli = new Cli(home);
        assertEquals(
                Exit.OK,
                cli.run(
                        "config",
                        "gen",
                        "dmsg-server",
                        "-o",
                        file.toString(),
                        "--set",
                        "listening_address=127.0.0.1:0",
                        "--set",
                        "health_endpoint_address=127.0.0.1:0",
                        "--set",
                        "dmsg={\"discovery_dmsg\": \"dmsg://"
                                + DISCOVERY.publicKey().hex()
                                + ":80\", \"servers\": [{\"static\": \""
                                + relay.key().hex()
                                + "\", \"server\": {\"address\": \"" + relay.address() + "\"}}]}"),
                cli.err());
        List<String> words = new ArrayList<>(List.of("dmsg-server", "-c", file.toString()));
        words.addAll(List.of(options));
        CliProcess server = CliProcess.start(home, words.toArray(String[]::new));
        server.awaitText(" is ready, listens on ");
        Await.until("it is registered", () -> status().get("published").getAsBoolean());
        return server;
    }

    private JsonObject ask(String... words) {
        var cli = new Cli(home);
        List<String> all = new ArrayList<>(List.of("dmsg-server"));
        all.addAll(List.of(words));
        all.add("--json");
        assertEquals(Exit.OK, cli.run(all.toArray(String[]::new)), cli.err());
        return JsonParser.parseString(cli.out()).getAsJsonObject();
    }

    private JsonObject status() {
        return ask("status");
    }

    private String shown(String... words) {
        var cli = new Cli(home);
        assertEquals(Exit.OK, cli.run(words), cli.err());
        return cli.out();
    }

    private DmsgClient client(String seed) {
        SecretKey key = SecretKey.fromSeed(seed.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        DmsgClient client = DmsgClient.start(PLATFORM, DmsgConfig.of(key), directory());
        clients.add(client);
        return client;
    }

    /** A stream through the server, as both of its ends have it. */
    private record Ends(DmsgStream there, DmsgStream here) {}

    private Ends stream() throws Exception {
        DmsgClient alice = client("alice");
        DmsgClient bob = client("bob");
        alice.awaitReady(in(20));
        bob.awaitReady(in(20));
        DmsgListener listener = bob.listen(99);
        DmsgStream there = alice.dial(new DmsgAddress(bob.publicKey(), 99), in(20));
        return new Ends(there, listener.accept());
    }

    private static void carry(Ends ends) throws IOException {
        PLATFORM.start("test/writer", () -> {
            try {
                ends.there.write(new byte[MEGABYTE], in(20));
            } catch (IOException e) {
                ends.there.close(); // the reader will notice
            }
        });
        ends.here.readFully(new byte[MEGABYTE], 0, MEGABYTE, in(20));
    }

    @Test
    void tellsItsOperatorWhatHappens() throws Exception {
        try (CliProcess server = server("--max-sessions", "2")) {
            Ends ends = stream();
            carry(ends);
            DmsgClient third = client("third");
            Await.until(
                    "the third is turned away",
                    () -> status().getAsJsonObject("connections_refused").has("full"));
            Await.until("it sees that", () -> third.sessions().isEmpty());
            third.close();

            JsonObject status = status();
            assertEquals("skywire.dmsg_server.status/1", status.get("schema").getAsString());
            assertEquals(2, status.get("sessions").getAsInt());
            assertEquals(2, status.get("max_sessions").getAsInt());
            assertEquals(1, status.get("streams").getAsInt());
            assertTrue(status.get("relayed_bytes").getAsLong() > MEGABYTE);
            String text = shown("dmsg-server", "status");
            assertTrue(text.contains("sessions     2 of 2\n"), text);
            assertTrue(text.contains("streams      1 now, 1 so far, 0 of them over other servers\n"), text);
            assertTrue(text.matches("(?s).*\n {13}[0-9]+ connections?: full [0-9]+\n.*"), text);

            JsonObject sessions = ask("sessions");
            assertEquals(
                    "skywire.dmsg_server.sessions/1", sessions.get("schema").getAsString());
            assertEquals(2, sessions.getAsJsonArray("sessions").size());
            assertEquals(
                    1,
                    ask("sessions", "--limit", "1").getAsJsonArray("sessions").size());
            text = shown("dmsg-server", "sessions", "--limit", "1");
            assertTrue(text.startsWith("client    from"), text);
            assertTrue(text.endsWith("and 1 more; all:  --limit 2\n"), text);
            var cli = new Cli(home);
            assertEquals(Exit.FAILED, cli.run("dmsg-server", "sessions", "--limit", "100001"));
            assertTrue(cli.err().contains("\"limit\" must be a whole number from 1 to 100000"), cli.err());
            assertEquals(
                    "skywire.dmsg_server.peers/1", ask("peers").get("schema").getAsString());
            text = shown("dmsg-server", "peers");
            assertTrue(text.contains(relay.key().brief()) && text.endsWith("linked\n"), text);

            String pages = status.get("health_address").getAsString();
            Map<String, Double> metrics = Prometheus.parse(get(pages, "/metrics"));
            assertEquals(2, metrics.get("skywire_dmsg_server_sessions"));
            assertTrue(metrics.get("skywire_dmsg_server_relayed_bytes_total") > MEGABYTE);
            assertTrue(metrics.get("skywire_dmsg_server_connections_refused_total{reason=\"full\"}") >= 1);
            assertTrue(get(pages, "/health").contains("\"service_name\":\"dmsg-server\""));
            assertFalse(server.err().contains("\tat "), server.err());
        }
    }

    private static String get(String address, String path) throws IOException {
        var http = new HttpClient(PLATFORM, Dialer.tcp(PLATFORM.network()), HttpUrl.parse("http://" + address));
        return http.send(HttpRequest.get(path), 100_000, in(20)).text();
    }

    @Test
    void aRunningStreamMayFinishWhileNothingNewBegins() throws Exception {
        try (CliProcess server = server()) {
            HostPort address = HostPort.parse(status().get("address").getAsString());
            Ends ends = stream();
            carry(ends);
            server.terminate();
            server.awaitText("takes nothing new any more, streams that go on: 1");
            assertTrue(shown("dmsg-server", "status").contains("state        draining, up "));
            assertTrue(directory().availableServers(in(20)).isEmpty(), "the entry is withdrawn");
            assertThrows(
                    Failure.class, () -> PLATFORM.network().dial(address, in(5)).close());

            carry(ends);
            ends.there.close();
            assertEquals(-1, ends.here.read(new byte[1], 0, 1, in(5)));
            ends.here.close();
            assertEquals(Exit.OK, server.exitCode());
            assertFalse(server.err().contains("\tat "), server.err());
        }
    }

    @Test
    void aSecondSignalEndsItAtOnce() throws Exception {
        try (CliProcess server = server()) {
            Ends ends = stream();
            carry(ends);
            server.terminate();
            server.awaitText("takes nothing new any more, streams that go on: 1");
            long before = PLATFORM.clock().nanoTime();
            server.terminate();
            assertEquals(Exit.TERMINATED, server.exitCode());
            Duration took = Duration.ofNanos(PLATFORM.clock().nanoTime() - before);
            assertTrue(took.toMillis() < 2500, "took " + took);
        }
    }

    @Test
    void aStreamThatDoesNotFinishGetsTenSeconds() throws Exception {
        try (CliProcess server = server()) {
            Ends ends = stream();
            carry(ends);
            long before = PLATFORM.clock().nanoTime();
            server.terminate();
            assertEquals(Exit.OK, server.exitCode());
            Duration took = Duration.ofNanos(PLATFORM.clock().nanoTime() - before);
            assertTrue(took.compareTo(SignalledEnd.LIMIT) >= 0 && took.toMillis() < 13_000, "took " + took);
            assertThrows(IOException.class, () -> ends.here.readFully(new byte[1], 0, 1, in(5)));
        }
    }

    @Test
    void withoutAServerItSaysHowToStartOne() {
        var cli = new Cli(home);
        assertEquals(Exit.UNREACHABLE, cli.run("dmsg-server", "status"));
        assertTrue(cli.err().contains("start one:  skywire dmsg-server -c dmsg-server.json"), cli.err());
        assertEquals(Exit.USAGE, cli.run("dmsg-server", "--max-sessions", "0", "-c", "x"));
        assertTrue(cli.err().contains("--max-sessions 0: from 1 to 1000000"), cli.err());
        assertEquals(Exit.USAGE, cli.run("dmsg-server", "--max-sessions", "x", "-c", "x"));
        assertTrue(cli.err().contains("'x' is not an int"), cli.err());
    }

    @Test
    void aTakenHealthAddressIsToldWithWhatToDo() throws Exception {
        String taken = discovery.address().toString();
        var cli = new Cli(home);
        String file = home.resolve("dmsg-server.json").toString();
        cli.run(
                "config",
                "gen",
                "dmsg-server",
                "-o",
                file,
                "-s",
                "listening_address=:0",
                "-s",
                "health_endpoint_address=" + taken);
        try (CliProcess server = CliProcess.start(home, "dmsg-server", "-c", file)) {
            assertEquals(Exit.FAILED, server.exitCode());
            assertEquals(
                    "error: \"health_endpoint_address\": cannot listen on " + taken + ": Address already in use\n"
                            + "       choose another, or \"\" for no such pages\n",
                    server.err()
                            .lines()
                            .filter(l -> !l.matches("[0-9:.]+ (INFO|WARN) .*"))
                            .map(l -> l + "\n")
                            .reduce("", String::concat));
        }
    }
}
