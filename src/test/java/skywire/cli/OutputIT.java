package skywire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import skywire.control.ControlServer;
import skywire.platform.Platform;
import skywire.testkit.CliProcess;

/** What becomes of results that cannot be written. */
@Timeout(60)
class OutputIT {
    @TempDir
    Path home;

    private CliProcess run(String script, String... args) throws Exception {
        return CliProcess.startUnder(List.of("/bin/sh", "-c", script, "sh"), home, args);
    }

    @Test
    void aFullDiskIsAFailure() throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of("/dev/full")));
        try (CliProcess running = run("exec \"$@\" >/dev/full", "--help")) {
            assertEquals(Exit.FAILED, running.exitCode(), running.err());
            assertEquals("error: the results could not be written: No space left on device\n", running.err());
        }
    }

    @ParameterizedTest
    @CsvSource({"C, false", "POSIX, false", "de_DE.ISO-8859-1, false", "C.UTF-8, true"})
    void aLocaleWithoutOurSignsGetsOthers(String locale, boolean signs) throws Exception {
        Files.createDirectories(home.resolve("s"));
        try (var node = ControlServer.start(Platform.system(), home.resolve("s/control.sock"))) {
            node.method(
                    "visor.health",
                    call -> JsonParser.parseString("{\"status\":\"GREEN\",\"summary\":\"größer\",\"checks\":[{\"name\":"
                            + "\"dmsg\",\"status\":\"ok\",\"text\":\"a → b\"}]}"));
            String script = "export LC_ALL=" + locale + "; exec \"$@\"";
            String socket = node.socket().toString();
            try (CliProcess running = run(script, "visor", "health", "--control", socket)) {
                assertEquals(0, running.exitCode(), running.err());
                assertEquals(
                        signs ? "GREEN  größer\n ✓ dmsg        a → b\n" : "GREEN  gr??er\n + dmsg        a > b\n",
                        running.out());
            }
            try (CliProcess running = run(script, "visor", "health", "--json", "--control", socket)) {
                assertEquals(0, running.exitCode(), running.err());
                assertTrue(running.out().contains(signs ? "größer" : "gr\\u00f6\\u00dfer"), running.out());
            }
        }
    }

    @Test
    void aReaderThatHasSeenEnoughIsNone() throws Exception {
        try (CliProcess running = run("{ \"$@\"; echo code $? >&2; } | :", "--help")) {
            assertEquals(0, running.exitCode());
            assertEquals("code 0\n", running.err());
            assertTrue(running.out().isEmpty());
        }
    }
}
