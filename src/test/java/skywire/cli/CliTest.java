package skywire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import skywire.control.ControlException;
import skywire.control.ControlServer;
import skywire.platform.Failure;
import skywire.platform.Platform;

class CliTest {
    private static final String A = "02" + "a1".repeat(32);
    private static final String B = "03" + "b2".repeat(32);
    private static final String C = "03" + "b3".repeat(32);

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private ControlServer server;

    @BeforeEach
    void start() throws IOException {
        server = ControlServer.start(Platform.system(), folder.resolve("c.sock"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private int run(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        var console = new Console(
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                false,
                100,
                Map.of("SKYWIRE_CONTROL", folder.resolve("c.sock").toString(), "HOME", folder.toString()));
        return Main.run(console, args);
    }

    private void answer(String method, String json) {
        server.method(method, call -> JsonParser.parseString(json));
    }

    @Test
    void showsTransportsAsATable() {
        answer("tp.list", """
                {"transports":[{"id":"7f3a91c0-1111-2222-3333-444444444444","type":"stcp","remote_pk":"%s","up":true,
                "rtt_ms":0.4,"sent_bytes":1234567,"recv_bytes":12,"age_seconds":11520,"label":"user","persistent":true}]}
                """.formatted(A));
        assertEquals(Exit.OK, run("tp", "ls"));
        assertEquals("""
                id        type  to           rtt    sent  received       age  state  label
                7f3a91c0  stcp  02a1a1a1  0.4 ms  1.2 MB      12 B  3 h 12 m  up     user ★
                """, out.toString());
        assertEquals(Exit.OK, run("tp", "ls", "--full"));
        assertTrue(out.toString().contains("7f3a91c0-1111-2222-3333-444444444444"));
    }

    @Test
    void printsJsonWithItsSchema() {
        answer("tp.list", "{\"transports\":[]}");
        assertEquals(Exit.OK, run("tp", "ls", "--json"));
        JsonObject json = JsonParser.parseString(out.toString()).getAsJsonObject();
        assertEquals("skywire.tp.list/1", json.get("schema").getAsString());
        assertTrue(json.get("transports").isJsonArray());
    }

    @Test
    void acceptsAKeyByItsUniqueBeginning() {
        answer(
                "tp.list",
                "{\"transports\":[{\"remote_pk\":\"" + A + "\"},{\"remote_pk\":\"" + B + "\"},{\"remote_pk\":\"" + C
                        + "\"}]}");
        server.stage("");
        server.method("tp.add", call -> {
            var result = new JsonObject();
            result.addProperty("remote_pk", call.string("pk"));
            result.addProperty("id", "abc");
            result.addProperty("type", call.string("type"));
            return result;
        });
        assertEquals(Exit.OK, run("tp", "add", "02A1", "-t", "stcp", "--full"));
        assertEquals("transport abc is up: stcp → " + A + "\n", out.toString());
        assertEquals(Exit.FAILED, run("tp", "add", "03"));
        assertTrue(err.toString().startsWith("error: 2 known keys begin with 03: 03b2b2b2b2b2…, 03b3b3b3b3b3…"));
        assertEquals(Exit.FAILED, run("tp", "add", "0277"));
        assertTrue(err.toString().startsWith("error: no known key begins with 0277"));
    }

    @Test
    void showsStagesAndTheVerdictOfAProxyStart() {
        server.method("proxy.start", call -> {
            call.progress("finding routes", "2 candidates");
            return JsonParser.parseString("{\"pk\":\"" + A + "\",\"socks\":\"127.0.0.1:1080\",\"hops\":[{\"from\":\""
                    + B + "\",\"to\":\"" + A + "\",\"type\":\"stcp\",\"rtt_ms\":0.5}]}");
        });
        assertEquals(Exit.OK, run("proxy", "start", "--pk", A));
        assertEquals("finding routes      2 candidates\n", err.toString());
        assertEquals("""
                proxy is up: SOCKS5 127.0.0.1:1080 → 02a1a1a1
                  03b2b2b2
                   └─ stcp  0.5 ms ─ 02a1a1a1
                try it:  curl --socks5-hostname 127.0.0.1:1080 https://example.com
                """, out.toString());
    }

    @Test
    void tellsAFailureInOneLineWithAdvice() {
        server.method("tp.rm", call -> {
            throw new ControlException(Failure.Kind.NOT_FOUND, "no transport 7f", "list them:  skywire tp ls");
        });
        assertEquals(Exit.FAILED, run("tp", "rm", "7f"));
        assertEquals("error: no transport 7f\n       list them:  skywire tp ls\n", err.toString());
        assertEquals("", out.toString());
    }

    @Test
    void mapsKindsToExitCodes() {
        server.method("visor.info", call -> {
            throw Failure.timeout("asking");
        });
        assertEquals(Exit.TIMEOUT, run("visor", "info"));
        assertEquals(
                Exit.UNREACHABLE,
                run("visor", "info", "--control", folder.resolve("none").toString()));
        assertTrue(err.toString().startsWith("error: no node answers at "));
        assertTrue(err.toString().contains("skywire local"));
        assertEquals(Exit.UNREACHABLE, run("tp", "ls"), "still starting");
        assertTrue(err.toString().contains("not ready for tp.list yet: the program is starting"));
    }

    @Test
    void redHealthIsAFailure() {
        answer(
                "visor.health",
                "{\"status\":\"RED\",\"summary\":\"no dmsg\",\"checks\":[{\"name\":\"dmsg\",\"status\":\"fail\","
                        + "\"text\":\"no session\",\"hint\":\"wait\"}]}");
        assertEquals(Exit.FAILED, run("visor", "health"));
        assertEquals("RED  no dmsg\n ✗ dmsg        no session\n               wait\n", out.toString());
    }

    @Test
    void doesNotPrintControlCharactersOfOthers() {
        answer("proxy.list", "{\"servers\":[{\"pk\":\"" + A + "\",\"label\":\"x\\u001b[2Jy\"}]}");
        assertEquals(Exit.OK, run("proxy", "list"));
        assertFalse(out.toString().contains("\u001b"));
    }

    @ParameterizedTest
    @CsvSource({"nosuch", "tp nosuch", "tp ls --nosuch", "tp rm", "tp ls --timeout soon", "proxy start"})
    void wrongUsageIsOneLineAndExitCode2(String line) {
        assertEquals(Exit.USAGE, run(line.split(" ")));
        assertTrue(err.toString().startsWith("error: "), err.toString());
        assertEquals(2, err.toString().lines().count());
    }

    @ParameterizedTest
    @EnumSource(Commands.class)
    void everyCommandHasHelp(Commands command) {
        if (command != Commands.REHEARSE) {
            assertEquals(Exit.OK, run(command.title(), "--help"));
            assertTrue(out.toString().startsWith("Usage: skywire " + command.title()), out.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "--version"})
    void theRootHasHelpAndVersion(String option) {
        assertEquals(Exit.OK, run(option));
        assertTrue(out.toString().toLowerCase(java.util.Locale.ROOT).contains("skywire"));
        assertFalse(out.toString().contains("rehearse"));
    }

    @Test
    void makesKeysOnce() throws IOException {
        String file = folder.resolve("k/node.key").toString();
        assertEquals(Exit.FAILED, run("keys", "gen", "-o", file));
        assertEquals(
                "error: " + file + ": there is no folder " + folder.resolve("k") + "\n       make it:  mkdir -p '"
                        + folder.resolve("k") + "'\n",
                err.toString());
        Files.createDirectory(folder.resolve("k"));
        assertEquals(Exit.OK, run("keys", "gen", "-o", file, "--json"));
        String pk = JsonParser.parseString(out.toString())
                .getAsJsonObject()
                .get("pk")
                .getAsString();
        assertFalse(out.toString().contains(Files.readString(Path.of(file)).strip()));
        assertEquals(Exit.OK, run("keys", "show", file));
        assertTrue(out.toString().contains(pk));
        assertEquals(Exit.FAILED, run("keys", "gen", "-o", file));
        assertTrue(err.toString().contains("exists already"));
    }

    @Test
    void aProgramOfAnotherKindIsTold() {
        server.stage("");
        assertEquals(Exit.FAILED, run("visor", "ls"));
        assertEquals("""
                error: what answers is a single program, not a local network of several visors
                       start one:  skywire local   or say where it is:  --control SOCKET
                """, err.toString());
        assertEquals(Exit.FAILED, run("tp", "ls"));
        assertTrue(err.toString().startsWith("error: the program that answers is none for:  skywire tp ls\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"02zz", "hello"})
    void whatIsNoKeyIsTold(String key) {
        assertEquals(Exit.FAILED, run("proxy", "start", key));
        assertTrue(err.toString().startsWith("error: \"" + key + "\" is no public key\n"), err.toString());
    }

    @Test
    void aUrlWithABlankIsTold() {
        assertEquals(Exit.USAGE, run("local", "--fetch", "http://127.0.0.1/a b"));
        assertTrue(err.toString().contains("it has a blank, which is written %20"), err.toString());
        assertFalse(err.toString().contains("java."), err.toString());
    }

    @Test
    void rehearses() {
        assertEquals(Exit.OK, run("rehearse"));
    }

    @ParameterizedTest
    @CsvSource({"0,0 B", "999,999 B", "1000,1.0 kB", "1234567,1.2 MB", "38200000,38 MB", "999999,1.0 MB"})
    void writesBytes(double n, String text) {
        assertEquals(text, Units.bytes(n));
    }

    @ParameterizedTest
    @CsvSource({"41,41 s", "185,3 m 5 s", "11520,3 h 12 m", "187200,2 d 4 h"})
    void writesAges(double n, String text) {
        assertEquals(text, Units.age(n));
    }
}
