package skywire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import skywire.config.Config;
import skywire.config.ConfigFile;
import skywire.deployment.LocalMember;
import skywire.key.SecretKey;
import skywire.platform.Platform;
import skywire.visor.VisorConfig;

class ConfigCommandTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private final Map<String, String> environment = new HashMap<>();

    private int run(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        environment.put("HOME", folder.toString());
        return Main.run(
                new Console(new PrintWriter(out, true), new PrintWriter(err, true), false, 100, environment), args);
    }

    static List<String> programs() {
        return ConfigCommand.PROGRAMS;
    }

    @ParameterizedTest
    @MethodSource("programs")
    void writesAKeyForItsOwnerOnly(String program) throws IOException {
        Path file = folder.resolve(program + ".json");
        assertEquals(Exit.OK, run("config", "gen", program, "-o", file.toString()), err.toString());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        Config config = ConfigFile.read(file);
        var key = config.secretKey("sk", "pk").orElseThrow();
        assertTrue(out.toString().contains(key.publicKey().hex()));
        assertFalse(out.toString().contains(key.hex()), "secrets stay in the file");
        assertEquals("", config.string("local_path"));
    }

    /** Those of the services are tried where they are started. */
    @Test
    void aVisorKnowsAllOfItsExample() throws IOException {
        Config config = Config.parse("visor.json", ConfigCommand.example("visor"));
        SecretKey key = SecretKey.generate(Platform.system().random());
        VisorConfig.read(config, () -> key, folder);
        for (String common : List.of("sk", "pk", "local_path", "log_level")) {
            config.string(common);
        }
        assertEquals(List.of(), config.warnings());
    }

    private String generated(String program) throws IOException {
        Path file = Files.createDirectories(folder.resolve("out")).resolve(program + ".json");
        assertEquals(Exit.OK, run("config", "gen", program, "-o", file.toString(), "--force"), err.toString());
        return Files.readString(file);
    }

    /** The examples say what the built-in deployment says; only the setup node is not in them. */
    @ParameterizedTest
    @MethodSource("programs")
    void theServicesAreThoseOfTheBuiltInDeployment(String program) throws IOException {
        String setupNode = LocalMember.SETUP_NODE.publicHex();
        assertEquals(
                ConfigCommand.example(program)
                        .replace("\"route_setup_nodes\": []", "\"route_setup_nodes\": [\"" + setupNode + "\"]"),
                generated(program).replaceAll("\"(sk|pk)\": \"[0-9a-f]+\"", "\"$1\": \"\""));
    }

    @Test
    void theServicesAreThoseOfTheDeploymentThatIsNamed() throws IOException {
        Path document = Files.writeString(folder.resolve("d.json"), """
                {"lab": {"dmsg_discovery": "http://d.example", "transport_discovery_dmsg": "dmsg://%1$s:80",
                "route_setup_nodes": ["%1$s", "%2$s"]}}
                """.formatted(
                        LocalMember.ROUTES.publicHex(), LocalMember.SERVER_1.publicHex()));
        environment.put("SKYDEPLOY", document.toString());
        generated("visor");
        Config visor = ConfigFile.read(folder.resolve("out/visor.json"));
        assertEquals("http://d.example", visor.object("dmsg").string("discovery"));
        assertEquals(
                "dmsg://" + LocalMember.ROUTES.publicHex() + ":80",
                visor.object("transport").string("discovery"));
        assertEquals("", visor.object("routing").string("route_finder"), "it has none");
        assertEquals(2, visor.object("routing").publicKeys("route_setup_nodes").size());
        assertTrue(generated("setup-node").contains("\"discovery\": \"http://d.example\""));
        Files.writeString(document, "{");
        Path none = folder.resolve("none.json");
        assertEquals(Exit.FAILED, run("config", "gen", "visor", "-o", none.toString()));
        assertTrue(err.toString().contains("SKYDEPLOY names this file"), err.toString());
        assertFalse(Files.exists(none));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "visor|routing.min_hops=many|\"min_hops\" must be a number, not a string",
                "visor|routing.min_hops=99|\"min_hops\" must be a whole number from 0 to ",
                "visor|routing.mux_routes=17|\"mux_routes\" must be a whole number from 1 to 16",
                "visor|routing.route_setup_nodes=02ab|\"route_setup_nodes\" must be a list, not a string",
                "visor|dmsg.discovery=ftp://x|\"discovery\": \"ftp://x\" is not an http:// or dmsg:// URL",
                "visor|skysocks.enable=yes|\"enable\" must be true or false, not a string",
                "visor|log_level=loud|\"loud\" is not a log level",
                "visor|sk=1a|\"sk\" has 2 hex digits, a secret key has 64",
                "dmsg-discovery|listening_address=here|\"listening_address\": \"here\" is not host:port",
                "dmsg-server|update_interval=1ms|\"update_interval\" must be at least 1s",
                "transport-discovery|capacity=0|\"capacity\" must be a whole number from 1 to ",
                "route-finder|refresh=5|\"refresh\" must be a string, not a number",
                "setup-node|any_source=1|\"any_source\" must be true or false, not a number",
            })
    void aWrongValueIsRefusedBeforeAnythingIsWritten(String program, String setting, String told) {
        Path file = folder.resolve("wrong.json");
        assertEquals(Exit.FAILED, run("config", "gen", program, "--set", setting, "-o", file.toString()));
        assertTrue(err.toString().startsWith("error: --set: " + told), err.toString());
        assertEquals(2, err.toString().lines().count(), err.toString());
        assertFalse(Files.exists(file));
    }

    @Test
    void aFolderThatIsNotThereIsNotMade() {
        Path file = folder.resolve("no/c.json");
        assertEquals(Exit.FAILED, run("config", "gen", "visor", "-o", file.toString()));
        assertTrue(err.toString().contains("make it:  mkdir -p '" + file.getParent() + "'"), err.toString());
        assertFalse(Files.exists(file.getParent()));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void aConfigurationOfAnotherProgramIsToldWhoseItIs(String program) throws IOException {
        Path file = folder.resolve("c.json");
        assertEquals(Exit.OK, run("config", "gen", program, "-o", file.toString()), err.toString());
        String other = program.equals("visor") ? "dmsg-server" : "visor";
        assertEquals(Exit.FAILED, run(other, "-c", file.toString()));
        String told = "error: " + file + ": this is a configuration of " + program + ", not of " + other + " (";
        assertTrue(err.toString().startsWith(told), err.toString());
        assertTrue(err.toString().contains("skywire " + program + " -c " + file), err.toString());
    }

    @Test
    void overwritesOnlyWhenToldTo() throws IOException {
        Path file = folder.resolve("s.json");
        run("config", "gen", "dmsg-server", "-o", file.toString());
        String first = Files.readString(file);
        assertEquals(Exit.FAILED, run("config", "gen", "dmsg-server", "-o", file.toString()));
        assertTrue(err.toString().startsWith("error: " + file + ": exists already and is not overwritten\n"));
        assertEquals(first, Files.readString(file));
        assertEquals(Exit.OK, run("config", "gen", "dmsg-server", "-o", file.toString(), "--force"));
        assertNotEquals(first, Files.readString(file));
        try (var files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void aSecondOneKeepsItsStateApart() throws IOException {
        Path file = folder.resolve("server-2.json");
        run("config", "gen", "dmsg-server", "-o", file.toString());
        assertEquals(
                folder.resolve(".local/state/skywire/server-2").toString(),
                ConfigFile.read(file).string("local_path"));
    }

    @Test
    void setsMembers() throws IOException {
        Path file = folder.resolve("v.json");
        String key = "02" + "a1".repeat(32);
        assertEquals(
                Exit.OK,
                run(
                        "config",
                        "gen",
                        "visor",
                        "-o",
                        file.toString(),
                        "-s",
                        "routing.min_hops=2",
                        "--set",
                        "skywire-tcp.listening_address=:7777",
                        "--set",
                        "skywire-tcp.pk_table={\"" + key + "\":\"127.0.0.1:1\"}"));
        Config config = ConfigFile.read(file);
        assertEquals(2, config.object("routing").integer("min_hops", 0, 0, 9));
        assertEquals(":7777", config.object("skywire-tcp").string("listening_address"));
    }

    @Test
    void aWrongNameWritesNothing() {
        Path file = folder.resolve("v.json");
        assertEquals(Exit.FAILED, run("config", "gen", "visor", "-o", file.toString(), "--set", "routing.min_hop=2"));
        assertEquals(
                "error: visor.json has no member \"routing.min_hop\" (did you mean \"min_hops\"?)\n", err.toString());
        assertEquals(Exit.USAGE, run("config", "gen", "visors", "-o", file.toString()));
        assertTrue(err.toString().startsWith("error: \"visors\" has no configuration; one of: visor, "));
        assertEquals(Exit.USAGE, run("config", "gen", "visor", "-o", file.toString(), "--set", "x"));
        assertFalse(Files.exists(file));
    }

    @Test
    void setChangesAValueAndNothingElse() throws Exception {
        Path file = folder.resolve("visor.json");
        run("config", "gen", "visor", "-o", file.toString());
        String before = Files.readString(file);
        assertEquals(Exit.OK, run("config", "set", file.toString(), "routing.mux_routes=4", "log_level=debug"));
        assertEquals(4, ConfigFile.read(file).object("routing").integer("mux_routes", 1, 1, 16));
        run("config", "set", file.toString(), "routing.mux_routes=1", "routing.min_hops=2");
        String after = Files.readString(file);
        assertEquals(before, after.replace("\"min_hops\": 2", "\"min_hops\": 0").replace("\"debug\"", "\"info\""));
        assertEquals(
                "rw-------",
                java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(Exit.FAILED, run("config", "set", file.toString(), "min_hop=2"));
        assertEquals(
                Exit.FAILED, run("config", "set", folder.resolve("none.json").toString(), "a=1"));
        assertEquals(after, Files.readString(file));
    }
}
