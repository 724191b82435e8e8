package skywire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skywire.directory.FixedDirectory;
import skywire.dmsg.server.DmsgServer;
import skywire.dmsg.server.DmsgServerConfig;
import skywire.key.SecretKey;
import skywire.platform.HostPort;
import skywire.platform.Platform;
import skywire.testkit.Await;
import skywire.testkit.CliProcess;

/** Two dmsg servers with one key, as processes. */
@Timeout(180)
class KeyClashIT {
    @TempDir
    Path home;

    private CliProcess discovery;
    private static final Platform PLATFORM = Platform.system();

    private String url;
    private String servers;
    private String deployment;
    private DmsgServer relay; // by which the discovery is reached; not listed there
    private String secret;

    private void run(String... words) {
        var cli = new Cli(home);
        assertEquals(Exit.OK, cli.run(words), cli.err());
    }

    private Path config(String program, String name, String... settings) {
        Path file = home.resolve(name + ".json");
        var words = new ArrayList<>(List.of("config", "gen", program, "-o", file.toString()));
        words.addAll(List.of("--set", "listening_address=127.0.0.1:0"));
        for (String setting : settings) {
            words.addAll(List.of("--set", setting));
        }
        run(words.toArray(String[]::new));
        return file;
    }

    /** A configuration with the common key. */
    private Path server(String name) throws Exception {
        Path file = config("dmsg-server", name, deployment, "health_endpoint_address=", "update_interval=1s", "pk=");
        String text = Files.readString(file).replaceFirst("\"sk\": \"[0-9a-f]*\"", "\"sk\": \"" + secret + "\"");
        Files.writeString(file, text);
        return file;
    }

    private CliProcess start(Path config, String... more) throws Exception {
        var words = new ArrayList<>(List.of("dmsg-server", "-c", config.toString()));
        words.addAll(List.of(more));
        return CliProcess.start(home, words.toArray(String[]::new));
    }

    private static String address(CliProcess program) throws Exception {
        program.awaitText(" is ready, listens on ");
        return program.out().replaceAll("(?s).*listens on ([0-9.:]+)\\s.*", "$1");
    }

    private String health(String name) {
        var cli = new Cli(home);
        Path socket = home.resolve(".local/state/skywire/" + name + "/control.sock");
        cli.run("visor", "health", "--control", socket.toString());
        return cli.out();
    }

    private boolean saysIt(String name) {
        return health(name).contains("our key is in use by another process too");
    }

    private static long errors(CliProcess program) throws Exception {
        return program.err()
                .lines()
                .filter(line -> line.contains("our key is in use by another process too"))
                .count();
    }

    @BeforeEach
    void startDiscovery() throws Exception {
        relay = DmsgServer.start(
                PLATFORM,
                DmsgServerConfig.of(SecretKey.fromSeed(new byte[] {9}), new HostPort("127.0.0.1", 0), ""),
                new FixedDirectory());
        servers =
                "[{\"static\": \"" + relay.key().hex() + "\", \"server\": {\"address\": \"" + relay.address() + "\"}}]";
        Path file = config("dmsg-discovery", "discovery", "test_mode=true", "store=memory", "dmsg.servers=" + servers);
        deployment = "dmsg={\"discovery_dmsg\": \"dmsg://" + key(file) + ":80\", \"servers\": " + servers + "}";
        discovery = CliProcess.start(home, "dmsg-discovery", "-c", file.toString());
        url = "http://" + address(discovery);
        run("keys", "gen", "-o", home.resolve("common.key").toString());
        secret = Files.readString(home.resolve("common.key")).strip();
    }

    @AfterEach
    void endDiscovery() throws Exception {
        discovery.close();
        relay.close();
    }

    @Test
    void theSecondIsRefusedUnlessForcedAndThenItIsSaid() throws Exception {
        try (CliProcess first = start(server("one"))) {
            String one = address(first);
            Await.until("the first is registered", () -> health("one").contains("GREEN"));
            try (CliProcess second = start(server("two"))) {
                assertEquals(Exit.FAILED, second.exitCode());
                assertTrue(
                        second.err().startsWith("error: another server answers with the same key at " + one),
                        second.err());
                assertTrue(second.err().contains("skywire keys rotate -c FILE"), second.err());
                assertTrue(second.err().contains("--force"), second.err());
            }
            try (CliProcess second = start(home.resolve("two.json"), "--force")) {
                address(second);
                // The other one knows within two minutes or so, and both then name the other's address: MeshClashTest.
                Await.until("one of them says it", () -> saysIt("one") || saysIt("two"));
                assertEquals(1, errors(first) + errors(second), first.err() + second.err());
            }
        }
    }

    @Test
    void rotatingTheKeyEndsTheClash() throws Exception {
        Path config = server("one");
        String before = Files.readString(config);
        String oldKey;
        var cli = new Cli(home);
        try (CliProcess first = start(config)) {
            address(first);
            Await.until("it is registered", () -> health("one").contains("GREEN"));
            assertEquals(Exit.FAILED, cli.run("keys", "rotate", "-c", config.toString()));
            assertTrue(cli.err().startsWith("error: the server runs, with its old key"), cli.err());
            cli.run("keys", "show", home.resolve("common.key").toString());
            oldKey = cli.out().replaceAll("(?s).*public key  ([0-9a-f]{66}).*", "$1");
            first.kill();
        }
        assertEquals(before, Files.readString(config));
        assertEquals(Exit.OK, cli.run("keys", "rotate", "-c", config.toString()), cli.err());
        assertTrue(cli.out().contains("old key     " + oldKey), cli.out());
        assertTrue(cli.out().contains("old entry   removed from the discovery of \"dmsg\""), cli.out());
        Path backup = home.resolve("one.json." + oldKey.substring(0, 8) + ".bak");
        assertEquals(before, Files.readString(backup));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(backup)));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(config)));
        String after = Files.readString(config);
        assertFalse(after.contains(secret));
        assertEquals(
                before.replace(secret, ""),
                after.replaceFirst("\"sk\": \"[0-9a-f]*\"", "\"sk\": \"\"")
                        .replaceFirst("\"pk\": \"[0-9a-f]*\"", "\"pk\": \"\""),
                "all else stays");
        assertEquals(Exit.FAILED, cli.run("mdisc", "entry", oldKey, "--discovery", url));
        try (CliProcess again = start(config)) {
            address(again);
            Await.until("it is registered anew", () -> health("one").contains("GREEN"));
        }
    }

    private static String key(Path config) throws Exception {
        String text = Files.readString(config).replaceAll("(?s).*\"sk\": \"([0-9a-f]*)\".*", "$1");
        return SecretKey.parse(text).publicKey().hex();
    }

    @Test
    void aKeyFileIsRotatedToo() throws Exception {
        Path config = config(
                "dmsg-server",
                "one",
                "health_endpoint_address=",
                deployment.replace(relay.address().toString(), "127.0.0.1:1"),
                "sk=",
                "pk=");
        Path keyFile = home.resolve(".local/state/skywire/one/node.key");
        Path next = home.resolve("next.key");
        Files.createDirectories(keyFile.getParent());
        run("keys", "gen", "-o", keyFile.toString());
        run("keys", "gen", "-o", next.toString());
        var cli = new Cli(home);
        assertEquals(Exit.OK, cli.run("keys", "rotate", "-c", config.toString(), "-k", next.toString()), cli.err());
        assertTrue(cli.out().contains("old entry   not removed from the discovery of \"dmsg\": "), cli.out());
        assertEquals(Files.readString(next), Files.readString(keyFile));
        assertEquals(Exit.FAILED, cli.run("keys", "rotate", "-c", config.toString(), "-k", next.toString()));
        assertTrue(cli.err().contains("that is the key it has"), cli.err());
    }

    @Test
    void aRestartIsQuietWhereverItThenListens() throws Exception {
        Path config = server("one");
        try (CliProcess first = start(config)) {
            address(first);
            Await.until("it is registered", () -> health("one").contains("GREEN"));
            first.kill();
        }
        try (CliProcess again = start(config)) {
            address(again);
            Await.until("it is registered again", () -> health("one").contains("GREEN"));
            again.terminate();
            again.exitCode();
            assertFalse(again.err().contains("our key"), again.err());
        }
        try (CliProcess third = start(config)) {
            address(third);
            Await.until("and once more", () -> health("one").contains("GREEN"));
            assertFalse(third.err().contains("our key"), third.err());
            assertFalse(health("discovery").contains("one key"), health("discovery"));
        }
    }
}
