package skywire.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skywire.control.ControlServer;
import skywire.control.Progress;
import skywire.key.SecretKey;
import skywire.local.LocalControl;
import skywire.local.LocalNetwork;
import skywire.local.LocalSettings;
import skywire.platform.HostPort;
import skywire.platform.Platform;
import skywire.testkit.Await;
import skywire.testkit.CliProcess;

/** A local network whose route has several legs, used as a person would. */
@Timeout(180)
class LegsIT {
    private static final int SIZE = 8_000_000;
    private static final HostPort ANY = new HostPort("127.0.0.1", 0);
    private static final byte[] CONTENT = new byte[SIZE];

    static {
        new Random(4).nextBytes(CONTENT);
    }

    @TempDir
    Path folder;

    private final CountDownLatch halfSent = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private HttpServer web;
    private Cli cli;

    @BeforeEach
    void start() throws IOException {
        cli = new Cli(folder);
        cli.environment.put("SKYWIRE_CONTROL", folder.resolve("control.sock").toString());
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
                halfSent.countDown();
                goOn.await();
                body.write(CONTENT, SIZE / 2, SIZE / 2);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        web.start();
    }

    @AfterEach
    void stop() {
        goOn.countDown();
        web.stop(0);
    }

    private String url(String page) {
        return "http://127.0.0.1:" + web.getAddress().getPort() + page;
    }

    @Test
    void aWholeProcessDownloadsOverThreeLegs() throws Exception {
        Path to = folder.resolve("copy");
        String line = "local --dir " + folder.resolve("net") + " --visors 8 --hops 2 --mux 3 --port 0"
                + " --socks 127.0.0.1:0 --http 127.0.0.1:0 --fetch " + url("/file") + " --json -o " + to;
        try (CliProcess local = CliProcess.start(folder, line.split(" "))) {
            assertEquals(0, local.exitCode(), local.err());
            assertArrayEquals(CONTENT, Files.readAllBytes(to));
            JsonObject result = JsonParser.parseString(local.out()).getAsJsonObject();
            JsonObject count = result.getAsJsonObject("leg_count");
            assertEquals(3, count.get("requested").getAsInt());
            assertEquals(1, count.get("spares").getAsInt());
            JsonArray legs = result.getAsJsonArray("legs");
            assertTrue(legs.size() >= 4, legs::toString); // more for a while, where one was parked under load
            assertEquals(legs.size(), distinct(legs, "transport_id"));
            assertEquals(legs.size(), distinct(legs, "remote_pk"));
            assertTrue(sum(legs, "recv_bytes") > 0, legs::toString);
            for (JsonElement leg : legs) {
                assertEquals(2, leg.getAsJsonObject().getAsJsonArray("hops").size());
            }
        }
    }

    private static long distinct(JsonArray legs, String member) {
        return legs.asList().stream()
                .map(leg -> leg.getAsJsonObject().get(member))
                .distinct()
                .count();
    }

    private static long sum(JsonArray legs, String member) {
        return legs.asList().stream()
                .mapToLong(leg -> leg.getAsJsonObject().get(member).getAsLong())
                .sum();
    }

    private int run(String... command) {
        return cli.run(command);
    }

    private JsonObject json(String... command) {
        List<String> words = new ArrayList<>(List.of(command));
        words.add("--json");
        assertEquals(0, run(words.toArray(String[]::new)), cli.err());
        return JsonParser.parseString(cli.out()).getAsJsonObject();
    }

    private JsonObject proxy() {
        return json("proxy", "status").getAsJsonArray("proxies").get(0).getAsJsonObject();
    }

    @Test
    void aDownloadGetsOverTheLossOfItsTransports() throws Exception {
        var settings = new LocalSettings(
                8, 2, 3, 0, ANY, Optional.of(ANY), name -> SecretKey.fromSeed(("legs " + name).getBytes()));
        try (ControlServer control = ControlServer.start(Platform.system(), folder.resolve("control.sock"));
                LocalNetwork network = LocalNetwork.start(Platform.system(), settings, Progress.NONE)) {
            LocalControl.register(Platform.system(), network, control, () -> {});
            control.stage("");
            JsonArray legs = proxy().getAsJsonArray("legs");
            assertTrue(legs.size() >= 4, legs::toString);
            Path to = folder.resolve("copy");
            var another = new Cli(folder);
            var download = new FutureTask<>(() ->
                    another.run("local", "--dir", folder.toString(), "--fetch", url("/halted"), "-o", to.toString()));
            Platform.system().start("download", download);
            assertTrue(halfSent.await(30, TimeUnit.SECONDS));

            for (int i = 0; i < 2; i++) { // the primary too
                String id = legs.get(i).getAsJsonObject().get("transport_id").getAsString();
                assertEquals(0, run("tp", "rm", id), cli.err());
            }
            goOn.countDown();
            assertEquals(0, download.get(60, TimeUnit.SECONDS), another::err);
            assertArrayEquals(CONTENT, Files.readAllBytes(to));
            assertFalse(proxy().has("error"), "it was dialled again");

            // six relays, four in use: two are left to take the place of those that went
            Await.until(
                    "as many legs as were asked for",
                    () -> !proxy().getAsJsonObject("leg_count").has("reason"));
            String back = legs.get(0).getAsJsonObject().get("remote_pk").getAsString();
            assertEquals(0, run("tp", "add", back.substring(0, 8)), cli.err());
            assertEquals(0, run("proxy", "status"), cli.err());
            assertTrue(cli.out().contains("3 of 3 legs"), cli.out());
            assertEquals(0, run("rg", "ls"), cli.err());
            assertTrue(cli.out().contains("  mux  "), cli.out());
        }
    }

    @Test
    void whatCannotBeHadIsSaidWithItsReason() throws Exception {
        var settings = new LocalSettings(
                5, 2, 3, 0, ANY, Optional.of(ANY), name -> SecretKey.fromSeed(("few " + name).getBytes()));
        try (ControlServer control = ControlServer.start(Platform.system(), folder.resolve("control.sock"));
                LocalNetwork network = LocalNetwork.start(Platform.system(), settings, Progress.NONE)) {
            LocalControl.register(Platform.system(), network, control, () -> {});
            control.stage("");
            String exit = network.mesh().exitKey().hex();
            int code =
                    run("proxy", "start", exit, "--name", "wide", "--addr", "127.0.0.1:0", "--mux", "8", "--hops", "2");
            assertEquals(0, code, cli.err());
            assertTrue(cli.out().contains("3 of 8 legs, 0 of 1 standby ("), cli.out());
            assertEquals(0, run("proxy", "stop", "wide"), cli.err());
            assertEquals(
                    0, run("proxy", "start", exit, "--name", "one", "--addr", "127.0.0.1:0", "--mux", "1"), cli.err());
            assertFalse(cli.out().contains("leg"), cli.out());
        }
    }
}
