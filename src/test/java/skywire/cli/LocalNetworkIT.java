package skywire.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skywire.control.ControlServer;
import skywire.control.Progress;
import skywire.http.HttpUrl;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.local.LocalControl;
import skywire.local.LocalNetwork;
import skywire.local.LocalSettings;
import skywire.platform.HostPort;
import skywire.platform.Platform;

/** A local network in this process, used by the commands as a person would. */
class LocalNetworkIT {
    private static final int SIZE = 6_000_000;
    private static final HostPort ANY = new HostPort("127.0.0.1", 0);

    @TempDir
    static Path folder;

    private static final byte[] CONTENT = new byte[SIZE];
    private static final CountDownLatch HALF_SENT = new CountDownLatch(1);
    private static final CountDownLatch GO_ON = new CountDownLatch(1);

    private static HttpServer web;
    private static LocalNetwork network;
    private static ControlServer control;

    @BeforeAll
    static void start() throws IOException {
        new Random(1).nextBytes(CONTENT);
        web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        web.createContext("/file", exchange -> {
            exchange.sendResponseHeaders(200, SIZE);
            try (OutputStream body = exchange.getResponseBody()) {
                body.write(CONTENT);
            }
        });
        web.createContext("/halted", exchange -> {
            exchange.sendResponseHeaders(200, SIZE);
            try (OutputStream body = exchange.getResponseBody()) {
                body.write(CONTENT, 0, SIZE / 2);
                body.flush();
                HALF_SENT.countDown();
                GO_ON.await();
                body.write(CONTENT, SIZE / 2, SIZE / 2);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        web.start();
        control = ControlServer.start(Platform.system(), folder.resolve("control.sock"));
        var settings = new LocalSettings(
                6, 3, 0, ANY, Optional.of(ANY), name -> SecretKey.fromSeed(("it " + name).getBytes()));
        network = LocalNetwork.start(Platform.system(), settings, Progress.NONE);
        LocalControl.register(Platform.system(), network, control, () -> {});
        control.stage("");
    }

    @AfterAll
    static void stop() {
        GO_ON.countDown();
        network.close();
        control.close();
        web.stop(0);
    }

    private final Cli cli = new Cli(folder);

    private int run(String... command) {
        cli.environment.put("SKYWIRE_CONTROL", folder.resolve("control.sock").toString());
        return cli.run(command);
    }

    private JsonObject json(String... command) {
        List<String> words = new ArrayList<>(List.of(command));
        words.add("--json");
        assertEquals(0, run(words.toArray(String[]::new)), cli.err());
        return JsonParser.parseString(cli.out()).getAsJsonObject();
    }

    private String url(String page) {
        return "http://127.0.0.1:" + web.getAddress().getPort() + page;
    }

    private int fetch(String page, Path to) {
        return run("local", "--dir", folder.toString(), "--fetch", url(page), "-o", to.toString());
    }

    @Test
    void whatTheNodeTellsOfItself() {
        String exit = network.mesh().exitKey().hex();
        assertEquals(
                network.first().key().hex(),
                json("visor", "info").get("local_pk").getAsString());
        assertEquals("GREEN", json("visor", "health").get("status").getAsString());
        assertEquals(6, json("visor", "ls").getAsJsonArray("visors").size());
        assertTrue(json("visor", "state").has("group_list"));
        assertFalse(json("tp", "ls").getAsJsonArray("transports").isEmpty());
        assertFalse(json("route", "ls").getAsJsonArray("rules").isEmpty());
        assertFalse(json("rg", "ls").getAsJsonArray("groups").isEmpty());
        assertEquals(
                exit,
                json("proxy", "list")
                        .getAsJsonArray("servers")
                        .get(0)
                        .getAsJsonObject()
                        .get("pk")
                        .getAsString());
        for (String how : List.of("calc", "find")) {
            var routes = json("route", how, exit, "--min-hops", "3", "--max-hops", "3")
                    .getAsJsonArray("routes");
            assertFalse(routes.isEmpty(), how);
            routes.forEach(route -> assertEquals(
                    3, route.getAsJsonObject().getAsJsonArray("hops").size()));
        }
    }

    @Test
    void nothingSecretIsTold() throws IOException {
        run("visor", "state", "--json");
        for (int i = 0; i < network.mesh().size(); i++) {
            assertFalse(cli.out()
                    .contains(network.settings().keys().of("visor-" + i).hex()));
        }
    }

    @Test
    void downloadsThroughTheRoute() throws IOException {
        Path to = folder.resolve("file");
        assertEquals(0, fetch("/file", to), cli.err());
        assertArrayEquals(CONTENT, Files.readAllBytes(to));
        assertTrue(cli.out().contains("sha-256"), cli.out());
    }

    @Test
    void downloadsToTheOutput() {
        assertEquals(0, run("local", "--dir", folder.toString(), "--fetch", url("/file"), "-o", "-"), cli.err());
        assertEquals(SIZE, cli.byteCount());
        assertEquals("", cli.out());
        assertTrue(cli.err().contains("sha-256"), cli.err());
    }

    @Test
    void aKilledRelayIsNamedAndLeftOutFromThenOn() throws Exception {
        Path to = folder.resolve("halted");
        var download = new FutureTask<>(() -> fetch("/halted", to));
        Platform.system().start("download", download);
        assertTrue(HALF_SENT.await(30, TimeUnit.SECONDS));
        List<Integer> relays = relays();
        int victim = relays.get(1);
        String dead = network.mesh().key(victim).brief();

        assertEquals(0, cliOfAnother().run("visor", "kill", String.valueOf(victim)));
        assertEquals(Exit.FAILED, download.get(10, TimeUnit.SECONDS));
        assertFalse(cli.err().contains("shutting down"), "it has said goodbye: " + cli.err());
        assertTrue(isListed(network.mesh().key(victim)), "it has taken its entry back");
        assertTrue(cli.err().contains("the route broke at hop 2 of 3, " + dead), cli.err());
        assertFalse(Files.exists(to), "half a file was left");

        assertEquals(0, fetch("/file", to), cli.err());
        assertArrayEquals(CONTENT, Files.readAllBytes(to));
        assertFalse(cli.out().contains(dead), cli.out());

        assertEquals(0, run("visor", "start", String.valueOf(victim)), cli.err());
        assertTrue(
                network.mesh().visor(victim).orElseThrow().transports().list().size() >= 3);
    }

    private Cli cliOfAnother() {
        var another = new Cli(folder);
        another.environment.put(
                "SKYWIRE_CONTROL", folder.resolve("control.sock").toString());
        return another;
    }

    private static boolean isListed(PublicKey visor) throws IOException {
        Platform platform = Platform.system();
        return Discovery.at(platform, HttpUrl.parse("http://" + network.discovery()))
                .entry(visor, platform.clock().in(Duration.ofSeconds(10)))
                .isPresent();
    }

    /** The relays of the proxy's route, in order. */
    private static List<Integer> relays() throws IOException {
        return network.path().orElseThrow().hops().stream()
                .limit(2)
                .map(hop -> network.mesh().number(hop.to()).orElseThrow())
                .toList();
    }

    @Test
    void whatCannotBeFetchedIsSaidInOneLine() throws IOException {
        Path to = folder.resolve("nothing");
        assertEquals(Exit.FAILED, fetch("/missing", to));
        assertEquals("error: " + url("/missing") + ": the server answered 404\n", cli.err());
        assertEquals(
                Exit.UNREACHABLE,
                run("local", "--dir", folder.toString(), "--fetch", "http://127.0.0.1:1/x", "-o", to.toString()));
        assertEquals(1, cli.err().lines().count(), cli.err());
        assertTrue(cli.err().contains("the exit could not reach it"), cli.err());
        assertEquals(Exit.FAILED, run("local", "--dir", folder.toString(), "--fetch", "ftp://x/y"));
        assertTrue(cli.err().contains("not a URL to fetch"), cli.err());
        assertFalse(Files.exists(to));
    }

    @Test
    void transportsComeAndGo() {
        String exit = network.mesh().exitKey().hex();
        String id = json("tp", "add", exit, "--type", "dmsg").get("id").getAsString();
        assertEquals(0, run("tp", "rm", id.substring(0, 13)), cli.err());
        assertEquals(Exit.FAILED, run("tp", "rm", id.substring(0, 13)));
        assertTrue(cli.err().contains("no transport's id begins with"), cli.err());
        assertEquals(Exit.FAILED, run("tp", "add", exit, "--type", "sudph"));
        assertTrue(cli.err().contains("only dmsg, stcp"), cli.err());
    }

    @Test
    void aSecondProxyWithItsOwnRoute() {
        String exit = network.mesh().exitKey().hex();
        int code = run("proxy", "start", exit, "--addr", "127.0.0.1:0", "--hops", "2", "--name", "second");
        assertEquals(0, code, cli.err());
        assertTrue(cli.err().contains("setting up route"), cli.err());
        assertTrue(cli.out().contains("proxy is up: SOCKS5 127.0.0.1:"), cli.out());
        assertEquals(Exit.FAILED, run("proxy", "start", exit, "--addr", "127.0.0.1:0", "--name", "second"));
        assertTrue(cli.err().contains("runs already"), cli.err());
        assertEquals(0, run("proxy", "stop", "second"), cli.err());
        assertEquals(Exit.FAILED, run("proxy", "stop", "second"));
        assertEquals(
                Exit.FAILED, run("proxy", "start", exit, "--addr", "127.0.0.1:0", "--hops", "1", "--name", "third"));
        assertTrue(cli.err().contains("no route"), cli.err());
    }

    @Test
    void whoIsNotThereIsToldInWords() {
        String nobody = SecretKey.fromSeed("nobody".getBytes()).publicKey().hex();
        assertEquals(Exit.FAILED, run("route", "find", nobody));
        assertTrue(cli.err().startsWith("error: the route finder knows no route to " + nobody.substring(0, 8)));
        assertEquals(Exit.FAILED, run("route", "calc", nobody));
        assertTrue(cli.err().startsWith("error: no route to " + nobody.substring(0, 8)), cli.err());
        assertEquals(Exit.FAILED, run("tp", "add", nobody));
        assertTrue(cli.err().contains("error: the dmsg discovery does not know " + nobody.substring(0, 8)), cli.err());
        assertTrue(cli.err().contains("skywire mdisc entry " + nobody), cli.err());
        assertEquals(Exit.FAILED, run("tp", "add", nobody, "-t", "stcp"));
        assertTrue(cli.err().contains("error: no TCP address of " + nobody.substring(0, 8)), cli.err());
    }

    @Test
    void theProxyThatRunsIsToldOf() {
        assertEquals(Exit.FAILED, run("proxy", "start", network.mesh().exitKey().hex()));
        assertTrue(cli.err().contains("stop it:  skywire proxy stop skysocks-client"), cli.err());
        json("rg", "ls")
                .getAsJsonArray("groups")
                .forEach(group -> assertTrue(group.getAsJsonObject().has("rtt_ms"), cli.out()));
    }

    @Test
    void whatDoesNotFitTheNetworkThatRunsIsTold() {
        String to = folder.resolve("nothing").toString();
        String where = folder.toString();
        assertEquals(
                Exit.FAILED, run("local", "--dir", where, "--fetch", url("/file"), "-o", to, "--hops", "9"), cli::err);
        assertTrue(cli.err().contains("the network that runs has a route of 3 hops, not 9"), cli.err());
        String secure = "https://" + network.discovery() + "/health"; // it speaks plain HTTP
        assertEquals(Exit.FAILED, run("local", "--dir", where, "--fetch", secure, "-o", to));
        assertTrue(cli.err().contains("https needs a server that speaks TLS"), cli.err());
    }

    @Test
    void aSecondNetworkInTheSameFolderIsToldHowToReachTheFirst() {
        assertEquals(Exit.FAILED, run("local", "--dir", folder.toString(), "--port", "0"));
        assertTrue(cli.err().contains("error: a network runs in " + folder + " already\n"), cli.err());
        String there = " --control '" + folder.resolve("control.sock") + "')";
        assertTrue(cli.err().contains("skywire visor halt" + there), cli.err());
    }

    @Test
    void theFirstVisorCannotBeKilled() {
        assertEquals(Exit.FAILED, run("visor", "kill", "0"));
        assertTrue(cli.err().contains("visor 0 is yours"), cli.err());
        assertEquals(Exit.FAILED, run("visor", "kill", "17"));
        assertTrue(cli.err().contains("there is no visor 17"), cli.err());
    }
}
