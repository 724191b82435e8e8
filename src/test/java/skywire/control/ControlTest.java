package skywire.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import skywire.config.ConfigException;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Link;
import skywire.platform.Platform;
import skywire.testkit.Await;

class ControlTest {
    private static final Platform PLATFORM = Platform.system();

    @TempDir
    Path folder;

    private Path socket;
    private ControlServer server;

    @BeforeEach
    void start() throws IOException {
        socket = folder.resolve("state/control.sock");
        server = ControlServer.start(PLATFORM, socket);
        server.method("echo", call -> new JsonPrimitive(call.string("text")));
        server.method("bug", call -> {
            throw new IllegalStateException("secret detail");
        });
        server.method("no", call -> {
            throw new ControlException(Failure.Kind.NOT_FOUND, "no such leg", "list them:  skywire rg ls");
        });
        server.method("slow", call -> {
            call.progress("one", "a");
            call.progress("two", "b\nc");
            return new JsonArray();
        });
    }

    @AfterEach
    void stop() {
        server.close();
        assertFalse(Files.exists(socket));
    }

    private static Deadline soon() {
        return PLATFORM.clock().in(Duration.ofSeconds(5));
    }

    private JsonElement call(String method, JsonObject params, Progress progress) throws IOException {
        return new ControlClient(PLATFORM, socket).call(method, params, progress, soon());
    }

    private JsonElement call(String method) throws IOException {
        return call(method, new JsonObject(), Progress.NONE);
    }

    /** Sends raw bytes and reads one line; nothing if the server closed. */
    private Optional<String> raw(String text) throws IOException {
        try (Link link = PLATFORM.network().dial(socket, soon())) {
            link.write(text.getBytes(StandardCharsets.UTF_8), soon());
            return new Lines(link, 1 << 20).read(soon());
        }
    }

    @Test
    void answersAndReportsProgress() throws IOException {
        var params = new JsonObject();
        params.addProperty("text", "grüße");
        assertEquals("grüße", call("echo", params, Progress.NONE).getAsString());
        List<String> heard = new ArrayList<>();
        assertTrue(call("slow", new JsonObject(), (stage, text) -> heard.add(stage + "=" + text))
                .isJsonArray());
        assertEquals(List.of("one=a", "two=b\nc"), heard);
    }

    @Test
    void onlyTheOwnerCanReachTheSocket() throws IOException {
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.getParent())));
    }

    @Test
    void carriesKindAndHintOfAFailure() {
        ControlException e = assertThrows(ControlException.class, () -> call("no"));
        assertEquals(Failure.Kind.NOT_FOUND, e.kind());
        assertEquals("no such leg", e.getMessage());
        assertEquals("list them:  skywire rg ls", e.hint().orElseThrow());
    }

    @Test
    void saysWhatIsWrongWithParameters() {
        ControlException e = assertThrows(ControlException.class, () -> call("echo"));
        assertEquals(Wire.BAD_PARAMETERS, e.code());
        assertEquals("\"text\" is missing", e.getMessage());
    }

    @Test
    void aBugIsAnErrorWithoutDetailsAndTheConnectionLives() {
        ControlException e = assertThrows(ControlException.class, () -> call("bug"));
        assertEquals(Wire.BUG, e.code());
        assertFalse(e.getMessage().contains("secret"));
    }

    @Test
    void answersWhileTheProgramStarts() {
        server.stage("waiting for a dmsg session");
        ControlException early = assertThrows(ControlException.class, () -> call("tp.list"));
        assertEquals(Wire.NOT_READY, early.code());
        assertEquals("not ready for tp.list yet: the program is waiting for a dmsg session", early.getMessage());
        server.stage("");
        assertEquals(
                Wire.NO_SUCH_METHOD,
                assertThrows(ControlException.class, () -> call("tp.list")).code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "POST / HTTP/1.1\n", "[]\n", "\n", " {}\n"})
    void closesOnAnythingThatIsNoRequest(String text) throws IOException {
        assertEquals(Optional.empty(), raw(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\n",
                "{}\n",
                "{\"jsonrpc\":\"1.0\",\"method\":\"echo\",\"id\":1}\n",
                "{\"jsonrpc\":\"2.0\",\"method\":7,\"id\":1}\n",
                "{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"params\":[1],\"id\":1}\n",
                "{'a':1}\n",
                "{\"a\":1}{\n"
            })
    void answersBrokenRequestsWithAnError(String text) throws IOException {
        assertTrue(raw(text).orElseThrow().contains("\"error\""));
    }

    @Test
    void boundsDepthAndLength() throws IOException {
        assertTrue(raw("{\"a\":" + "[".repeat(100_000) + "\n").orElseThrow().contains("-32700"));
        assertThrows(IOException.class, () -> {
            if (raw("{" + " ".repeat(ControlServer.LONGEST_LINE + 10)).isEmpty()) {
                throw new IOException("closed");
            }
        });
        assertThrows(ControlException.class, () -> call("echo"));
    }

    @Test
    void notificationsGetNoAnswer() throws IOException {
        String silent = "{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"params\":{\"text\":\"x\"}}\n";
        String asked = "{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"params\":{\"text\":\"y\"},\"id\":\"k\"}\n";
        assertEquals(
                "{\"jsonrpc\":\"2.0\",\"id\":\"k\",\"result\":\"y\"}",
                raw(silent + asked).orElseThrow());
    }

    @Test
    void closesConnectionsAboveTheLimit() throws IOException {
        List<Link> links = new ArrayList<>();
        try {
            for (int i = 0; i < ControlServer.MOST_LINKS; i++) {
                Link link = PLATFORM.network().dial(socket, soon());
                links.add(link);
                var lines = new Lines(link, 1 << 16);
                lines.write("{}", soon());
                lines.read(soon());
            }
            try (Link tooMany = PLATFORM.network().dial(socket, soon())) {
                assertEquals(Optional.empty(), new Lines(tooMany, 1 << 16).read(soon()));
            }
        } finally {
            links.forEach(Link::close);
        }
    }

    @Test
    void aSecondServerOnTheSameSocketIsRefused() throws IOException {
        ControlException e = assertThrows(ControlException.class, () -> ControlServer.start(PLATFORM, socket));
        assertEquals(Failure.Kind.REFUSED, e.kind());
        assertEquals("a program runs in " + socket.getParent() + " already (this process)", e.getMessage());
        assertTrue(e.hint().orElseThrow().contains("skywire visor halt --control '" + socket + "'"));
        assertEquals("y", call("echo", text("y"), Progress.NONE).getAsString(), "the first one is not disturbed");
    }

    private static JsonObject text(String text) {
        var params = new JsonObject();
        params.addProperty("text", text);
        return params;
    }

    @Test
    void aSocketThatIsRemovedLetsNobodyElseIn() throws Exception {
        Files.delete(socket);
        assertThrows(ControlException.class, () -> ControlServer.start(PLATFORM, socket));
        Await.until("the socket is there again", () -> answers("a"));
    }

    @Test
    void aFolderThatIsRemovedComesBack() throws Exception {
        try (Stream<Path> all = Files.list(socket.getParent())) {
            for (Path file : all.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(socket.getParent());
        Await.until("the socket is there again", () -> answers("a"));
        assertThrows(ControlException.class, () -> ControlServer.start(PLATFORM, socket));
    }

    private boolean answers(String text) {
        try {
            return call("echo", text(text), Progress.NONE).getAsString().equals(text);
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void whatAKilledProgramLeavesIsInNobodysWay() throws IOException {
        Path left = folder.resolve("left/control.sock");
        Files.createDirectory(left.getParent());
        Files.writeString(left.resolveSibling("control.sock.lock"), "1\n");
        Files.createFile(left);
        ControlServer.start(PLATFORM, left).close();
        ControlServer.start(PLATFORM, left).close();
    }

    @Test
    void refusesASocketPathTheSystemHasNoRoomFor() {
        Path deep = folder.resolve("x".repeat(120)).resolve("control.sock");
        assertThrows(ConfigException.class, () -> ControlServer.start(PLATFORM, deep));
    }

    @Test
    void anAbsentProgramIsUnreachable() {
        var client = new ControlClient(PLATFORM, folder.resolve("none.sock"));
        Failure e = assertThrows(Failure.class, () -> client.call("x", new JsonObject(), Progress.NONE, soon()));
        assertEquals(Failure.Kind.UNREACHABLE, e.kind());
    }

    @Test
    void looksWhereTheEnvironmentSays() {
        assertEquals(List.of(Path.of("/x/y")), ControlPath.candidates(Map.of("SKYWIRE_CONTROL", "/x/y")));
        assertEquals(
                Path.of("/home/u/.local/state/skywire/control.sock"),
                ControlPath.candidates(Map.of("HOME", "/home/u")).get(1));
        assertEquals(
                Path.of("/s/skywire-local/control.sock"),
                ControlPath.candidates(Map.of("XDG_STATE_HOME", "/s", "HOME", "/h"))
                        .get(2));
    }
}
