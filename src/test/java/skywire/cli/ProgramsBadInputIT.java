package skywire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import skywire.key.SecretKey;
import skywire.platform.HostPort;
import skywire.platform.Listener;
import skywire.platform.Platform;
import skywire.testkit.CliProcess;

/** What a person gets wrong with programs and their files: one clear line, an exit code, no harm. */
@Timeout(120)
class ProgramsBadInputIT {
    private static final String MEMORY = "\"store\":\"memory\"";

    @TempDir
    Path home;

    private Path write(String name, String text) throws IOException {
        Path file = Files.writeString(home.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    /** The files there are, but for the configuration and the lock, which stays. */
    private List<String> left() throws IOException {
        try (Stream<Path> all = Files.walk(home)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> home.relativize(file).toString())
                    .filter(name -> !name.equals("c.json") && !name.endsWith(".lock"))
                    .toList();
        }
    }

    /** The program ends with this exit code and one line of an error, perhaps with a line of advice; its error. */
    private String refused(String program, Path config) throws Exception {
        try (CliProcess running = CliProcess.start(home, program, "-c", config.toString())) {
            assertEquals(Exit.FAILED, running.exitCode(), running.err());
            assertEquals("", running.out());
            List<String> lines = running.err().lines().toList();
            assertTrue(lines.getFirst().startsWith("error: "), running.err());
            assertTrue(lines.size() == 1 || lines.size() == 2 && lines.get(1).startsWith("       "), running.err());
            return lines.getFirst().substring("error: ".length()).replace(config.toString(), "FILE");
        }
    }

    private String secret() {
        return "1".repeat(64);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                // syntax
                "{ \"store\": \"memory\"⏎  \"log_level\": 1 }|FILE:2:3: expected a comma",
                "{ \"store\": \"memory\",⏎|FILE:2:1: the file ends too early",
                "[]|FILE:1:1: expected an object, found a list",
                // values
                "{⏎ \"listening_address\": \"nowhere\" }|FILE:2:23: \"listening_address\": \"nowhere\" is not host:port",
                "{ \"store\": \"disk\" }|FILE:1:12: \"store\" must be \"file\" or \"memory\", not \"disk\"",
                "{ \"capacity\": 0 }|FILE:1:15: \"capacity\" must be a whole number from 1 to 10000000, not 0",
                "{ \"entry_timeout\": \"soon\" }|FILE:1:20: \"soon\" is not a duration such as \"30s\"",
                "{ \"log_level\": \"loud\" }|\"loud\" is not a log level (error, warn, info, debug, trace)",
                // keys
                "{ \"sk\": \"1111\" }|FILE:1:9: \"sk\" has 4 hex digits, a secret key has 64",
                "{ \"sk\": \"SK\",⏎  \"pk\": \"PK\" }|FILE:2:9: \"pk\" does not belong to \"sk\" (sk gives ",
                "{ \"official_servers\": [\"02ab\"] }|FILE:1:24: \"official_servers\" has 4 hex digits",
                "{ \"sk\": \"zz\" }|FILE:1:9: \"sk\" has characters that are not hex digits"
            })
    void aWrongConfigurationIsToldWithItsPlace(String text, String told) throws Exception {
        String other = "02c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5";
        Path config =
                write("c.json", text.replace("⏎", "\n").replace("SK", secret()).replace("PK", other));
        String error = refused("dmsg-discovery", config);
        assertTrue(error.startsWith(told), error);
        assertFalse(error.contains(secret()));
        assertEquals(List.of(), left());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dmsg-server|{\"discovery\":\"ftp://x\"}|FILE:1:14: \"discovery\": \"ftp://x\" is not an http:// or dmsg:// URL",
                "setup-node|{\"dmsg\":{\"discovery\":\"dmsg://02c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5:80\"}}"
                        + "|FILE:1:22: \"discovery\" must be an http:// address here",
                "route-finder|{\"listening_address\":\"127.0.0.1:0\"}|FILE:1:1: \"transport_discovery\" (text) is missing"
            })
    void aServiceThatIsNotNamedWellIsTold(String program, String text, String told) throws Exception {
        String error = refused(program, write("c.json", text));
        assertTrue(error.startsWith(told), error);
    }

    @Test
    void aConfigurationWithASecretIsForItsOwnerOnly() throws Exception {
        Path config = write("c.json", "{\"sk\":\"" + secret() + "\"}");
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-r-----"));
        assertEquals(
                "FILE: other users can read it, and it holds a secret key", refused("transport-discovery", config));
    }

    @Test
    void soIsAKeyFile() throws Exception {
        Path config = write("c.json", "{\"local_path\":\"" + home.resolve("state") + "\"}");
        Path key = Files.createDirectory(home.resolve("state")).resolve("node.key");
        Files.writeString(key, secret());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw----r--"));
        assertEquals(key + ": other users can read it, and it holds a secret key", refused("dmsg-discovery", config));
        assertEquals(List.of("state/node.key"), left());
    }

    private static String special(String program) {
        return switch (program) {
            case "visor" -> "\"transport\": {\"discovery\": \"http://127.0.0.1:1\"},";
            case "route-finder" ->
                "\"transport_discovery\": \"http://127.0.0.1:1\", \"listening_address\": \"127.0.0.1:0\",";
            default -> "";
        };
    }

    @ParameterizedTest
    @CsvSource({"visor, pk", "setup-node, pk", "route-finder, public_key"})
    void aStatedIdentityIsNotReplacedByAnother(String program, String name) throws Exception {
        Path folder = home.resolve("state");
        Path key = folder.resolve("node.key");
        String own = SecretKey.parse(secret()).publicKey().hex();
        String other = "02c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5";
        Path config = write("c.json", """
                { "dmsg": {"discovery": "http://127.0.0.1:1"},
                  %s
                  "local_path": "%s",
                  "%s": "%s" }
                """.formatted(special(program), folder, name, other));
        String place = "FILE:4:" + (name.length() + 7);
        assertEquals(
                place + ": \"" + name + "\" is set, but the secret key is neither here nor in " + key,
                refused(program, config));
        assertEquals(List.of(), left());
        Files.writeString(key, secret());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        assertEquals(
                place + ": \"" + name + "\" does not belong to the key in " + key + " (it is " + own.substring(0, 8)
                        + "…)",
                refused(program, config));
        write("c.json", Files.readString(config).replace(other, own));
        try (CliProcess running = CliProcess.start(home, program, "-c", config.toString())) {
            running.awaitText(program.equals("visor") ? " is up, " : " is ready, ");
        }
    }

    @Test
    void aSecondProgramOfOneConfigurationIsRefused() throws Exception {
        Path state = home.resolve("state");
        Path config = write("c.json", "{\"local_path\":\"" + state + "\",\"listening_address\":\"127.0.0.1:0\"}");
        try (CliProcess running = CliProcess.start(home, "dmsg-discovery", "-c", config.toString())) {
            running.awaitText(" is ready, ");
            String told = "a program runs in " + state + " already (process " + running.pid() + ")";
            assertEquals(told, refused("dmsg-discovery", config));
        }
    }

    @Test
    void noSuchConfiguration() throws Exception {
        assertEquals("FILE: no such file", refused("dmsg-server", home.resolve("c.json")));
        assertEquals("FILE: is a folder, not a file", refused("dmsg-server", home));
    }

    @Test
    void anUnknownNameIsAWarning() throws Exception {
        Path config = write("c.json", """
                {
                  "listening_address": "127.0.0.1:0",
                  "transport_discovery": "http://127.0.0.1:1",
                  "refrehs": "1s", "dmsg": { "discovry": "" }
                }
                """);
        try (CliProcess running = CliProcess.start(home, "route-finder", "-c", config.toString())) {
            running.awaitText(config + ":4:3: unknown key \"refrehs\" (did you mean \"refresh\"?); ignored");
            running.awaitText("unknown key \"discovry\" in \"dmsg\" (did you mean \"discovery\"?); ignored");
            running.awaitText(" is ready, ");
        }
    }

    @Test
    void anAddressInUse() throws Exception {
        try (Listener taken = Platform.system().network().listen(new HostPort("127.0.0.1", 0))) {
            String address = taken.local().toString();
            Path config = home.resolve("c.json");
            for (String program : List.of("dmsg-discovery", "transport-discovery", "route-finder")) {
                String own = program.equals("route-finder") ? "\"transport_discovery\":\"http://127.0.0.1:1\"" : MEMORY;
                write("c.json", "{\"listening_address\":\"" + address + "\"," + own + "}");
                assertEquals(
                        "cannot listen on " + address + ": Address already in use", refused(program, config), program);
            }
            config = write("c.json", "{\"listening_address\":\"" + address + "\"}");
            assertEquals("cannot listen on " + address + ": Address already in use", refused("dmsg-server", config));
        }
    }

    @Test
    void aFolderThatCannotBe() throws Exception {
        Path file = Files.createFile(home.resolve("file"));
        Path config = write("c.json", "{\"local_path\":\"" + file.resolve("state") + "\"}");
        String error = refused("dmsg-discovery", config);
        assertTrue(error.startsWith(file.resolve("state") + ": cannot make this folder: "), error);
        config = write("c.json", "{\"local_path\":\"/proc/skywire\"}");
        error = refused("dmsg-discovery", config);
        assertTrue(error.startsWith("/proc/skywire: cannot make this folder: "), error);
        assertEquals(List.of("file"), left());
    }

    @Test
    void aDamagedOrCutStore() throws Exception {
        Path store = home.resolve("state/entries.db");
        Path config =
                write("c.json", "{\"local_path\":\"" + store.getParent() + "\",\"listening_address\":\"127.0.0.1:0\"}");
        try (CliProcess running = CliProcess.start(home, "dmsg-discovery", "-c", config.toString())) {
            running.awaitText(" is ready, ");
            running.kill();
        }
        byte[] whole = Files.readAllBytes(store);
        byte[] garbage = whole.clone();
        Arrays.fill(garbage, (byte) 'x');
        for (byte[] bytes : List.of(garbage, Arrays.copyOf(whole, 1000))) {
            Files.write(store, bytes);
            String error = refused("dmsg-discovery", config);
            assertEquals(
                    "store " + store
                            + ": it is damaged; move it away to start with an empty one (publishers register again)",
                    error);
            assertEquals(bytes.length, Files.size(store), "left as it was");
        }
    }

    @Test
    void aDmsgServerWithoutADmsgDiscovery() throws Exception {
        String end = "\"listening_address\":\"127.0.0.1:0\"}";
        Path config = write("c.json", "{\"discovery\":\"http://127.0.0.1:1\"," + end);
        assertEquals("FILE:1:14: deployment \"discovery\" has no \"discovery_dmsg\"", refused("dmsg-server", config));
        config = write("c.json", "{\"deployments\":[{\"name\":\"west\"}]," + end);
        String error = refused("dmsg-server", config);
        assertTrue(error.contains("deployment \"west\" has no \"discovery_dmsg\""), error);
    }

    @Test
    void aDiscoveryThatDoesNotAnswer() throws Exception {
        Path config = write(
                "c.json",
                "{\"listening_address\":\"127.0.0.1:0\",\"dmsg\":{\"discovery_dmsg\":\"dmsg://02c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5:80\"}}");
        try (CliProcess running = CliProcess.start(home, "dmsg-server", "-c", config.toString())) {
            running.awaitText(" is ready, listens on ");
            running.awaitText("cannot publish our server entry: ");
            assertFalse(running.err().contains("\tat "), running.err());
        }
    }
}
