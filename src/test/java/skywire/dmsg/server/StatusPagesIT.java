package skywire.dmsg.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import skywire.directory.FixedDirectory;
import skywire.dmsg.DmsgError;
import skywire.http.HttpClient;
import skywire.http.HttpRequest;
import skywire.http.HttpResponse;
import skywire.http.HttpUrl;
import skywire.key.SecretKey;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Listener;
import skywire.testkit.Await;
import skywire.testkit.Prometheus;

/** What a server tells whoever watches over it. */
@Timeout(30)
class StatusPagesIT {
    private static final SecretKey SERVER = RawClient.key("server");
    private static final String PREFIX = "skywire_dmsg_server_";
    private static final HostPort ANY = new HostPort("127.0.0.1", 0);

    private final AtomicReference<Optional<String>> trouble = new AtomicReference<>(Optional.empty());
    private DmsgServer server;
    private StatusPages pages;

    @BeforeEach
    void start() throws IOException {
        server = DmsgServer.start(
                RawClient.PLATFORM, DmsgServerConfig.of(SERVER, ANY, "").withMaxSessions(3), new FixedDirectory());
        pages = open(ANY, List.of("watched.example"), trouble::get);
    }

    private StatusPages open(HostPort at, List<String> names, Supplier<Optional<String>> its) throws IOException {
        Listener listener = RawClient.PLATFORM.network().listen(at);
        return StatusPages.serve(RawClient.PLATFORM, server, listener, at.host(), names, its);
    }

    @AfterEach
    void stop() {
        pages.close();
        server.close();
    }

    /** Asks the pages, under the name they are believed to have. */
    private HttpResponse get(String path, String host) throws IOException {
        var url = HttpUrl.parse("http://" + (host.isEmpty() ? pages.address().toString() : host));
        var http = new HttpClient(
                RawClient.PLATFORM,
                (to, deadline) -> RawClient.PLATFORM.network().dial(pages.address(), deadline),
                url);
        return http.send(HttpRequest.get(path), 100_000, RawClient.soon());
    }

    private Map<String, Double> metrics() throws IOException {
        HttpResponse answer = get("/metrics", "");
        assertEquals(200, answer.status());
        assertEquals(
                "text/plain; version=0.0.4; charset=utf-8",
                answer.headers().first("Content-Type").orElseThrow());
        return Prometheus.parse(answer.text());
    }

    private JsonObject health() throws IOException {
        HttpResponse answer = get("/health", "");
        assertEquals(200, answer.status());
        return JsonParser.parseString(answer.text()).getAsJsonObject();
    }

    @Test
    void metricsSayWhatThereIsAndWhatWasRefused() throws Exception {
        Await.until("the entry is published", () -> server.health().published());
        try (var alice = RawClient.connect(server, RawClient.key("alice"))) {
            assertEquals(
                    DmsgError.NO_NEXT_SESSION,
                    alice.ask(alice.request(RawClient.key("nobody"), new byte[49])
                                    .sign(alice.key))
                            .refusal());
            Map<String, Double> metrics = metrics();
            assertEquals(1, metrics.get(PREFIX + "sessions"));
            assertEquals(3, metrics.get(PREFIX + "max_sessions"));
            assertEquals(1, metrics.get(PREFIX + "published"));
            assertEquals(0, metrics.get(PREFIX + "draining"));
            assertEquals(0, metrics.get(PREFIX + "peers"));
            assertEquals(1, metrics.get(PREFIX + "requests_refused_total{reason=\"no_next_session\"}"));
            assertEquals(0, metrics.get(PREFIX + "relayed_bytes_total"));
            server.drain(RawClient.soon());
            assertEquals(1, metrics().get(PREFIX + "draining"));
        }
    }

    @Test
    void healthSaysWhoItIsAndWhatIsWrong() throws Exception {
        JsonObject health = health();
        assertEquals(SERVER.publicKey().hex(), health.get("public_key").getAsString());
        assertTrue(health.getAsJsonObject("build_info").has("version"));
        assertTrue(health.get("started_at").getAsString().endsWith("Z"));
        assertEquals(3, health.get("max_sessions").getAsInt());
        assertFalse(health.get("draining").getAsBoolean());
        assertFalse(health.has("trouble"));
        trouble.set(Optional.of("somebody else has our key"));
        assertEquals("somebody else has our key", health().get("trouble").getAsString());
    }

    @Test
    void onlyForOurOwnNames() throws Exception {
        int port = pages.address().port();
        for (String host : List.of("localhost:" + port, "[::1]:" + port, "watched.example")) {
            assertEquals(200, get("/metrics", host).status(), host);
        }
        for (String host : List.of("evil.example:" + port, "watched.example:81", "localhost")) {
            assertEquals(403, get("/metrics", host).status(), host);
        }
        assertEquals(404, get("/", "").status());
        try (var all = open(new HostPort("0.0.0.0", 0), List.of(), Optional::empty)) {
            assertEquals("0.0.0.0", all.address().host());
        }
    }

    @Test
    void aTakenPortIsTold() {
        Failure e = assertThrows(Failure.class, () -> open(pages.address(), List.of(), Optional::empty));
        assertEquals(Failure.Kind.REFUSED, e.kind());
    }
}
