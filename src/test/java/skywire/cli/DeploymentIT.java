package skywire.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import skywire.deployment.DeploymentDocument;
import skywire.deployment.LocalMember;
import skywire.platform.HostPort;
import skywire.platform.Listener;
import skywire.platform.Platform;
import skywire.testkit.CliProcess;

/** The deployment document from the command line: the same from every folder, and its keys kept on this machine. */
@Timeout(180)
class DeploymentIT {
    @TempDir
    Path home;

    private String output(Path folder, String... arguments) throws Exception {
        try (CliProcess process = CliProcess.start(folder, arguments)) {
            assertEquals(Exit.OK, process.exitCode(), process.err());
            return process.out();
        }
    }

    private Path folder(String name) throws IOException {
        return Files.createDirectories(home.resolve(name));
    }

    @Test
    void generatesTheSameFromEveryFolder() throws Exception {
        Path one = folder("one");
        Path two = folder("two/deep er/conf");
        Files.writeString(two.resolve("visor.json"), "{ \"not\": \"the example\" }");
        Files.writeString(two.resolve("services-config.json"), "{ \"not\": \"the document\" }");
        String first = null;
        for (Path folder : List.of(one, two)) {
            output(folder, "config", "gen", "visor", "-o", "v.json", "--set", "local_path=");
            String text = Files.readString(folder.resolve("v.json")).replaceAll("\"(sk|pk)\": \"\\w+\"", "$1");
            first = first == null ? text : first;
            assertEquals(first, text);
            assertTrue(text.contains(LocalMember.SETUP_NODE.publicHex()), text);
        }
        assertEquals(output(one, "dmsg", "conf", "show"), output(two, "dmsg", "conf", "show"));
    }

    @Test
    void aVariableReplacesTheDocumentFromEveryFolder() throws Exception {
        Path document =
                Files.writeString(home.resolve("d.json"), "{\"lab\": {\"dmsg_discovery\": \"http://d.example\"}}");
        for (Path folder : List.of(folder("one"), folder("two/deep"))) {
            try (CliProcess gen = CliProcess.startUnder(
                    List.of("env", "SKYDEPLOY=" + document), folder, "config", "gen", "setup-node")) {
                assertEquals(Exit.OK, gen.exitCode(), gen.err());
            }
            assertTrue(Files.readString(folder.resolve("setup-node.json")).contains("http://d.example"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "dmsg-discovery|DISCOVERY|\"listening_address\": \"0.0.0.0:0\"|0.0.0.0:0",
                "transport-discovery|TRANSPORTS|\"listening_address\": \"[::]:0\"|[::]:0",
                "route-finder|ROUTES|\"listening_address\": \"192.0.2.1:0\", \"transport_discovery\": \"http://127.0.0.1:1\"|192.0.2.1:0",
                "setup-node|SETUP_NODE|\"dmsg\": {\"discovery\": \"http://d.example\"}|d.example:80",
                "visor|SERVER_1|\"dmsg\": {\"discovery\": \"http://127.0.0.1:1\"}, \"transport\": {\"discovery\": \"http://127.0.0.1:1\"}, \"skywire-tcp\": {\"listening_address\": \"0.0.0.0:0\"}|0.0.0.0:0",
            })
    void aKeyThatEverybodyHasIsRefusedOutsideOfThisMachine(
            String program, LocalMember member, String settings, String address) throws Exception {
        refuses(program, member, settings, address);
    }

    @Test
    void aServerNeitherListensNorPublishesWithSuchAKey() throws Exception {
        refuses("dmsg-server", LocalMember.SERVER_1, "\"listening_address\": \"0.0.0.0:0\"", "0.0.0.0:0");
        refuses(
                "dmsg-server",
                LocalMember.SERVER_2,
                "\"listening_address\": \":0\", \"public_address\": \"192.0.2.1:80\"",
                "192.0.2.1:80");
    }

    private void refuses(String program, LocalMember member, String settings, String address) throws Exception {
        Path file = home.resolve("c.json");
        Files.writeString(file, "{\"sk\": \"" + member.key().hex() + "\", " + settings + "}");
        Files.setPosixFilePermissions(file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        try (CliProcess process = CliProcess.start(home, program, "-c", file.toString())) {
            assertEquals(Exit.FAILED, process.exitCode(), process.err());
            assertEquals(
                    "error: the key " + member.publicHex().substring(0, 8) + "… is that of " + member.title()
                            + " in the development deployment, whose secret everybody has: it is not used with "
                            + address + ", only on loopback",
                    process.err().lines().findFirst().orElseThrow());
            assertEquals(2, process.err().lines().count(), process.err());
        }
    }

    /** A generated visor trusts the setup node of the development deployment, so it stays here too. */
    @Test
    void aSetupNodeThatEverybodyCanBeIsNotTrustedOutside() throws Exception {
        output(home, "config", "gen", "visor", "--set", "skywire-tcp.listening_address=0.0.0.0:0");
        try (CliProcess visor = CliProcess.start(home, "visor", "-c", "visor.json")) {
            assertEquals(Exit.FAILED, visor.exitCode(), visor.err());
            assertTrue(visor.err().contains("is that of setup-node in the development deployment"), visor.err());
        }
    }

    /** As a person would: a network in one process, a document by hand, and the command in two folders. */
    @Test
    void pullsFromALocalNetworkTheSameInEveryFolder() throws Exception {
        int port;
        try (Listener free = Platform.system().network().listen(new HostPort("127.0.0.1", 0))) {
            port = Math.min(free.local().port(), 60_000);
        }
        String before = """
                {
                   "prod": { // at home
                      "dmsg_discovery_dmsg": "dmsg://%s:80",
                      "dmsg_servers": [ {"static": "%s",   "server": { "address": "%s" } } ],
                      "conf": "\\"dmsg_servers\\": []" } }
                """.formatted(
                        LocalMember.DISCOVERY.publicHex(),
                        LocalMember.SERVER_1.publicHex(),
                        LocalMember.SERVER_1.address(port));
        String[] local = ("local --visors 3 --socks 127.0.0.1:0 --http 127.0.0.1:0 --port " + port).split(" ");
        try (CliProcess network = CliProcess.start(folder("network"), local)) {
            network.awaitText("try it: curl");
            for (Path folder : List.of(folder("one"), folder("two/deep"))) {
                Path file = Files.writeString(folder.resolve("mine.json"), before);
                try (CliProcess pull = CliProcess.start(folder, "dmsg", "conf", "pull", "mine.json")) {
                    assertEquals(Exit.OK, pull.exitCode(), pull.err());
                    assertTrue(pull.out().contains("+ " + LocalMember.SERVER_2.publicHex()), pull.out());
                }
                String list = "[\n         {\n            \"static\": \"" + LocalMember.SERVER_1.publicHex();
                assertTrue(Files.readString(file).contains(list), Files.readString(file));
            }
        }
        assertEquals(
                Files.readString(home.resolve("one/mine.json")), Files.readString(home.resolve("two/deep/mine.json")));
    }

    // ---- another document in the jar ----

    /** A jar of this program with its libraries beside it. */
    private Path jar() throws IOException {
        Path jar = folder("lib").resolve("skywire.jar");
        Path classes = Path.of("target/classes").toAbsolutePath();
        try (var out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                var entry = new ZipEntry(classes.relativize(file).toString());
                entry.setTime(1_000_000_000_000L);
                out.putNextEntry(entry);
                Files.copy(file, out);
            }
        }
        for (String library : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path file = Path.of(library);
            if (library.endsWith(".jar") && !Files.exists(jar.resolveSibling(file.getFileName()))) {
                Files.createSymbolicLink(jar.resolveSibling(file.getFileName()), file);
            }
        }
        return jar;
    }

    private String embed(Path folder, int code, String... arguments) throws Exception {
        List<String> command = Stream.concat(
                        Stream.of(Path.of("tools/embed").toAbsolutePath().toString()), Stream.of(arguments))
                .toList();
        Path err = home.resolve("err");
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        String told = Files.readString(err);
        assertEquals(code, process.exitValue(), told);
        return told;
    }

    @Test
    void buildsAnotherDocumentInFromEveryFolder() throws Exception {
        Path jar = jar();
        byte[] before = Files.readAllBytes(jar);
        String mine = "{\"prod\": {\"dmsg_discovery\": \"http://d.example\"}}";
        Path document = Files.writeString(folder("a b").resolve("mine.json"), mine);
        embed(home, 0, "lib/skywire.jar", "a b/mine.json");
        byte[] first = Files.readAllBytes(jar);
        try (var file = new JarFile(jar.toFile());
                var in = file.getInputStream(file.getEntry(DeploymentDocument.RESOURCE.substring(1)))) {
            assertEquals(mine, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        for (String[] paths : new String[][] {{"../lib/skywire.jar", "mine.json"}, {jar + "", document + ""}}) {
            Files.write(jar, before);
            embed(document.getParent(), 0, paths);
            assertArrayEquals(first, Files.readAllBytes(jar));
        }
    }

    @Test
    void aWrongDocumentIsNotBuiltIn() throws Exception {
        Path jar = jar();
        byte[] before = Files.readAllBytes(jar);
        Path document = Files.writeString(home.resolve("mine.json"), "{\"prod\": {\"dmsg_servers\": [{}]}}");
        String told = embed(home, Exit.FAILED, "lib/skywire.jar", "mine.json");
        assertTrue(told.startsWith("error: mine.json:1:28: \"static\" (a public key) is missing"), told);
        Files.delete(document);
        assertTrue(embed(home, Exit.FAILED, "lib/skywire.jar", "mine.json").contains("mine.json: no such file"));
        assertArrayEquals(before, Files.readAllBytes(jar));
        assertFalse(embed(home, Exit.USAGE, "lib/skywire.jar").isEmpty());
    }
}
