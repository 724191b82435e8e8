package skywire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import skywire.key.SecretKey;
import skywire.platform.Platform;

/** What a person may get wrong: one clear line, what to do about it, an exit code that is not 0, and nothing left behind. */
@Timeout(60)
class BadInputIT {
    @TempDir
    Path folder;

    private Cli cli;

    @BeforeEach
    void user() {
        cli = new Cli(folder);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private Path file(String name, String text, String mode) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    /** Asserts an error of one line, and at most one more with advice. */
    private void assertTold(int code, String text, String... args) {
        assertEquals(code, cli.run(args), cli::err);
        assertTrue(cli.err().startsWith("error: "), cli.err());
        assertTrue(cli.err().contains(text), cli.err());
        assertTrue(cli.err().lines().count() <= 2, cli.err());
        assertEquals("", cli.out());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void withoutAJdk25TheLauncherSaysWhatToInstall(boolean hasHome) throws Exception {
        Path bin = Files.createDirectories(folder.resolve("copy/bin"));
        // The machine's own JDKs are in places that cannot be hidden; so a version is wanted that none of them has.
        String finder = Files.readString(Path.of("bin/find-jdk"));
        Files.writeString(bin.resolve("find-jdk"), finder.replace("JDK_WANTED=25", "JDK_WANTED=99"));
        Files.copy(Path.of("bin/skywire"), bin.resolve("skywire"));
        var builder = new ProcessBuilder("/bin/sh", bin.resolve("skywire").toString(), "visor", "info");
        builder.environment().put("HOME", folder.toString());
        if (!hasHome) {
            builder.environment().remove("HOME"); // services are often started so
        }
        builder.environment().remove("JAVA_HOME");
        Process process = builder.redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(1, process.waitFor(), said);
        assertTrue(said.startsWith("error: Skywire needs a JDK 99 or later and found none"), said);
        assertTrue(said.contains("JAVA_HOME=/path/to/jdk-99 bin/skywire"), said);
        assertEquals(3, said.lines().count(), said);
        assertEquals(2, files().size(), "nothing was built");
    }

    @ParameterizedTest
    @CsvSource({
        "tp, 'which command? ls, add, rm'",
        "visr info, unknown command \"visr\" (did you mean \"visor\"?)",
        "tp lss, unknown command \"lss\" (did you mean \"ls\"?)",
        "tp ls --jsn, unknown option \"--jsn\" (did you mean \"--json\"?)",
        "version, unknown command \"version\" (did you mean \"--version\"?)",
        "local --fetch http://h/a%20b%2f --hops x, is not an int",
        "tp ls more, one word too many: \"more\"",
        "tp rm, Missing required parameter: 'ID'",
        "visor info --timeout soon, \"soon\" is not a duration such as 30s or 1m30s",
        "proxy start --hops many 02ab, 'many' is not an int",
    })
    void aMistypedCommandIsTold(String line, String told) throws IOException {
        assertTold(Exit.USAGE, told, line.split(" "));
        assertTrue(cli.err().contains("see:  skywire"), cli.err());
        assertEquals(List.of(), files());
    }

    @Test
    void aNodeThatDoesNotRunIsToldWithHowToStartOne() {
        assertTold(Exit.UNREACHABLE, "no node answers at ", "tp", "ls");
        assertTrue(cli.err().contains("start one:  skywire local"), cli.err());
        assertTold(Exit.UNREACHABLE, "no node answers at x.sock", "visor", "halt", "--control", "x.sock");
    }

    @Test
    void aKeyFileThatOthersCanReadIsRefused() throws IOException {
        String secret = SecretKey.generate(Platform.system().random()).hex();
        Path open = file("open.key", secret + "\n", "rw-r--r--");
        for (String command : List.of("keys show FILE", "dmsg cat -l 5 --discovery http://127.0.0.1:1 -k FILE")) {
            assertTold(
                    Exit.FAILED,
                    "other users can read it, and it holds a secret key",
                    command.replace("FILE", open.toString()).split(" "));
            assertTrue(cli.err().contains("close it:  chmod 600 " + open), cli.err());
            assertFalse(cli.err().contains(secret));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "abcd, 'a key file has 64 hex digits, this one 4'",
        "zz11223344556677889900112233445566778899001122334455667788990011, not a secret key",
        "0000000000000000000000000000000000000000000000000000000000000000, not a secret key",
    })
    void aKeyFileWithSomethingElseInItIsTold(String text, String told) throws IOException {
        Path bad = file("bad.key", text, "rw-------");
        assertTold(Exit.FAILED, told, "keys", "show", bad.toString());
        assertFalse(cli.err().contains(text), "what is in a key file is never shown");
    }

    @Test
    void aKeyFileIsNeverOverwrittenOrHalfWritten() throws IOException {
        Path there = file("node.key", "precious", "rw-------");
        assertTold(Exit.FAILED, "exists already", "keys", "gen", "-o", there.toString());
        assertEquals("precious", Files.readString(there));
        assertTold(
                Exit.FAILED,
                "no such file",
                "keys",
                "show",
                folder.resolve("none.key").toString());
        assertTold(
                Exit.FAILED,
                "there is no folder",
                "keys",
                "gen",
                "-o",
                there.resolve("x/node.key").toString());
        assertEquals(List.of(there), files());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"dmsg\": {\"discovery\": }}|visor.json:1:24:",
                "{\"pk\": \"02ab\"}|visor.json:1:8:",
                "[]|visor.json:1:1:",
            })
    void aConfigurationWithAMistakeIsToldWithItsPlace(String text, String place) throws IOException {
        Path config = file("visor.json", text, "rw-------");
        assertTold(Exit.FAILED, place, "visor", "-c", config.toString());
    }

    @Test
    void aConfigurationThatIsNotThereIsTold() {
        assertTold(
                Exit.FAILED,
                "none.json: no such file",
                "visor",
                "-c",
                folder.resolve("none.json").toString());
        assertTold(Exit.FAILED, "is a folder, not a file", "visor", "-c", folder.toString());
    }
}
