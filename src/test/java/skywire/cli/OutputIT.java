package skywire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
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

    @Test
    void aReaderThatHasSeenEnoughIsNone() throws Exception {
        try (CliProcess running = run("{ \"$@\"; echo code $? >&2; } | :", "--help")) {
            assertEquals(0, running.exitCode());
            assertEquals("code 0\n", running.err());
            assertTrue(running.out().isEmpty());
        }
    }
}
