package skywire.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import skywire.key.SecretKey;
import skywire.platform.HostPort;
import skywire.platform.Platform;

class ConfigTest {
    private static final SecretKey KEY = SecretKey.fromSeed(new byte[] {1, 2, 3});
    private static final SecretKey OTHER = SecretKey.fromSeed(new byte[] {4, 5, 6});

    @TempDir
    Path folder;

    private static Config parse(String text) throws ConfigException {
        return Config.parse("c.json", text);
    }

    private static String message(Executable e) {
        return assertThrows(ConfigException.class, e).getMessage();
    }

    @Test
    void readsEveryKindOfMemberAndItsDefault() throws Exception {
        Config c = parse("""
                { // a comment with a "quote
                  "name": "a // no comment /* neither */",
                  "n": 7, "on": true, /* several
                  lines */ "wait": "1m30s", "at": ":8080",
                  "pk": "%s", "keys": ["%s", "%s"], "nothing": null,
                  "inner": { "table": { "%s": "127.0.0.1:7" } },
                  "list": [ {"a": "x"}, {"a": "y"} ]
                }
                """.formatted(KEY.publicKey(), KEY.publicKey(), KEY.publicKey(), KEY.publicKey()));
        assertEquals("a // no comment /* neither */", c.string("name"));
        assertEquals(7, c.integer("n", 1, 0, 9));
        assertEquals(1, c.integer("m", 1, 0, 9));
        assertTrue(c.flag("on", false));
        assertEquals(Duration.ofSeconds(90), c.duration("wait", Duration.ZERO));
        assertEquals(new HostPort("127.0.0.1", 8080), c.address("at").orElseThrow());
        assertEquals(KEY.publicKey(), c.requiredPublicKey("pk"));
        assertEquals(List.of(KEY.publicKey()), c.publicKeys("keys"));
        assertFalse(c.has("nothing"));
        assertEquals("d", c.string("nothing", "d"));
        assertEquals(
                new HostPort("127.0.0.1", 7),
                c.object("inner").addressTable("table").get(KEY.publicKey()));
        assertEquals("y", c.objects("list").get(1).string("a"));
        assertEquals("x", c.objects("list").get(0).string("a", "d"));
        assertFalse(c.object("absent").flag("x", false));
        assertEquals(List.of(), c.warnings());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{                            | c.json:1:2: the file ends too early: a brace, bracket or quote is not closed",
                "`{\"a\": 1 \"b\": 2}`        | c.json:1:9: expected a comma or a closing brace or bracket before '\"'",
                "`{\"a\": tru}`               | c.json:1:7: unexpected 't'",
                "`{\"a\": 'x'}`               | c.json:1:7: unexpected '''",
                "`{\"a\" 1}`                  | c.json:1:6: unexpected '1'",
                "`{a: 1}`                     | c.json:1:2: unexpected 'a'",
                "`{\"a\": 1,}`                | c.json:1:9: unexpected '}'",
                "`{\"a\": 1} x`               | c.json:1:10: unexpected 'x'",
                "`{\"a\": 01}`                | c.json:1:7: unexpected '0'",
                "`{\"a\": 1, \"a\": 2}`       | c.json:1:10: \"a\" stands here for the second time",
                "[1]                          | c.json:1:1: expected an object, found a list",
                "`\"x\"`                      | c.json:1:1: expected an object, found a string",
            })
    void namesTheLineAndColumnOfASyntaxError(String text, String wanted) {
        assertEquals(wanted, message(() -> parse(text)));
    }

    @Test
    void countsLinesThroughComments() {
        assertEquals("c.json:4:4: unexpected 'o'", message(() -> parse("{\n // one\n /* two\n*/ oops }")));
    }

    @Test
    void refusesAnEmptyFileAndDeepNesting() {
        assertTrue(message(() -> parse("")).startsWith("c.json:1:1: "));
        assertTrue(message(() -> parse("{\"a\":" + "[".repeat(10_000))).startsWith("c.json:1:"));
    }

    @Test
    void namesThePlaceOfAWrongValue() throws Exception {
        Config c = parse("{ \"n\": 99,\n  \"at\": \"nowhere\", \"wait\": \"soon\", \"on\": 1, \"list\": [7] }");
        assertEquals(
                "c.json:1:8: \"n\" must be a whole number from 0 to 9, not 99", message(() -> c.integer("n", 0, 0, 9)));
        assertEquals("c.json:2:9: \"at\": \"nowhere\" is not host:port", message(() -> c.address("at")));
        assertTrue(
                message(() -> c.duration("wait", Duration.ZERO)).startsWith("c.json:2:28: \"soon\" is not a duration"));
        assertEquals("c.json:2:42: \"on\" must be true or false, not a number", message(() -> c.flag("on", true)));
        assertTrue(message(() -> c.strings("list")).startsWith("c.json:2:54: \"list\" must be a list of strings"));
        assertEquals("c.json:1:1: \"gone\" (text) is missing", message(() -> c.string("gone")));
    }

    @Test
    void warnsOfUnknownKeysWithTheNearestKnownOne() throws Exception {
        Config c = parse("{ \"routing\": {\n \"min_hop\": 2, \"zzzzzzzzz\": 1 } }");
        c.object("routing").integer("min_hops", 0, 0, 9);
        assertEquals(
                List.of(
                        "c.json:2:2: unknown key \"min_hop\" in \"routing\" (did you mean \"min_hops\"?); ignored",
                        "c.json:2:16: unknown key \"zzzzzzzzz\" in \"routing\"; ignored"),
                c.warnings());
    }

    @Test
    void refusesWrongKeys() throws Exception {
        String sk = KEY.hex();
        Config c = parse("{ \"pk\": \"" + OTHER.publicKey() + "\",\n \"sk\": \"" + sk + "\",\n \"short\": \"02ab\","
                + " \"odd\": \"xyz\", \"off\": \"02" + "f".repeat(64) + "\" }");
        String mismatch = message(() -> c.secretKey("sk", "pk"));
        assertEquals(
                "c.json:1:9: \"pk\" does not belong to \"sk\" (sk gives "
                        + KEY.publicKey().brief() + "…)",
                mismatch);
        assertFalse(mismatch.contains(sk));
        assertEquals(
                "c.json:3:11: \"short\" has 4 hex digits, a public key has 66", message(() -> c.publicKey("short")));
        assertTrue(message(() -> c.publicKey("odd")).endsWith("has characters that are not hex digits"));
        assertTrue(message(() -> c.publicKey("off")).endsWith("is not a public key: no point of the curve"));
        assertTrue(message(() -> c.secretKey("pk", "none")).endsWith("has 66 hex digits, a secret key has 64"));
        assertEquals(Optional.of(KEY.publicKey()), c.secretKey("sk", "none").map(SecretKey::publicKey));
    }

    @Test
    void refusesAFileWithASecretThatOthersCanRead() throws Exception {
        Path file = folder.resolve("c.json");
        ConfigFile.write(file, "{ \"sk\": \"" + KEY.hex() + "\" }");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        ConfigFile.read(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        ConfigException e = assertThrows(ConfigException.class, () -> ConfigFile.read(file));
        assertTrue(e.getMessage().contains("other users can read it"));
        assertEquals("close it:  chmod 600 " + file, e.hint().orElseThrow());
    }

    @Test
    void makesAKeyOnceAndGuardsIt() throws Exception {
        Path file = folder.resolve("deep/er/node.key");
        SecretKey made = ConfigFile.key(file, Platform.system());
        assertEquals(made.publicKey(), ConfigFile.key(file, Platform.system()).publicKey());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertTrue(message(() -> ConfigFile.key(file, Platform.system())).contains("other users can read it"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(file, "abc");
        assertTrue(message(() -> ConfigFile.key(file, Platform.system())).endsWith("64 hex digits, this one 3"));
    }

    @Test
    void saysWhyAFileCannotBeReadOrWritten() throws Exception {
        assertTrue(message(() -> ConfigFile.read(folder.resolve("none"))).endsWith("no such file"));
        assertTrue(message(() -> ConfigFile.read(folder)).endsWith("is a folder, not a file"));
        Path binary = Files.write(folder.resolve("b"), new byte[] {(byte) 0xff, (byte) 0xfe});
        assertTrue(message(() -> ConfigFile.read(binary)).endsWith("not UTF-8 text"));
        assertTrue(message(() -> ConfigFile.write(binary.resolve("x"), "y")).contains("cannot"));
    }

    @ParameterizedTest
    @CsvSource({"10s,10000", "1m30s,90000", "168h0m0s,604800000", "250ms,250", "1.5s,1500", "0,0"})
    void readsGoDurations(String text, long millis) {
        assertEquals(Optional.of(Duration.ofMillis(millis)), Durations.parse(text));
    }

    @ParameterizedTest
    @CsvSource({"10", "s", "-1s", "1 s", "1d", "999999999h"})
    void refusesOtherDurations(String text) {
        assertEquals(Optional.empty(), Durations.parse(text));
    }

    @Test
    void replacesAFileAndKeepsItsMode() throws Exception {
        Path file = Files.writeString(folder.resolve("f.json"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        for (String mode : List.of("rw-r-----", "rw-rw-rw-", "rwx------")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
            ConfigFile.replace(link, mode);
            assertEquals(mode, Files.readString(file));
            assertEquals(mode, PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
        assertTrue(Files.isSymbolicLink(link));
        assertEquals(
                file + ": would be larger than 1 MiB, and is left as it is",
                message(() -> ConfigFile.replace(file, "x".repeat((1 << 20) + 1))));
        assertEquals(
                folder + "/none: cannot be written: no such folder",
                message(() -> ConfigFile.replace(folder.resolve("none"), "")));
        assertEquals("rwx------", Files.readString(file));
        try (var files = Files.list(folder)) {
            assertEquals(2, files.count(), "no draft is left");
        }
    }

    @Test
    void aByteOrderMarkIsNoText() throws ConfigException {
        assertEquals("v", Config.parse("f", "\ufeff{\"a\": \"v\"}").string("a"));
        assertTrue(
                message(() -> Config.parse("f", "\ufeff{\"a\": 7}").string("a")).startsWith("f:1:8:"));
    }
}
