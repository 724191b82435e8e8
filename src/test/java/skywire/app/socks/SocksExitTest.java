package skywire.app.socks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import skywire.control.Progress;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Listener;
import skywire.platform.Network;
import skywire.platform.Platform;
import skywire.platform.Scope;
import skywire.yamux.Side;
import skywire.yamux.YamuxConfig;
import skywire.yamux.YamuxSession;

/** What an exit reaches, when names mean what a stranger wants them to mean, and what it says when it does not. */
class SocksExitTest {
    private static final Platform REAL = Platform.system();
    private static final HostPort ANY = new HostPort("127.0.0.1", 0);

    private final Scope scope = new Scope(REAL, "test");
    private final Internet internet = new Internet();
    private Overlay overlay;

    /** The real platform, but names and addresses mean what a test says, and nothing is really dialled. */
    private static final class Internet implements Platform, Network {
        final ConcurrentHashMap<String, Deque<List<String>>> answers = new ConcurrentHashMap<>();
        final ConcurrentHashMap<String, Failure.Kind> failing = new ConcurrentHashMap<>();
        final List<HostPort> dialled = new CopyOnWriteArrayList<>();
        volatile List<InetAddress> own = List.of();
        volatile boolean forOthers;

        void answer(String name, String... addresses) {
            answers.computeIfAbsent(name, n -> new ArrayDeque<>()).add(List.of(addresses));
        }

        @Override
        public Link dial(HostPort to, Deadline deadline) throws IOException {
            dialled.add(to);
            throw new Failure(failing.getOrDefault(to.host(), Failure.Kind.REFUSED), "dial " + to);
        }

        @Override
        public List<InetAddress> resolve(String host, Deadline deadline) throws IOException {
            Deque<List<String>> of = answers.get(host);
            if (of == null) {
                return REAL.network().resolve(host, deadline);
            }
            List<String> next = of.size() > 1 ? of.remove() : of.peek();
            List<InetAddress> addresses = new ArrayList<>();
            for (String address : next) {
                addresses.add(InetAddress.ofLiteral(address));
            }
            return addresses;
        }

        @Override
        public Network forOthers() {
            forOthers = true;
            return this;
        }

        @Override
        public List<InetAddress> ownAddresses() {
            return own;
        }

        @Override
        public Listener listen(HostPort at) throws IOException {
            return REAL.network().listen(at);
        }

        @Override
        public Link dial(Path socket, Deadline deadline) throws IOException {
            return REAL.network().dial(socket, deadline);
        }

        @Override
        public Listener listen(Path socket) throws IOException {
            return REAL.network().listen(socket);
        }

        @Override
        public Clock clock() {
            return REAL.clock();
        }

        @Override
        public Network network() {
            return this;
        }

        @Override
        public SecureRandom random() {
            return REAL.random();
        }

        @Override
        public Thread start(String name, Runnable body) {
            return REAL.start(name, body);
        }
    }

    @BeforeEach
    void start() throws IOException {
        overlay = new Overlay(REAL);
    }

    @AfterEach
    void stop() {
        scope.close();
    }

    private static Deadline soon() {
        return REAL.clock().in(Duration.ofSeconds(10));
    }

    private SocksServer server(Optional<String> passcode) throws IOException {
        var config = new SocksServerConfig(passcode, List.of(), passcode.isEmpty(), new TargetFilter(List.of()));
        return scope.own(SocksServer.start(internet, overlay, config));
    }

    private YamuxSession session() throws IOException {
        return YamuxSession.open(REAL, "t", overlay.dial(), Side.CLIENT, YamuxConfig.CLIENT.plain(false));
    }

    private int ask(YamuxSession session, String host) throws IOException {
        try (Link stream = session.open(soon())) {
            stream.write(Socks.greeting(Socks.NO_AUTHENTICATION), soon());
            assertEquals(Socks.NO_AUTHENTICATION, Socks.readChoice(stream, soon()));
            stream.write(Socks.connect(new HostPort(host, 80)), soon());
            return Socks.readReply(stream, soon());
        }
    }

    private List<String> dialled() {
        return internet.dialled.stream().map(HostPort::host).toList();
    }

    @Test
    void aNameThatMeansAnotherAddressTheNextTimeGainsNothing() throws IOException {
        server(Optional.empty());
        internet.answer("rebind.example", "93.184.216.34");
        internet.answer("rebind.example", "127.0.0.1");
        try (YamuxSession session = session()) {
            assertEquals(Socks.REFUSED, ask(session, "rebind.example"));
            assertEquals(List.of("93.184.216.34"), dialled(), "the address that was checked is the one dialled");
            assertEquals(Socks.NOT_ALLOWED, ask(session, "rebind.example"));
            assertEquals(1, internet.dialled.size());
        }
    }

    @Test
    void ofSeveralAddressesOnlyThoseThatArePublicAreTried() throws IOException {
        server(Optional.empty());
        internet.answer("mixed.example", "10.0.0.1", "93.184.216.34", "169.254.169.254", "::1");
        internet.answer("inside.example", "192.168.1.1", "fd00::1", "::ffff:10.0.0.1");
        try (YamuxSession session = session()) {
            assertEquals(Socks.REFUSED, ask(session, "mixed.example"));
            assertEquals(List.of("93.184.216.34"), dialled());
            assertEquals(Socks.NOT_ALLOWED, ask(session, "inside.example"));
            assertEquals(1, internet.dialled.size());
        }
    }

    @Test
    void strangeSpellingsOfLoopbackReachNothingOfThisMachine() throws IOException {
        server(Optional.empty());
        try (YamuxSession session = session()) {
            for (String host : List.of("2130706433", "127.1", "::ffff:127.0.0.1", "::ffff:7f00:1", "0", "0.0.0.0")) {
                assertEquals(Socks.NOT_ALLOWED, ask(session, host), host);
            }
            ask(session, "0177.0.0.1"); // octal to some, decimal to others
            for (HostPort at : internet.dialled) {
                assertTrue(new TargetFilter(List.of()).permits(InetAddress.ofLiteral(at.host()), 80), at.host());
            }
        }
    }

    @Test
    void theMachinesOwnPublicAddressesAreRefused() throws IOException {
        internet.own = List.of(InetAddress.ofLiteral("93.184.216.34"));
        server(Optional.empty());
        try (YamuxSession session = session()) {
            assertEquals(Socks.NOT_ALLOWED, ask(session, "93.184.216.34"));
            assertEquals(Socks.REFUSED, ask(session, "93.184.216.35"));
        }
    }

    @Test
    void guessingPasscodesEndsTheSession() throws IOException {
        SocksServer server = server(Optional.of("secret"));
        try (YamuxSession session = session()) {
            for (int i = 0; i < SocksServer.MOST_WRONG; i++) {
                Link stream = session.open(soon());
                stream.write(Socks.greeting(Socks.PASSWORD), soon());
                stream.write(Socks.credentials("guess " + i), soon());
                try {
                    Socks.readChoice(stream, soon());
                    assertTrue(!Socks.readVerdict(stream, soon()));
                } catch (IOException e) {
                    assertEquals(SocksServer.MOST_WRONG - 1, i, "only the last may end it");
                }
            }
            Deadline limit = soon();
            while (server.status().sessions() > 0) {
                limit.check("the session to end");
                REAL.clock().sleep(Duration.ofMillis(2));
            }
        }
        try (YamuxSession again = session()) {
            Link stream = again.open(soon());
            stream.write(Socks.greeting(Socks.PASSWORD), soon());
            stream.write(Socks.credentials("secret"), soon());
            Socks.readChoice(stream, soon());
            assertTrue(Socks.readVerdict(stream, soon()));
        }
    }

    @Test
    void streamsThatComeTooFastAreRefused() throws IOException {
        SocksServer server = server(Optional.empty());
        try (YamuxSession session = session()) {
            for (int i = 0; i < 7 * SocksServer.STREAMS_PER_SECOND; i++) {
                session.open(soon()).close();
            }
            Deadline limit = soon();
            while (server.status().refused() == 0) {
                limit.check("a refusal");
                REAL.clock().sleep(Duration.ofMillis(2));
            }
        }
    }

    @Test
    void streamsOfOneKeyAreLimitedWhateverItsSessions() throws IOException {
        SocksServer server = server(Optional.empty());
        assertTrue(internet.forOthers, "an exit leaves descriptors and look-ups to the node");
        List<YamuxSession> sessions = List.of(session(), session(), session());
        for (YamuxSession session : sessions) {
            for (int i = 0; i < 400; i++) { // within what one session may open at once
                session.open(soon());
            }
        }
        Deadline limit = soon();
        while (server.status().refused() < 1200 - SocksServer.MOST_STREAMS_PER_KEY) {
            limit.check("refusals, not just " + server.status());
            REAL.clock().sleep(Duration.ofMillis(2));
        }
        assertEquals(SocksServer.MOST_STREAMS_PER_KEY, server.status().streams());
        sessions.forEach(YamuxSession::close);
        while (server.status().streams() > 0) {
            limit.check("conversations to end");
            REAL.clock().sleep(Duration.ofMillis(2));
        }
    }

    /** What a program hears, by SOCKS and by HTTP, of a target that cannot be had. */
    @ParameterizedTest
    @CsvSource({
        "REFUSED, 5, 502 Bad Gateway, the target refused the connection",
        "TIMEOUT, 6, 502 Bad Gateway, the target did not answer in time",
        "UNREACHABLE, 4, 502 Bad Gateway, the exit cannot find or reach the target",
        "LIMIT, 1, 502 Bad Gateway, the exit failed to connect (code 1)",
        "NOT_FOUND, 4, 502 Bad Gateway, the exit cannot find or reach the target",
        "CLOSED_THERE, 1, 502 Bad Gateway, the exit failed to connect (code 1)"
    })
    void theProgramHearsWhy(Failure.Kind kind, int code, String status, String text) throws IOException {
        server(Optional.empty());
        internet.failing.put("93.184.216.34", kind);
        SocksClient.Status at = client().status();
        try (Link program = REAL.network().dial(at.socks(), soon())) {
            program.write(Socks.greeting(Socks.NO_AUTHENTICATION), soon());
            assertArrayEquals(Socks.choice(Socks.NO_AUTHENTICATION), bytes(program, 2));
            program.write(Socks.connect(new HostPort("93.184.216.34", 80)), soon());
            assertEquals(code, Socks.readReply(program, soon()));
        }
        for (String request : List.of("CONNECT 93.184.216.34:80", "GET http://93.184.216.34/x")) {
            String answer = http(at, request);
            assertTrue(answer.startsWith("HTTP/1.1 " + status + "\r\n"), answer);
            assertTrue(answer.endsWith("\r\n\r\n93.184.216.34:80: " + text + "\n"), answer);
        }
    }

    @Test
    void theProgramHearsThatATargetIsNotAllowed() throws IOException {
        server(Optional.empty());
        String answer = http(client().status(), "CONNECT 10.0.0.1:80");
        assertTrue(answer.startsWith("HTTP/1.1 403 Forbidden\r\n"), answer);
        assertTrue(answer.endsWith("10.0.0.1:80: the exit does not allow this target\n"), answer);
    }

    private SocksClient client() throws IOException {
        var config = new SocksClientConfig("c", Overlay.SERVER, ANY, Optional.of(ANY), Optional.empty());
        return scope.own(
                SocksClient.start(REAL, config, (progress, deadline) -> overlay.dial(), Progress.NONE, soon()));
    }

    private static String http(SocksClient.Status at, String request) throws IOException {
        try (Link program = REAL.network().dial(at.http().orElseThrow(), soon())) {
            program.write((request + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.UTF_8), soon());
            var all = new ByteArrayOutputStream();
            byte[] b = new byte[4096];
            for (int n; (n = program.read(b, 0, b.length, soon())) >= 0; ) {
                all.write(b, 0, n);
            }
            return all.toString(StandardCharsets.UTF_8);
        }
    }

    private static byte[] bytes(Link link, int n) throws IOException {
        byte[] b = new byte[n];
        link.readFully(b, 0, n, soon());
        return b;
    }

    @Test
    void aLookUpThatTakesTooLongIsLeftBehind() {
        Failure late = assertThrows(
                Failure.class,
                () -> REAL.network().resolve("some-name.invalid", REAL.clock().in(Duration.ofNanos(1))));
        assertEquals(Failure.Kind.TIMEOUT, late.kind());
    }
}
