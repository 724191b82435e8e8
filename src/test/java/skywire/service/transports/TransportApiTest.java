package skywire.service.transports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import skywire.entry.HttpAuth;
import skywire.entry.SignedTransportEntry;
import skywire.entry.TransportEntry;
import skywire.entry.TransportId;
import skywire.http.Headers;
import skywire.http.HttpRequest;
import skywire.http.HttpResponse;
import skywire.http.Routes;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.HostPort;
import skywire.service.SignedRequests;
import skywire.service.store.Store;
import skywire.testkit.FixedTime;

/** What a visor may register and take back, and what nobody may. */
class TransportApiTest {
    private static final SecretKey ALICE = SecretKey.fromSeed("alice".getBytes(StandardCharsets.UTF_8));
    private static final SecretKey BOB = SecretKey.fromSeed("bob".getBytes(StandardCharsets.UTF_8));
    private static final SecretKey EVE = SecretKey.fromSeed("eve".getBytes(StandardCharsets.UTF_8));
    private static final Duration LIFETIME = Duration.ofMinutes(5);

    private final FixedTime time = new FixedTime(Instant.EPOCH);
    private final TransportDiscovery.Config config =
            new TransportDiscovery.Config(new HostPort("127.0.0.1", 0), List.of(EVE.publicKey()), LIFETIME, 4, 3);
    private final TransportRows rows = new TransportRows(time, Store.none(), config.capacity(), config.mostPerEdge());
    private final Routes routes =
            new TransportApi(time, config, rows, Store.none(), SignedRequests.start(time)).routes();

    private static SignedTransportEntry transport(SecretKey a, SecretKey b, String type) {
        TransportEntry entry = TransportEntry.of(a.publicKey(), b.publicKey(), type, TransportEntry.USER);
        return SignedTransportEntry.of(entry).sign(a).sign(b);
    }

    private static String json(SignedTransportEntry... entries) {
        return Stream.of(entries).map(SignedTransportEntry::json).collect(Collectors.joining(",", "[", "]"));
    }

    private long nonce(SecretKey key) throws Exception {
        String text = routes.handle(
                        HttpRequest.get("/security/nonces/" + key.publicKey().hex()))
                .text();
        return Long.parseLong(text.replaceAll(".*:([0-9]+)}\\s*", "$1"));
    }

    private HttpResponse send(SecretKey by, String method, String target, String body) throws Exception {
        return routes.handle(sign(by, nonce(by), method, target, body));
    }

    private static HttpRequest sign(SecretKey by, long nonce, String method, String target, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        HttpAuth auth = HttpAuth.sign(by, nonce, bytes);
        return new HttpRequest(method, target, Headers.NONE, bytes, "", PublicKey.NULL)
                .with(HttpAuth.KEY_HEADER, auth.key().hex())
                .with(HttpAuth.NONCE_HEADER, auth.nonceText())
                .with(HttpAuth.SIGNATURE_HEADER, auth.signature().hex());
    }

    private int register(SecretKey by, String body) throws Exception {
        return send(by, "POST", "/transports/", body).status();
    }

    @Test
    void bothEdgesMustHaveSigned() throws Exception {
        SignedTransportEntry good = transport(ALICE, BOB, "stcp");
        TransportEntry entry = good.entry();
        assertEquals(400, register(ALICE, json(SignedTransportEntry.of(entry).sign(ALICE))));
        assertEquals(400, register(BOB, json(SignedTransportEntry.of(entry))));
        var swapped = new SignedTransportEntry(entry, good.highSignature(), good.lowSignature(), 0);
        assertEquals(400, register(ALICE, json(swapped)));
        assertEquals(0, rows.size());
        assertEquals(201, register(ALICE, json(good)));
        assertEquals(1, rows.size());
    }

    @Test
    void aKnownTransportWithOtherSignaturesIsVerifiedAgain() throws Exception {
        SignedTransportEntry good = transport(ALICE, BOB, "stcp");
        assertEquals(201, register(ALICE, json(good)));
        assertEquals(201, register(BOB, json(good)));
        assertEquals(
                400, register(ALICE, json(SignedTransportEntry.of(good.entry()).sign(ALICE))));
    }

    @Test
    void everyChangedDigitIsRefused() throws Exception {
        String text = json(transport(ALICE, BOB, "stcp"));
        int signatures = text.indexOf("signatures");
        for (int i = text.indexOf("t_id") + 7; i < text.length(); i += 3) {
            char c = text.charAt(i);
            boolean inLabel = i > text.indexOf("\"label\"") && i < signatures; // what nobody signs
            if (Character.digit(c, 16) < 0 || inLabel) {
                continue;
            }
            char other = Character.forDigit(Character.digit(c, 16) ^ 1, 16);
            int status = register(ALICE, text.substring(0, i) + other + text.substring(i + 1));
            assertTrue(status == 400 || status == 403, "changed at " + i + ": " + status);
        }
        assertEquals(0, rows.size());
    }

    @Test
    void onlyAnEdgeRegistersAndTakesBack() throws Exception {
        SignedTransportEntry good = transport(ALICE, BOB, "stcp");
        String target = "/transports/id:" + good.entry().id();
        assertEquals(403, register(EVE, json(good)));
        assertEquals(201, register(BOB, json(good)));
        assertEquals(400, send(EVE, "DELETE", target, "").status());
        assertEquals(1, rows.size());
        assertEquals(200, send(ALICE, "DELETE", target, "").status());
        assertEquals(404, send(ALICE, "DELETE", target, "").status());
    }

    @Test
    void theIdMustFitTheSortedEdges() throws Exception {
        TransportEntry entry = transport(ALICE, BOB, "stcp").entry();
        UUID foreign = TransportId.of(ALICE.publicKey(), EVE.publicKey(), "stcp");
        var wrongId = new TransportEntry(foreign, entry.low(), entry.high(), "stcp", "user");
        assertEquals(
                400,
                register(
                        ALICE, json(SignedTransportEntry.of(wrongId).sign(ALICE).sign(BOB))));
        var unsorted = new TransportEntry(entry.id(), entry.high(), entry.low(), "stcp", "user");
        assertEquals(
                400,
                register(
                        ALICE,
                        json(SignedTransportEntry.of(unsorted).sign(ALICE).sign(BOB))));
    }

    @Test
    void aRequestIsAllOrNothing() throws Exception {
        SignedTransportEntry bad =
                SignedTransportEntry.of(transport(ALICE, BOB, "dmsg").entry());
        assertEquals(400, register(ALICE, json(transport(ALICE, BOB, "stcp"), bad)));
        assertEquals(0, rows.size());
    }

    @Test
    void aNumberIsGoodOnce() throws Exception {
        assertEquals(201, register(ALICE, json(transport(ALICE, BOB, "stcp"))));
        HttpRequest request =
                sign(ALICE, 0, "GET", "/transports/edge:" + ALICE.publicKey().hex(), "");
        assertEquals(200, routes.handle(request).status());
        assertEquals(401, routes.handle(request).status());
        assertEquals(1, nonce(ALICE));
    }

    @Test
    void numbersOfARestartedServiceAreNew() throws Exception {
        send(ALICE, "POST", "/transports/", json(transport(ALICE, BOB, "stcp")));
        HttpRequest seen = sign(
                ALICE,
                nonce(ALICE),
                "GET",
                "/transports/edge:" + ALICE.publicKey().hex(),
                "");
        assertEquals(200, routes.handle(seen).status());
        time.pass(Duration.ofSeconds(1));
        Routes restarted = new TransportApi(time, config, rows, Store.none(), SignedRequests.start(time)).routes();
        assertEquals(401, restarted.handle(seen).status());
    }

    @Test
    void aSignatureIsForItsBody() throws Exception {
        HttpRequest signed = sign(ALICE, 0, "POST", "/transports/", json(transport(ALICE, BOB, "stcp")));
        byte[] other = json(transport(ALICE, BOB, "dmsg")).getBytes(StandardCharsets.UTF_8);
        var forged = new HttpRequest("POST", "/transports/", signed.headers(), other, "", PublicKey.NULL);
        assertEquals(401, routes.handle(forged).status());
        assertEquals(0, rows.size());
    }

    @Test
    void whatIsNotRegisteredAgainIsForgotten() throws Exception {
        SignedTransportEntry kept = transport(ALICE, BOB, "stcp");
        register(ALICE, json(kept, transport(ALICE, BOB, "dmsg")));
        time.pass(LIFETIME.dividedBy(2));
        register(BOB, json(kept));
        time.pass(LIFETIME.dividedBy(2));
        assertEquals(List.of(kept.entry()), rows.all());
        assertEquals(List.of(kept.entry()), rows.byEdge(BOB.publicKey()));
        rows.sweep();
        assertEquals(1, rows.size());
        time.pass(LIFETIME);
        rows.sweep();
        assertEquals(0, rows.size());
        assertEquals(List.of(), rows.byEdge(BOB.publicKey()));
    }

    @Test
    void roomIsBoundedForEachVisorAndInAll() throws Exception {
        assertEquals(
                500,
                register(
                        ALICE,
                        json(
                                transport(ALICE, BOB, "a"),
                                transport(ALICE, BOB, "b"),
                                transport(ALICE, BOB, "c"),
                                transport(ALICE, BOB, "d"))));
        assertEquals(0, rows.size());
        assertEquals(
                201,
                register(
                        ALICE,
                        json(transport(ALICE, BOB, "a"), transport(ALICE, BOB, "b"), transport(ALICE, BOB, "c"))));
        assertEquals(500, register(ALICE, json(transport(ALICE, EVE, "a"))));
        SecretKey dave = SecretKey.fromSeed("dave".getBytes(StandardCharsets.UTF_8));
        assertEquals(201, register(EVE, json(transport(EVE, dave, "a"))));
        assertEquals(500, register(EVE, json(transport(EVE, dave, "b"))));
        assertEquals(201, register(ALICE, json(transport(ALICE, BOB, "a"))), "what is there may come again");
    }

    @Test
    void monitorsTakeOut() throws Exception {
        SignedTransportEntry good = transport(ALICE, BOB, "stcp");
        register(ALICE, json(good));
        String key = EVE.publicKey().hex();
        HttpRequest request = HttpRequest.json(
                        "DELETE", "/transports/deregister", "[\"" + good.entry().id() + "\"]")
                .with("NM-PK", key);
        String byAlice = ALICE.sign(key.getBytes(StandardCharsets.US_ASCII)).hex();
        assertEquals(403, routes.handle(request.with("NM-Sign", byAlice)).status());
        assertEquals(1, rows.size());
        String byEve = EVE.sign(key.getBytes(StandardCharsets.US_ASCII)).hex();
        assertEquals("null", routes.handle(request.with("NM-Sign", byEve)).text());
        assertEquals(0, rows.size());
    }

    @Test
    void newTransportsAreVerifiedAtABoundedRate() throws Exception {
        var wide = new TransportDiscovery.Config(new HostPort("127.0.0.1", 0), List.of(), LIFETIME, 9000, 9000);
        var wideRows = new TransportRows(time, Store.none(), 9000, 9000);
        Routes wideRoutes = new TransportApi(time, wide, wideRows, Store.none(), SignedRequests.start(time)).routes();
        SignedTransportEntry good = transport(ALICE, BOB, "stcp");
        String forged = json(SignedTransportEntry.of(good.entry()));
        HttpRequest request = sign(ALICE, 0, "POST", "/transports/", forged);
        int status = 400;
        for (int i = 0; i < 20_000 && status == 400; i++) {
            status = wideRoutes.handle(request).status();
        }
        assertEquals(503, status);
        time.pass(Duration.ofSeconds(1));
        assertEquals(
                201,
                wideRoutes
                        .handle(sign(ALICE, 0, "POST", "/transports/", json(good)))
                        .status());
    }
}
