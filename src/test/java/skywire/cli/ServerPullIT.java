package skywire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import skywire.control.ControlException;
import skywire.deployment.Servers;
import skywire.directory.FixedDirectory;
import skywire.dmsg.DmsgClient;
import skywire.dmsg.DmsgConfig;
import skywire.dmsg.server.DmsgServer;
import skywire.dmsg.server.DmsgServerConfig;
import skywire.entry.DmsgEntry;
import skywire.entry.ServerInfo;
import skywire.http.HttpLimits;
import skywire.http.HttpResponse;
import skywire.http.HttpServer;
import skywire.http.HttpUrl;
import skywire.key.SecretKey;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Listener;
import skywire.platform.Network;
import skywire.platform.Platform;
import skywire.service.discovery.DmsgDiscovery;
import skywire.testkit.Await;

/** {@code dmsg conf pull} against a discovery and two servers: what it dials, writes, leaves alone and refuses. */
@Timeout(60)
class ServerPullIT {
    private static final Platform PLATFORM = Platform.system();
    private static final HostPort ANY = new HostPort("127.0.0.1", 0);
    private static final SecretKey DISCOVERY = key();
    private static final SecretKey GONE = key();

    private static final List<DmsgServer> SERVERS = new ArrayList<>();
    private static DmsgDiscovery discovery;
    private static HostPort dead;

    @TempDir
    Path folder;

    private static SecretKey key() {
        return SecretKey.generate(PLATFORM.random());
    }

    @BeforeAll
    static void start() throws Exception {
        discovery = DmsgDiscovery.start(PLATFORM, DmsgDiscovery.Config.at(ANY).forTests());
        var directory = Discovery.at(PLATFORM, HttpUrl.parse("http://" + discovery.address()))
                .directory();
        for (int i = 0; i < 2; i++) {
            SERVERS.add(DmsgServer.start(PLATFORM, DmsgServerConfig.of(key(), ANY, ""), directory));
        }
        Await.until(
                "entries",
                () -> SERVERS.stream().allMatch(server -> server.health().published()));
        discovery.serveDmsg(DISCOVERY, List.of());
        Await.until("sessions of the discovery", () -> discovery.dmsgSessions() == 2);
        try (Listener listener = PLATFORM.network().listen(ANY)) {
            dead = listener.local();
        }
    }

    @AfterAll
    static void stop() {
        SERVERS.forEach(DmsgServer::close);
        discovery.close();
    }

    private static DmsgEntry entry(SecretKey key, HostPort at) {
        return DmsgEntry.server(key.publicKey(), ServerInfo.of(at.toString(), 1, ""));
    }

    private static DmsgEntry alive(int i) {
        DmsgServer server = SERVERS.get(i);
        return DmsgEntry.server(server.key(), ServerInfo.of(server.address().toString(), 1, ""));
    }

    private static Deadline soon() {
        return PLATFORM.clock().in(Duration.ofSeconds(20));
    }

    /** The real world, and a list of whom was dialled in it. */
    private static final class Recorded implements Platform, Network {
        private final Set<String> dialled = new ConcurrentSkipListSet<>();

        @Override
        public Clock clock() {
            return PLATFORM.clock();
        }

        @Override
        public Network network() {
            return this;
        }

        @Override
        public SecureRandom random() {
            return PLATFORM.random();
        }

        @Override
        public Thread start(String name, Runnable body) {
            return PLATFORM.start(name, body);
        }

        @Override
        public Link dial(HostPort to, Deadline deadline) throws IOException {
            dialled.add(to.toString());
            return PLATFORM.network().dial(to, deadline);
        }

        @Override
        public Listener listen(HostPort at) {
            throw new AssertionError("it listens");
        }

        @Override
        public Link dial(Path socket, Deadline deadline) {
            throw new AssertionError("it uses " + socket);
        }

        @Override
        public Listener listen(Path socket) {
            throw new AssertionError("it listens");
        }

        @Override
        public List<InetAddress> resolve(String host, Deadline deadline) {
            throw new AssertionError("it asks for " + host);
        }
    }

    @Test
    void oneServerThatIsAliveIsEnoughAndNobodyElseIsDialled() throws IOException {
        var world = new Recorded();
        List<DmsgEntry> known = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            known.add(entry(key(), dead)); // as many as are tried at once
        }
        known.add(alive(1));
        List<DmsgEntry> servers = new ServerPull(world, DISCOVERY.publicKey()).servers(known, soon());
        assertEquals(
                List.of(alive(0), alive(1)).stream()
                        .map(s -> s.key() + Servers.address(s))
                        .sorted()
                        .toList(),
                servers.stream().map(s -> s.key() + Servers.address(s)).toList());
        assertTrue(
                Set.of(dead.toString(), Servers.address(alive(1))).containsAll(world.dialled),
                () -> "dialled " + world.dialled);
    }

    @Test
    void whenNobodyLeadsThereTheFirstReasonIsTold() {
        var pull = new ServerPull(PLATFORM, DISCOVERY.publicKey());
        var none = assertThrows(ControlException.class, () -> pull.servers(List.of(entry(GONE, dead)), soon()));
        assertEquals(Failure.Kind.UNREACHABLE, none.kind());
        assertTrue(none.getMessage().contains("1 was tried: " + dead + ": "), none.getMessage());
        assertTrue(none.getMessage().endsWith("Connection refused"), none.getMessage());
        var other = new ServerPull(PLATFORM, GONE.publicKey());
        var wrong = assertThrows(ControlException.class, () -> other.servers(List.of(alive(0)), soon()));
        assertTrue(wrong.getMessage().startsWith("no known dmsg server leads to the discovery "), wrong.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200|[]|the list has no server",
                "200|null|the list has no server",
                "404|{}|the list has no server",
                "200|[{\"static\": \"02ab\"}]|a public key has 66 hex digits, this has 4 characters",
                "200|<html>|not valid JSON",
                "500|oops|it answers 500",
            })
    void aListThatIsEmptyOrWrongIsRefusedAndNothingIsWritten(int status, String body, String told) throws Exception {
        SecretKey key = key();
        DmsgConfig config = DmsgConfig.of(key).withSessions(0).unpublished();
        var directory = new FixedDirectory(List.of(alive(0)), List.of());
        try (DmsgClient client = DmsgClient.start(PLATFORM, config, directory);
                HttpServer http = HttpServer.start(
                        PLATFORM,
                        "false",
                        HttpLimits.SERVICE,
                        request -> HttpResponse.of(status, "application/json", body))) {
            http.on(client.listen(80));
            client.awaitReady(soon());
            Path file = document(key, "[" + json(alive(0)) + "]");
            String before = Files.readString(file);
            var cli = new Cli(folder);
            assertEquals(Exit.FAILED, cli.run("dmsg", "conf", "pull", file.toString()), cli.err());
            assertTrue(cli.err().contains("gives no list that could be used: " + told), cli.err());
            assertTrue(cli.err().endsWith("nothing was written\n"), cli.err());
            assertEquals(before, Files.readString(file));
            assertFiles(file);
        }
    }

    private static String json(DmsgEntry server) {
        return "{ \"server\":{\"address\":\"" + Servers.address(server) + "\"}, \"static\" : \"" + server.key()
                + "\" }";
    }

    private Path document(SecretKey asked, String list) throws IOException {
        return Files.writeString(
                folder.resolve("d.json"), """
                // written by hand
                { "prod":{
                \t"note": "\\"dmsg_servers\\": [", /* ] */
                \t"dmsg_discovery_dmsg": "dmsg://%s:80", "dmsg_servers":%s } } // the end\
                """.formatted(asked.publicKey(), list).replace("\n", "\r\n"));
    }

    private void assertFiles(Path... files) throws IOException {
        try (var all = Files.list(folder)) {
            assertEquals(
                    Set.of(files),
                    Set.copyOf(all.filter(f -> !f.endsWith(".local")).toList()),
                    "no draft is left");
        }
    }

    @Test
    void onlyTheListChangesAndTheModeStays() throws IOException {
        String list = "[ " + json(alive(0)) + ",\n" + json(entry(GONE, dead)) + "]";
        Path file = document(DISCOVERY, list);
        String old = list.replace("\n", "\r\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        Path link = Files.createSymbolicLink(folder.resolve("link.json"), file);
        String before = Files.readString(file);
        var cli = new Cli(folder);

        assertEquals(Exit.OK, cli.run("dmsg", "conf", "pull", "--dry-run", file.toString()), cli.err());
        assertEquals(before, Files.readString(file));
        assertTrue(cli.out().startsWith("--- " + file + "\n+++ " + file + "\n@@ "), cli.out());
        assertTrue(cli.out().contains("\n-" + json(entry(GONE, dead)) + "] } } // the end"), cli.out());
        assertTrue(cli.err().endsWith("nothing was written\n"), cli.err());

        assertEquals(Exit.OK, cli.run("dmsg", "conf", "pull", link.toString()), cli.err());
        String after = Files.readString(file);
        String head = before.substring(0, before.indexOf(old));
        String tail = before.substring(before.indexOf(old) + old.length());
        assertTrue(after.startsWith(head) && after.endsWith(tail), after);
        String now = after.substring(head.length(), after.length() - tail.length());
        assertEquals(now.replace("\r\n", ""), now.replace("\n", "").replace("\r", ""), "lines end as the others do");
        assertEquals(
                Set.of("+ " + alive(1).key() + "  " + Servers.address(alive(1)), "- " + GONE.publicKey() + "  " + dead),
                Set.copyOf(cli.out().lines().skip(1).map(String::strip).toList()));
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertTrue(Files.isSymbolicLink(link));
        assertFiles(file, link);

        assertEquals(Exit.OK, cli.run("dmsg", "conf", "pull", file.toString()), cli.err());
        assertTrue(cli.err().endsWith("2 servers in 1 list, nothing to change\n"), cli.err());
        assertEquals(after, Files.readString(file));
    }

    @Test
    void theDocumentToAskByCanBeAnother() throws IOException {
        Path known = document(DISCOVERY, "[" + json(alive(0)) + "]");
        Path flat = Files.writeString(folder.resolve("flat.json"), "{\"dmsg_servers\":[]}");
        var cli = new Cli(folder);
        assertEquals(
                Exit.OK,
                cli.run("dmsg", "conf", "pull", flat.toString(), "--embedded", known.toString(), "--json"),
                cli.err());
        JsonObject told = JsonParser.parseString(cli.out()).getAsJsonObject();
        assertEquals(2, told.get("servers").getAsInt());
        assertTrue(told.get("written").getAsBoolean());
        assertEquals(
                2,
                told.getAsJsonArray("lists")
                        .get(0)
                        .getAsJsonObject()
                        .getAsJsonObject("came")
                        .size());
        String text = Files.readString(flat);
        assertTrue(text.startsWith("{\"dmsg_servers\":[{\"static\":\"0") && text.endsWith("\"}}]}"), text);

        assertEquals(Exit.OK, cli.run("dmsg", "conf", "pull", "--embedded", known.toString()), cli.err());
        assertTrue(Files.readString(known).contains(alive(1).key().hex()), "and it is written itself");

        cli.environment.put("SKYDEPLOY", known.toString());
        assertEquals(Exit.OK, cli.run("dmsg", "conf", "pull"), cli.err());
        assertTrue(cli.err().endsWith("nothing to change\n"), cli.err());
        Path nobody = Files.writeString(folder.resolve("n.json"), "{\"prod\": {\"dmsg_servers\": []}}");
        assertEquals(
                Exit.OK, cli.run("dmsg", "conf", "pull", nobody.toString()), "the used one is asked: " + cli.err());
        assertTrue(Files.readString(nobody).contains(alive(1).key().hex()));
    }

    @Test
    void everyListGetsThemAndAnotherDiscoveryIsWarnedAbout() throws IOException {
        Path file = Files.writeString(
                folder.resolve("d.json"), """
                {
                  "test": { "dmsg_servers": [], "dmsg_discovery_dmsg": "dmsg://%s:80" },
                  "prod": { "dmsg_servers": [%s], "dmsg_discovery_dmsg": "dmsg://%s:80" }
                }
                """.formatted(GONE.publicKey(), json(alive(0)), DISCOVERY.publicKey()));
        var cli = new Cli(folder);
        assertEquals(Exit.OK, cli.run("dmsg", "conf", "pull", file.toString()), cli.err());
        assertTrue(cli.err().contains("warning: \"test\" has another discovery, and gets the same servers"), cli.err());
        assertEquals(2, Files.readString(file).split(alive(1).key().hex(), -1).length - 1);
    }

    @Test
    void whatIsMissingIsTold() throws IOException {
        var cli = new Cli(folder);
        assertEquals(Exit.USAGE, cli.run("dmsg", "conf", "pull"));
        assertEquals(
                "error: which document? Name a FILE, or set SKYDEPLOY\n       see:  skywire dmsg conf pull --help\n",
                cli.err());
        assertEquals(Exit.FAILED, cli.run("dmsg", "conf", "pull", folder + "/none"));
        assertEquals("error: " + folder + "/none: no such file\n", cli.err());
        Path empty = document(GONE, "[]");
        assertEquals(Exit.FAILED, cli.run("dmsg", "conf", "pull", empty.toString()));
        assertTrue(cli.err().contains("has no server to ask through"), cli.err());
        Path nobody = Files.writeString(folder.resolve("n.json"), "{\"a\": {\"dmsg_servers\": []}}");
        assertEquals(
                Exit.FAILED,
                cli.run("dmsg", "conf", "pull", empty.toString(), "--embedded", nobody.toString()),
                cli.err());
        assertTrue(cli.err().contains("has no \"dmsg_discovery_dmsg\", so nobody can be asked"), cli.err());
    }

    @Test
    void showsAndChecksADocument() throws IOException {
        Path file = document(DISCOVERY, "[" + json(alive(0)) + "]");
        var cli = new Cli(folder);
        assertEquals(Exit.OK, cli.run("dmsg", "conf", "show", file.toString()), cli.err());
        assertTrue(cli.out().startsWith("prod  of " + file + "\n"), cli.out());
        assertTrue(cli.out().contains(alive(0).key() + "  " + Servers.address(alive(0))), cli.out());
        assertEquals(Exit.OK, cli.run("dmsg", "conf", "show"), cli.err());
        assertTrue(cli.out().startsWith("prod  of the built-in deployment\n"), cli.out());
        cli.environment.put("SKYDEPLOY", file.toString());
        assertEquals(Exit.OK, cli.run("dmsg", "conf", "show", "--json"), cli.err());
        assertTrue(cli.out().contains(alive(0).key().hex()), cli.out());
        Files.writeString(file, "{\"prod\": {\"dmsg_servers\": 7}}");
        assertEquals(Exit.FAILED, cli.run("dmsg", "conf", "show"));
        assertTrue(cli.err().startsWith("error: " + file + ":1:27: \"dmsg_servers\" must be a list"), cli.err());
        assertFalse(cli.out().contains("prod"));
    }
}
