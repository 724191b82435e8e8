package skywire.app.socks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import skywire.control.Progress;
import skywire.key.PublicKey;
import skywire.link.KeyedLink;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Listener;
import skywire.platform.Platform;
import skywire.platform.Scope;
import skywire.yamux.Side;
import skywire.yamux.YamuxConfig;
import skywire.yamux.YamuxSession;

class SocksTest {
    private static final Platform PLATFORM = Platform.system();
    private static final TargetFilter LOCAL = new TargetFilter(List.of(AddressRange.parse("127.0.0.0/8")), List.of());
    private static final TargetFilter PUBLIC = new TargetFilter(List.of(), List.of());
    private static final HostPort ANY = new HostPort("127.0.0.1", 0);

    private final Scope scope = new Scope(PLATFORM, "test");
    private final AtomicReference<KeyedLink> lastDialled = new AtomicReference<>();
    private Overlay overlay;
    private Listener echo;

    @BeforeEach
    void start() throws IOException {
        overlay = new Overlay(PLATFORM);
        echo = scope.own(PLATFORM.network().listen(ANY));
        scope.fork("echo", () -> {
            while (true) {
                Link link = scope.own(echo.accept());
                scope.forkChild("echo", () -> {
                    byte[] b = new byte[4096];
                    for (int n; (n = link.read(b, 0, b.length, soon())) >= 0; ) {
                        link.write(b, 0, n, soon());
                    }
                    link.finishWriting(soon());
                });
            }
        });
    }

    @AfterEach
    void stop() {
        scope.close();
    }

    private static Deadline soon() {
        return PLATFORM.clock().in(Duration.ofSeconds(10));
    }

    private SocksServer server(Optional<String> passcode, List<PublicKey> clients, TargetFilter filter)
            throws IOException {
        boolean open = passcode.isEmpty() && clients.isEmpty();
        return scope.own(SocksServer.start(PLATFORM, overlay, new SocksServerConfig(passcode, clients, open, filter)));
    }

    private SocksClient client(Optional<String> passcode) throws IOException {
        var config = new SocksClientConfig("c", Overlay.SERVER, ANY, Optional.of(ANY), passcode);
        return scope.own(SocksClient.start(
                PLATFORM,
                config,
                (progress, deadline) -> {
                    KeyedLink link = overlay.dial();
                    lastDialled.set(link);
                    return link;
                },
                Progress.NONE,
                soon()));
    }

    private Link dial(HostPort at) throws IOException {
        return scope.own(PLATFORM.network().dial(at, soon()));
    }

    private static byte[] read(Link link, int n) throws IOException {
        byte[] b = new byte[n];
        link.readFully(b, 0, n, soon());
        return b;
    }

    private static String readAll(Link link) throws IOException {
        var all = new ByteArrayOutputStream();
        byte[] b = new byte[4096];
        for (int n; (n = link.read(b, 0, b.length, soon())) >= 0; ) {
            all.write(b, 0, n);
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    private int connect(Link link, HostPort target) throws IOException {
        link.write(Socks.greeting(Socks.NO_AUTHENTICATION), soon());
        assertArrayEquals(Socks.choice(Socks.NO_AUTHENTICATION), read(link, 2));
        link.write(Socks.connect(target), soon());
        return Socks.readReply(link, soon());
    }

    private void assertEchoes(Link link) throws IOException {
        link.write("hello".getBytes(StandardCharsets.UTF_8), soon());
        link.finishWriting(soon());
        assertEquals("hello", readAll(link));
    }

    @Test
    void carriesAConnectionByAddressAndByName() throws IOException {
        try (SocksServer server = server(Optional.empty(), List.of(), LOCAL)) {
            SocksClient client = client(Optional.empty());
            for (String host : List.of("127.0.0.1", "localhost")) {
                try (Link program = dial(client.status().socks())) {
                    assertEquals(
                            Socks.SUCCEEDED,
                            connect(program, new HostPort(host, echo.local().port())));
                    assertEchoes(program);
                }
            }
            assertEquals(2, server.status().served());
            assertEquals(SocksClient.State.RUNNING, client.status().state());
            assertTrue(client.status().received() > 20);
        }
    }

    @Test
    void refusesTargetsThatAreNotPublic() throws IOException {
        SocksServer server = server(Optional.empty(), List.of(), PUBLIC);
        SocksClient client = client(Optional.empty());
        for (String host : List.of("127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254", "2130706433", "::1")) {
            try (Link program = dial(client.status().socks())) {
                assertEquals(Socks.NOT_ALLOWED, connect(program, new HostPort(host, 80)), host);
                assertEquals(-1, program.read(new byte[1], 0, 1, soon()));
            }
        }
        assertEquals(6, server.status().refused());
        assertEquals(0, server.status().served());
    }

    @Test
    void saysWhyAConnectionFailed() throws IOException {
        server(Optional.empty(), List.of(), LOCAL);
        SocksClient client = client(Optional.empty());
        HostPort nobody;
        try (Listener taken = PLATFORM.network().listen(ANY)) {
            nobody = taken.local();
        }
        assertEquals(Socks.REFUSED, connect(dial(client.status().socks()), nobody));
        HostPort unknown = new HostPort("no-such-host.invalid", 80);
        assertEquals(Socks.HOST_UNREACHABLE, connect(dial(client.status().socks()), unknown));
    }

    @Test
    void asksForThePasscodeInEitherPlace() throws IOException {
        server(Optional.of("123456"), List.of(), LOCAL);
        SocksClient client = client(Optional.of("123456"));
        assertEquals(Socks.SUCCEEDED, connect(dial(client.status().socks()), echo.local()), "the client says it");
        try (YamuxSession session =
                YamuxSession.open(PLATFORM, "t", overlay.dial(), Side.CLIENT, YamuxConfig.CLIENT.plain(false))) {
            for (String said : List.of("\u0001\u0006" + "123456\u0001x", "\u0001\u0001x\u0006" + "123456")) {
                Link stream = session.open(soon());
                stream.write(Socks.greeting(Socks.PASSWORD), soon());
                assertArrayEquals(Socks.choice(Socks.PASSWORD), read(stream, 2));
                stream.write(said.getBytes(StandardCharsets.UTF_8), soon());
                assertArrayEquals(Socks.verdict(true), read(stream, 2));
                stream.close();
            }
            Link wrong = session.open(soon());
            wrong.write(Socks.greeting(Socks.PASSWORD), soon());
            read(wrong, 2);
            wrong.write("\1\1x\1y".getBytes(StandardCharsets.UTF_8), soon());
            assertArrayEquals(Socks.verdict(false), read(wrong, 2));
            assertEquals(-1, wrong.read(new byte[1], 0, 1, soon()));
        }
    }

    @Test
    void startTellsWhatIsWrongWithThePasscodeOrKey() throws IOException {
        server(Optional.of("123456"), List.of(), LOCAL);
        assertEquals(
                "the exit wants a passcode",
                assertThrows(Failure.class, () -> client(Optional.empty())).getMessage());
        assertEquals(
                "the exit refused the passcode",
                assertThrows(Failure.class, () -> client(Optional.of("x"))).getMessage());
    }

    @Test
    void aKeyThatIsNotListedIsClosedBeforeAnyByte() throws IOException {
        SocksServer server = server(Optional.empty(), List.of(Overlay.SERVER), LOCAL);
        assertThrows(IOException.class, () -> client(Optional.empty()));
        assertEquals(1, server.status().refused());
        assertEquals(0, server.status().sessions());
    }

    @Test
    void letsTheProgramSayThePasscodeItself() throws IOException {
        server(Optional.of("123456"), List.of(), LOCAL);
        SocksClient client = client(Optional.of("123456"));
        assertEquals(Socks.SUCCEEDED, connect(dial(client.status().socks()), echo.local()));
    }

    @Test
    void servesHttpConnect() throws IOException {
        server(Optional.empty(), List.of(), LOCAL);
        Link program = dial(client(Optional.empty()).status().http().orElseThrow());
        String request = "CONNECT 127.0.0.1:" + echo.local().port() + " HTTP/1.1\r\nHost: x\r\n\r\nearly ";
        program.write(request.getBytes(StandardCharsets.UTF_8), soon());
        String ok = "HTTP/1.1 200 Connection established\r\n\r\n";
        assertEquals(ok, new String(read(program, ok.length()), StandardCharsets.UTF_8));
        program.write("hello".getBytes(StandardCharsets.UTF_8), soon());
        program.finishWriting(soon());
        assertEquals("early hello", readAll(program));
    }

    @Test
    void forwardsPlainHttpInOriginForm() throws IOException {
        server(Optional.empty(), List.of(), LOCAL);
        Link program = dial(client(Optional.empty()).status().http().orElseThrow());
        program.write(
                ("GET http://127.0.0.1:" + echo.local().port() + "/a?b=[c] HTTP/1.1\r\nHost: h\r\n"
                                + "Proxy-Connection: keep-alive\r\nConnection: keep-alive\r\nX: y\r\n\r\n")
                        .getBytes(StandardCharsets.UTF_8),
                soon());
        program.finishWriting(soon());
        assertEquals("GET /a?b=[c] HTTP/1.1\r\nHost: h\r\nX: y\r\nConnection: close\r\n\r\n", readAll(program));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "CONNECT x HTTP/1.1\r\n\r\n",
                "CONNECT :80 HTTP/1.1\r\n\r\n",
                "hello\r\n\r\n",
                "GET ftp://x/ HTTP/1.1\r\n\r\n",
                "GET http:/// HTTP/1.1\r\n\r\n",
                "CONNECT a b:1 HTTP/1.1\r\n\r\n",
                "GET https://x/ HTTP/1.1\r\n\r\n"
            })
    void answersBadHttpWith400(String request) throws IOException {
        server(Optional.empty(), List.of(), LOCAL);
        Link program = dial(client(Optional.empty()).status().http().orElseThrow());
        program.write(request.getBytes(StandardCharsets.UTF_8), soon());
        assertTrue(readAll(program).startsWith("HTTP/1.1 400 "));
    }

    @Test
    void boundsTheHeadOfAnHttpRequest() throws IOException {
        server(Optional.empty(), List.of(), LOCAL);
        Link program = dial(client(Optional.empty()).status().http().orElseThrow());
        program.write(("GET http://x/ HTTP/1.1\r\nA: " + "b".repeat(40_000)).getBytes(StandardCharsets.UTF_8), soon());
        assertTrue(readAll(program).startsWith("HTTP/1.1 431 "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\4\1\0\120\177\0\0\1\0",
                "GET / HTTP/1.1\r\n\r\n",
                "\5\0",
                "\5\1\2",
                "\5\1\0\4",
                "\5\1\0\5\1\0\7",
                "\5\1\0\5\2\0\1\177\0\0\1\0\120",
                "\5\1\0\5\1\0\3\0\0\120",
                "\5\1\0\5\1\0\3\1\n\0\120"
            })
    void survivesBadSocks(String bytes) throws IOException {
        server(Optional.empty(), List.of(), LOCAL);
        SocksClient client = client(Optional.empty());
        Link program = dial(client.status().socks());
        program.write(bytes.getBytes(StandardCharsets.ISO_8859_1), soon());
        program.finishWriting(soon());
        try {
            readAll(program);
        } catch (Failure e) {
            assertEquals(Failure.Kind.CLOSED_THERE, e.kind());
        }
        assertEquals(Socks.SUCCEEDED, connect(dial(client.status().socks()), echo.local()), "others are served");
    }

    @Test
    void cutAtEveryByteAConversationLeavesNothingBehind() throws IOException {
        SocksServer server = server(Optional.empty(), List.of(), LOCAL);
        byte[] whole = new byte[] {
            5,
            1,
            0,
            5,
            1,
            0,
            1,
            127,
            0,
            0,
            1,
            (byte) (echo.local().port() >> 8),
            (byte) echo.local().port()
        };
        try (YamuxSession session =
                YamuxSession.open(PLATFORM, "t", overlay.dial(), Side.CLIENT, YamuxConfig.CLIENT.plain(false))) {
            for (int n = 0; n < whole.length; n++) {
                try (Link stream = session.open(soon())) {
                    stream.write(whole, 0, n, soon());
                    stream.finishWriting(soon());
                    readAll(stream);
                } catch (EOFException | Failure e) {
                    assertFalse(session.isClosed(), "an abrupt end is fine, too");
                }
            }
            Deadline limit = soon();
            while (server.status().streams() > 0) {
                limit.check("conversations to end");
                Thread.yield();
            }
        }
        assertEquals(0, server.status().served());
    }

    @Test
    void dialsAgainWhenTheLinkEnds() throws IOException {
        server(Optional.empty(), List.of(), LOCAL);
        SocksClient client = client(Optional.empty());
        KeyedLink first = lastDialled.get();
        first.close();
        assertEquals(Socks.SUCCEEDED, connect(dial(client.status().socks()), echo.local()));
        assertFalse(lastDialled.get() == first);
    }

    @Test
    void keepsSayingWhatBrokeWhileDiallingAgainFails() throws IOException {
        SocksServer server = server(Optional.empty(), List.of(), LOCAL);
        SocksClient client = client(Optional.empty());
        server.close();
        Deadline limit = soon();
        while (!client.status().error().orElse("").matches(".*closed by peer.*; dialling again: .*")) {
            limit.check("both causes, not just " + client.status().error());
            PLATFORM.clock().sleep(Duration.ofMillis(5));
        }
    }

    @Test
    void startFailsWithoutTracesWhenTheExitDoesNot() throws IOException {
        overlay.close();
        List<String> stages = new ArrayList<>();
        HostPort at;
        try (Listener free = PLATFORM.network().listen(ANY)) {
            at = free.local();
        }
        var config = new SocksClientConfig("c", Overlay.SERVER, at, Optional.empty(), Optional.empty());
        ExitDialer dialer = (progress, deadline) -> {
            progress.stage("finding routes", "none");
            throw new Failure(Failure.Kind.NOT_FOUND, "no route to " + Overlay.SERVER.brief());
        };
        Failure e = assertThrows(
                Failure.class,
                () -> SocksClient.start(
                        PLATFORM, config, dialer, (stage, text) -> stages.add(stage + ": " + text), soon()));
        assertEquals("no route to " + Overlay.SERVER.brief(), e.getMessage());
        assertEquals(List.of("finding routes: none"), stages);
        PLATFORM.network().listen(at).close();
    }

    @Test
    void startFailsBeforeDiallingWhenThePortIsTaken() throws IOException {
        var config = new SocksClientConfig("c", Overlay.SERVER, echo.local(), Optional.empty(), Optional.empty());
        Failure e = assertThrows(
                Failure.class,
                () -> SocksClient.start(
                        PLATFORM,
                        config,
                        (p, d) -> {
                            throw new IllegalStateException("must not dial");
                        },
                        Progress.NONE,
                        soon()));
        assertEquals(Failure.Kind.REFUSED, e.kind());
    }

    @Test
    void refusesAddressesThatOthersCanReach() {
        for (String at : List.of("0.0.0.0:1080", "192.168.0.1:1080", "[::]:1080")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new SocksClientConfig(
                            "c", Overlay.SERVER, HostPort.parse(at), Optional.empty(), Optional.empty()));
        }
    }

    @Test
    void doesNotServeTheWorldByMistakeNorPrintThePasscode() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new SocksServerConfig(Optional.empty(), List.of(), false, PUBLIC));
        assertThrows(
                IllegalArgumentException.class,
                () -> new SocksServerConfig(Optional.of("x".repeat(256)), List.of(), false, PUBLIC));
        var config = new SocksServerConfig(Optional.of("hunter2"), List.of(), false, PUBLIC);
        assertFalse(config.toString().contains("hunter2"));
    }

    @Test
    void limitsSessionsOfOneKey() throws IOException {
        SocksServer server = server(Optional.empty(), List.of(), LOCAL);
        List<SocksClient> clients = new ArrayList<>();
        for (int i = 0; i < SocksServer.MOST_PER_KEY; i++) {
            clients.add(client(Optional.empty()));
        }
        assertThrows(IOException.class, () -> client(Optional.empty()));
        clients.getFirst().close();
        Deadline limit = soon();
        while (server.status().sessions() >= SocksServer.MOST_PER_KEY) {
            limit.check("a session to end");
            Thread.yield();
        }
        client(Optional.empty());
    }
}
