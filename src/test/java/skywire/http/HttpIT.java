package skywire.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Listener;
import skywire.platform.Platform;

/** Client and server over loopback. */
class HttpIT {
    private static final Platform PLATFORM = Platform.system();
    private static final HttpLimits LIMITS =
            new HttpLimits(1000, 20, 10, Duration.ofMillis(300), Duration.ofSeconds(2), Duration.ofMillis(600));

    private HttpServer server;
    private HostPort address;

    @BeforeEach
    void start() throws IOException {
        Listener listener = PLATFORM.network().listen(new HostPort("127.0.0.1", 0));
        address = listener.local();
        var routes = new Routes()
                .add(
                        "GET",
                        "/hello",
                        r -> HttpResponse.json(
                                200, "{\"to\":\"" + r.parameter("to").orElse("?") + "\"}"))
                .add("POST", "/echo", r -> new HttpResponse(201, Headers.NONE, r.body()))
                .add("GET", "/large", r -> new HttpResponse(200, Headers.NONE, new byte[100_000]))
                .add("GET", "/bug", r -> {
                    throw new IllegalStateException("on purpose");
                })
                .addTail("GET", "/id:", (r, tail) -> HttpResponse.of(200, "text/plain", tail));
        server = HttpServer.start(PLATFORM, "http-test", LIMITS, routes).on(listener);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpClient client(String path) {
        return new HttpClient(PLATFORM, Dialer.tcp(PLATFORM.network()), HttpUrl.parse("http://" + address + path));
    }

    private HttpResponse send(HttpRequest request) throws IOException {
        return client("").send(request, 1_000_000, soon());
    }

    private static Deadline soon() {
        return PLATFORM.clock().in(Duration.ofSeconds(10));
    }

    /** What the server answers to these bytes, until it closes. */
    private String raw(String... parts) throws IOException {
        try (Link link = PLATFORM.network().dial(address, soon())) {
            for (String part : parts) {
                link.write(part.getBytes(StandardCharsets.ISO_8859_1), soon());
            }
            var answer = new StringBuilder();
            byte[] chunk = new byte[4096];
            for (int n; (n = link.read(chunk, 0, chunk.length, soon())) > 0; ) {
                answer.append(new String(chunk, 0, n, StandardCharsets.ISO_8859_1));
            }
            return answer.toString();
        }
    }

    @Test
    void requestAndAnswer() throws IOException {
        HttpResponse hello = send(HttpRequest.get("/hello?x=1&to=a%2Bb+c"));
        assertEquals("{\"to\":\"a+b c\"}", hello.text());
        assertEquals("application/json", hello.headers().first("content-type").orElseThrow());
        byte[] body = {0, 1, (byte) 200};
        HttpResponse echo = send(new HttpRequest("POST", "/echo", Headers.NONE, body, "", skywire.key.PublicKey.NULL));
        assertEquals(201, echo.status());
        assertArrayEquals(body, echo.body());
        assertEquals("7:8", send(HttpRequest.get("/id%3A7:8")).text());
        assertEquals(100_000, send(HttpRequest.get("/large")).body().length);
        HttpResponse head = send(HttpRequest.of("HEAD", "/large"));
        assertEquals("100000", head.headers().first("Content-Length").orElseThrow());
        assertEquals(0, head.body().length);
    }

    @Test
    void pathOfTheUrlIsPutInFront() throws IOException {
        assertEquals(
                404,
                client("/base/").send(HttpRequest.get("/hello"), 1000, soon()).status());
        assertEquals(404, send(HttpRequest.get("/nothing")).status());
        assertEquals(405, send(HttpRequest.of("DELETE", "/hello")).status());
        assertEquals(404, send(HttpRequest.get("/id:a/b")).status());
        assertEquals(500, send(HttpRequest.get("/bug")).status());
    }

    @Test
    void oneConnectionCarriesSeveralRequests() throws IOException {
        String get = "GET /hello?to=%d HTTP/1.1\r\nHost: x\r\n%s\r\n";
        String answer = raw(get.formatted(1, ""), get.formatted(2, ""), get.formatted(3, "Connection: close\r\n"));
        assertEquals(4, answer.split("HTTP/1.1 200 ").length);
        assertTrue(answer.contains("{\"to\":\"3\"}"));
        assertTrue(answer.contains("Date: "));
    }

    @Test
    void chunkedAndExpectedBodiesArrive() throws IOException {
        String post = "POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
        assertTrue(raw(post + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n")
                .endsWith("\r\n\r\nabc"));
        String expected = raw(post + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n", "hi");
        assertTrue(expected.startsWith("HTTP/1.1 100 ") && expected.endsWith("\r\n\r\nhi"), expected);
    }

    @Test
    void limitsAreKept() throws IOException {
        assertEquals(
                201, send(HttpRequest.json("POST", "/echo", "x".repeat(1000))).status());
        assertEquals(
                413, send(HttpRequest.json("POST", "/echo", "x".repeat(1001))).status());
        String post = "POST /echo HTTP/1.1\r\nHost: x\r\n";
        String chunk = "1f5\r\n" + "x".repeat(501) + "\r\n";
        assertStatus(413, post + "Transfer-Encoding: chunked\r\n\r\n" + chunk + chunk + chunk);
        assertStatus(413, post + "Content-Length: 99999999999\r\n\r\n");
        assertStatus(400, post + "Content-Length: -1\r\n\r\n");
        assertStatus(400, post + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab");
        assertStatus(400, post + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        assertStatus(400, "NONSENSE\r\n\r\n");
        assertStatus(431, "GET /hello HTTP/1.1\r\nX: " + "y".repeat(HttpLimits.LINE) + "\r\n\r\n");
        assertStatus(431, "GET /hello HTTP/1.1\r\n" + "X: y\r\n".repeat(HttpLimits.FIELDS + 1) + "\r\n");
    }

    private void assertStatus(int status, String request) throws IOException {
        String answer = raw(request);
        assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
    }

    @Test
    void slowAndIdleClientsAreCutOff() throws IOException {
        assertEquals("", raw("GET /hello HTTP/1.1\r\nHo"));
        assertEquals("", raw());
    }

    @Test
    void answersBeyondTheLimitAreRefused() {
        Failure failure = assertThrows(Failure.class, () -> client("").send(HttpRequest.get("/large"), 99_999, soon()));
        assertEquals(Failure.Kind.LIMIT, failure.kind());
    }

    @Test
    void hostileServersAreRefusedInTime() throws IOException {
        assertEquals(
                Failure.Kind.MALFORMED,
                against("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx"));
        assertEquals(Failure.Kind.MALFORMED, against("nonsense\r\n".repeat(2000)));
        assertEquals(Failure.Kind.MALFORMED, against("HTTP/1.1 100 Continue\r\n\r\n".repeat(50)));
        assertEquals(Failure.Kind.LIMIT, against("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(5000)));
        assertEquals(Failure.Kind.TIMEOUT, against("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx"));
        assertEquals(Failure.Kind.MALFORMED, against("HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(5000) + "\r\n"));
    }

    private static Failure.Kind against(String answer) throws IOException {
        try (Listener listener = PLATFORM.network().listen(new HostPort("127.0.0.1", 0))) {
            PLATFORM.start("hostile", () -> {
                try {
                    Link link = listener.accept();
                    link.read(new byte[1000], 0, 1000, soon());
                    link.write(answer.getBytes(StandardCharsets.ISO_8859_1), soon());
                    link.read(new byte[1000], 0, 1000, soon());
                } catch (IOException e) {
                    // the client went away, as it should
                }
            });
            var client = new HttpClient(
                    PLATFORM,
                    Dialer.tcp(PLATFORM.network()),
                    HttpUrl.parse(listener.local().toString()));
            Deadline limit = PLATFORM.clock().in(Duration.ofMillis(500));
            return assertThrows(Failure.class, () -> client.send(HttpRequest.get("/"), 1000, limit))
                    .kind();
        }
    }

    @Test
    void tooManyConnectionsOfOnePeerAreClosed() throws IOException {
        Link[] links = new Link[LIMITS.connectionsPerPeer()];
        for (int i = 0; i < links.length; i++) {
            links[i] = PLATFORM.network().dial(address, soon());
            links[i].write("GET /hello HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1), soon());
            assertTrue(links[i].read(new byte[10], 0, 10, soon()) > 0);
        }
        assertEquals("", raw());
        assertTrue(server.connections() >= LIMITS.connectionsPerPeer());
        for (Link link : links) {
            link.close();
        }
    }

    /** Connections that only sit there keep nobody out. */
    @Test
    @SuppressWarnings("try") // a server is closed, not referenced
    void theLongestSilentOneMakesRoom() throws IOException {
        var roomy = new HttpLimits(1000, 3, 10, Duration.ofSeconds(20), Duration.ofSeconds(5), Duration.ofSeconds(20));
        Listener listener = PLATFORM.network().listen(new HostPort("127.0.0.1", 0));
        var client = new HttpClient(
                PLATFORM,
                Dialer.tcp(PLATFORM.network()),
                HttpUrl.parse(listener.local().toString()));
        byte[] begin = "GET /hello HTTP/1.1\r\n".getBytes(StandardCharsets.ISO_8859_1);
        try (HttpServer small = HttpServer.start(PLATFORM, "small", roomy, r -> HttpResponse.json(200, "{}"))
                .on(listener)) {
            try (Link silent = PLATFORM.network().dial(listener.local(), soon());
                    Link later = PLATFORM.network().dial(listener.local(), soon());
                    Link busy = PLATFORM.network().dial(listener.local(), soon())) {
                busy.write(begin, soon());
                assertEquals(200, client.send(HttpRequest.get("/"), 100, soon()).status());
                assertEquals(-1, silent.read(new byte[1], 0, 1, soon()));
                later.write(begin, soon());
                busy.write(new byte[] {'\r', '\n'}, soon());
                byte[] answer = new byte[12];
                busy.readFully(answer, 0, answer.length, soon());
                assertEquals("HTTP/1.1 200", new String(answer, StandardCharsets.ISO_8859_1));
            }
        }
    }
}
