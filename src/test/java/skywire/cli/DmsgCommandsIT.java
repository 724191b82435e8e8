package skywire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import skywire.control.ControlServer;
import skywire.dmsg.DmsgClient;
import skywire.dmsg.DmsgConfig;
import skywire.dmsg.server.DmsgServer;
import skywire.dmsg.server.DmsgServerConfig;
import skywire.http.Headers;
import skywire.http.HttpLimits;
import skywire.http.HttpResponse;
import skywire.http.HttpServer;
import skywire.http.HttpUrl;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.Deadline;
import skywire.platform.HostPort;
import skywire.platform.Listener;
import skywire.platform.Platform;
import skywire.service.discovery.DmsgDiscovery;

/** The commands that use dmsg themselves, against a discovery, a server and a web server over dmsg. */
@Timeout(60)
class DmsgCommandsIT {
    private static final Platform PLATFORM = Platform.system();
    private static final HostPort ANY = new HostPort("127.0.0.1", 0);
    private static final SecretKey SERVER = SecretKey.generate(PLATFORM.random());
    private static final SecretKey WEB = SecretKey.generate(PLATFORM.random());
    private static final SecretKey SERVICE = SecretKey.generate(PLATFORM.random());
    private static final byte[] FILE = new byte[300_000];

    private static DmsgDiscovery discovery;
    private static DmsgServer server;
    private static DmsgClient web;
    private static HttpServer http;

    @TempDir
    Path folder;

    private Cli cli;

    @BeforeAll
    static void start() throws IOException {
        new Random(5).nextBytes(FILE);
        discovery = DmsgDiscovery.start(PLATFORM, DmsgDiscovery.Config.at(ANY).forTests());
        Discovery client = Discovery.at(PLATFORM, HttpUrl.parse(url()));
        server = DmsgServer.start(PLATFORM, DmsgServerConfig.of(SERVER, ANY, ""), client.directory());
        web = DmsgClient.start(PLATFORM, DmsgConfig.of(WEB), client.directory());
        http = HttpServer.start(PLATFORM, "web", HttpLimits.SERVICE, request -> switch (request.path()) {
            case "/file" -> new HttpResponse(200, Headers.NONE, FILE);
            case "/echo" ->
                HttpResponse.of(
                        200,
                        "text/plain",
                        request.method() + " " + new String(request.body()) + " from "
                                + request.remoteKey().brief() + " "
                                + request.header("X-Tag").orElse("-"));
            case "/away" -> HttpResponse.empty(302).with("Location", "dmsg://elsewhere");
            default -> HttpResponse.of(404, "text/plain", "no such page");
        });
        http.on(web.listen(80));
        web.awaitReady(PLATFORM.clock().in(Duration.ofSeconds(20)));
        discovery.serveDmsg(SERVICE, java.util.List.of());
    }

    private static String url() {
        return "http://" + discovery.address();
    }

    @AfterAll
    static void stop() {
        http.close();
        web.close();
        server.close();
        discovery.close();
    }

    @BeforeEach
    void user() {
        cli = new Cli(folder);
        cli.environment.put("SKYWIRE_DISCOVERY", url());
    }

    private JsonObject json() {
        return JsonParser.parseString(cli.out()).getAsJsonObject();
    }

    private long files() throws IOException {
        try (var all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).count();
        }
    }

    private static String key() {
        return web.publicKey().hex();
    }

    @Test
    void fetchesIntoAFile() throws IOException {
        Path file = folder.resolve("out.bin");
        assertEquals(Exit.OK, cli.run("dmsg", "curl", "dmsg://" + key() + ":80/file", "-o", file.toString()), cli::err);
        assertEquals(-1, java.util.Arrays.mismatch(FILE, Files.readAllBytes(file)));
        assertTrue(cli.err().contains("300 kB in "), cli.err());
        assertEquals("", cli.out());
        assertEquals(
                Exit.OK,
                cli.run("dmsg", "curl", key() + "/file", "--json", "-o", file.toString()),
                "port 80, no scheme");
        assertEquals("skywire.dmsg.curl/1", json().get("schema").getAsString());
        assertEquals(FILE.length, json().get("bytes").getAsInt());
        assertEquals(1, files());
    }

    @Test
    void fetchesToTheOutputAndSends() throws IOException {
        Path keyFile = folder.resolve("my.key");
        assertEquals(Exit.OK, cli.run("keys", "gen", "-o", keyFile.toString(), "--json"));
        PublicKey own = PublicKey.parse(json().get("pk").getAsString());
        assertEquals(
                Exit.OK,
                cli.run(
                        "dmsg",
                        "curl",
                        "dmsg://" + key() + "/echo?x=1",
                        "-d",
                        "hi",
                        "-H",
                        "X-Tag: t",
                        "-k",
                        keyFile + ""));
        assertEquals("POST hi from " + own.brief() + " t", cli.bytes());
        assertEquals("", cli.err());
    }

    @Test
    void anErrorOfTheOtherSideLeavesNoFile() throws IOException {
        String file = folder.resolve("out.bin").toString();
        assertEquals(Exit.FAILED, cli.run("dmsg", "curl", "dmsg://" + key() + "/none", "-o", file));
        assertEquals("error: the other side answers 404: no such page\n", cli.err());
        assertEquals(Exit.FAILED, cli.run("dmsg", "curl", "dmsg://" + key() + ":81/file", "-o", file), cli::err);
        assertEquals("error: nothing listens on port 81 of " + web.publicKey().brief() + "\n", cli.err());
        assertEquals(Exit.FAILED, cli.run("dmsg", "curl", "dmsg://" + key() + "/away", "-o", file));
        assertEquals("error: the other side answers 302, see dmsg://elsewhere\n", cli.err());
        assertEquals(0, files());
    }

    @Test
    void aPlaceThatCannotBeWrittenIsToldBeforeAnythingIsFetched() {
        assertEquals(
                Exit.FAILED,
                cli.run(
                        "dmsg",
                        "curl",
                        "dmsg://" + key() + "/file",
                        "-o",
                        folder.resolve("no/such").toString()));
        assertTrue(cli.err().contains("there is no folder " + folder.resolve("no")), cli.err());
        assertEquals(Exit.FAILED, cli.run("dmsg", "curl", "dmsg://" + key() + "/file", "-o", folder.toString()));
        assertTrue(cli.err().contains("is a folder"), cli.err());
    }

    @Test
    void findsAServiceThatPublishesNothing() {
        String service = SERVICE.publicKey().hex();
        assertEquals(Exit.FAILED, cli.run("dmsg", "curl", "dmsg://" + service + "/health"));
        assertEquals(
                "error: the discovery knows no " + service
                        + "\n       is it running? If it is a service, which publishes no entry, add  --service\n",
                cli.err());
        assertEquals(Exit.OK, cli.run("dmsg", "curl", "--service", "dmsg://" + service + "/health"), cli::err);
        assertTrue(cli.bytes().contains("dmsg_address"), cli.bytes());
    }

    @Test
    void probesEachServer() {
        assertEquals(Exit.OK, cli.run("dmsg", "probe", key() + ":80"), cli::err);
        assertTrue(cli.out().contains("port 80 accepts"), cli.out());
        assertEquals(Exit.OK, cli.run("dmsg", "probe", key()), "without a port it is about the key");
        assertEquals(Exit.FAILED, cli.run("dmsg", "probe", key() + ":99", "--json"), cli::err);
        assertTrue(json().get("reachable").getAsBoolean());
        JsonObject one = json().getAsJsonArray("servers").get(0).getAsJsonObject();
        assertEquals("answers", one.get("outcome").getAsString());
        assertEquals(SERVER.publicKey().hex(), one.get("server").getAsString());
        assertTrue(one.get("dial_ms").getAsDouble() > 0);
    }

    @Test
    void showsEntriesAndServers() {
        assertEquals(Exit.OK, cli.run("mdisc", "entry", key()), cli::err);
        assertTrue(cli.out().contains("client at  " + SERVER.publicKey().brief()), cli.out());
        assertTrue(cli.out().contains("signature  good"), cli.out());
        assertEquals(Exit.OK, cli.run("mdisc", "entry", key(), "--json"));
        assertEquals(key(), json().get("static").getAsString());
        assertEquals(Exit.OK, cli.run("mdisc", "servers"));
        assertTrue(cli.out().contains(SERVER.publicKey().brief() + "  " + server.address()), cli.out());
        assertEquals(Exit.OK, cli.run("mdisc", "servers", "--json"));
        assertEquals(1, json().getAsJsonArray("servers").size());
    }

    @Test
    void acceptsKeysByTheirUniqueBeginning() throws IOException {
        String server = SERVER.publicKey().hex().substring(0, 9);
        assertEquals(Exit.OK, cli.run("mdisc", "entry", server), cli::err);
        assertTrue(cli.out().contains(SERVER.publicKey().hex()), cli.out());
        Path socket = folder.resolve("node/control.sock");
        try (ControlServer node = ControlServer.start(PLATFORM, socket)) {
            String two = "\"03ffee1" + "0".repeat(59) + "\",\"03ffee2" + "0".repeat(59) + "\"";
            node.method("visor.info", call -> JsonParser.parseString("{\"keys\":[\"" + key() + "\"," + two + "]}"));
            cli.environment.put("SKYWIRE_CONTROL", socket.toString());
            String brief = key().substring(0, 9).toUpperCase(java.util.Locale.ROOT);
            assertEquals(Exit.OK, cli.run("dmsg", "probe", brief + ":80"), cli::err);
            assertEquals(Exit.OK, cli.run("dmsg", "curl", "dmsg://" + brief + "/echo"), cli::err);
            assertTrue(cli.bytes().startsWith("GET "), cli.bytes());
            assertEquals(Exit.FAILED, cli.run("dmsg", "cat", brief + ":81"));
            assertEquals("error: nothing listens on port 81 of " + key().substring(0, 8) + "\n", cli.err());
            assertEquals(Exit.FAILED, cli.run("mdisc", "entry", "03ffee"));
            assertTrue(cli.err().startsWith("error: 2 known keys begin with 03ffee: "), cli.err());
        }
    }

    @Test
    void aWebServerIsNoDiscovery() throws IOException {
        try (HttpServer plain = HttpServer.start(
                PLATFORM,
                "plain",
                HttpLimits.SERVICE,
                request -> HttpResponse.of(404, "text/html", "<h1>Not Found</h1>"))) {
            Listener listener = PLATFORM.network().listen(ANY);
            String url = "http://" + listener.local();
            plain.on(listener);
            for (String line : new String[] {"mdisc servers", "mdisc entry KEY", "dmsg probe KEY"}) {
                String[] args = (line.replace("KEY", key()) + " --discovery " + url).split(" ");
                assertEquals(Exit.UNREACHABLE, cli.run(args), cli::err);
                assertTrue(cli.err().startsWith("error: " + url + " is no dmsg discovery: "), cli.err());
            }
        }
    }

    /** In one direction each: a server ends both directions of a stream with either of them (dmsg §5). */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void carriesTheInputToTheOtherSide(boolean byTheDialler) throws Exception {
        Path keyFile = folder.resolve("listener.key");
        assertEquals(Exit.OK, cli.run("keys", "gen", "-o", keyFile.toString(), "--json"));
        String pk = json().get("pk").getAsString();
        Cli listener = new Cli(folder);
        listener.environment.putAll(cli.environment);
        Cli sender = byTheDialler ? cli : listener;
        Cli receiver = byTheDialler ? listener : cli;
        sender.input("question");
        receiver.input("");
        List<String> listen = new ArrayList<>(List.of("dmsg", "cat", "-l", "4000", "-k", keyFile.toString()));
        List<String> dial = new ArrayList<>(List.of("dmsg", "cat", pk + ":4000"));
        (byTheDialler ? listen : dial).add("--wait");
        var listening = new FutureTask<>(() -> listener.run(listen.toArray(String[]::new)));
        PLATFORM.start("test/listener", listening);
        Deadline deadline = PLATFORM.clock().in(Duration.ofSeconds(20));
        while (!listener.err().contains("waiting for:  skywire dmsg cat " + pk + ":4000")) {
            deadline.check("the listener");
            Thread.onSpinWait();
        }
        assertEquals(Exit.OK, cli.run(dial.toArray(String[]::new)), cli::err);
        assertEquals(Exit.OK, listening.get(), listener::err);
        assertEquals("question", receiver.bytes());
        assertEquals("", sender.bytes());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dmsg cat KEY; which port? Write ",
                "dmsg cat KEY:0; which port? Write ",
                "dmsg cat KEY:x; a dmsg port is a number from 1 to 65535",
                "dmsg cat KEY:70000; a dmsg port is a number from 1 to 65535",
                "dmsg cat -l KEY:5; is no port",
                "dmsg cat 02ab:80; a public key has 66 hex digits, this has 4 characters",
                "dmsg curl dmsg://02ab/x; a public key has 66 hex digits, this has 4 characters",
                "dmsg curl dmsg:///x; a public key has 66 hex digits",
                "dmsg curl https://example.com/; is not a dmsg:// URL",
                "dmsg curl dmsg://KEY/x --json; --json needs a file for the body:  -o FILE",
                "dmsg probe KEYff; a public key has 66 hex digits, this has 68 characters",
                "mdisc entry 05ab; a public key has 66 hex digits, this has 4 characters",
            })
    void aWrongAddressIsAWrongUse(String line) {
        String[] parts = line.replace("KEY", key()).split("; ");
        assertEquals(Exit.USAGE, cli.run(parts[0].split(" ")));
        assertTrue(cli.err().contains(parts[1]), cli.err());
        assertEquals(2, cli.err().lines().count(), cli.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"dmsg curl dmsg://KEY/x", "dmsg cat KEY:1", "dmsg probe KEY", "mdisc entry KEY"})
    void anUnknownDestinationIsNotFound(String line) {
        String nobody = SecretKey.generate(PLATFORM.random()).publicKey().hex();
        assertEquals(Exit.FAILED, cli.run(line.replace("KEY", nobody).split(" ")));
        assertTrue(cli.err().startsWith("error: the discovery knows no " + nobody), cli.err());
    }

    @Test
    void aDeadDiscoveryIsToldWithItsAddress() throws IOException {
        HostPort dead;
        try (Listener listener = PLATFORM.network().listen(ANY)) {
            dead = listener.local();
        }
        for (String line :
                new String[] {"dmsg curl dmsg://KEY/x", "dmsg cat -l 5", "dmsg probe KEY", "mdisc servers"}) {
            String[] args = (line.replace("KEY", key()) + " --discovery http://" + dead).split(" ");
            assertEquals(Exit.UNREACHABLE, cli.run(args), cli::err);
            assertEquals(
                    "error: the dmsg discovery http://" + dead + " does not answer: Connection refused\n"
                            + "       is it running there? Another one:  --discovery URL\n",
                    cli.err());
        }
    }

    @Test
    void withoutADiscoveryItSaysHowToNameOne() {
        cli.environment.remove("SKYWIRE_DISCOVERY");
        assertEquals(Exit.FAILED, cli.run("mdisc", "servers"));
        assertTrue(cli.err().startsWith("error: which dmsg discovery?"), cli.err());
        assertTrue(cli.err().contains("--discovery http://HOST:PORT"), cli.err());
        assertEquals(Exit.FAILED, cli.run("mdisc", "servers", "--discovery", "ftp://x"));
        assertTrue(cli.err().contains("\"ftp://x\" is not an http:// or dmsg:// URL"), cli.err());
        assertEquals(Exit.FAILED, cli.run("mdisc", "servers", "--discovery", "dmsg://" + key()));
        assertTrue(cli.err().contains("over http only"), cli.err());
    }
}
