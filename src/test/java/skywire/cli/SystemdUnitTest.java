package skywire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The unit for systemd fits the program it runs. */
class SystemdUnitTest {
    private static final Path UNIT = Path.of("conf/systemd/skywire-dmsg-server.service");

    @TempDir
    Path folder;

    private static Map<String, String> settings() throws IOException {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String line : Files.readAllLines(UNIT)) {
            int equals = line.indexOf('=');
            if (equals > 0 && !line.startsWith("#")) {
                settings.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return settings;
    }

    @Test
    void itWaitsForTheDrainAndKnowsItsExitCodes() throws IOException {
        Map<String, String> unit = settings();
        int patience = Integer.parseInt(unit.get("TimeoutStopSec"));
        assertTrue(patience >= SignalledEnd.LIMIT.toSeconds() + 5, "the drain, closing, and some");
        assertEquals(String.valueOf(Exit.TERMINATED), unit.get("SuccessExitStatus"));
        assertEquals("mixed", unit.get("KillMode"), "the signal is for the program alone");
        assertTrue(unit.get("ExecStart").endsWith(" dmsg-server -c /etc/skywire/dmsg-server.json"));
        assertTrue(Integer.parseInt(unit.get("LimitNOFILE")) >= 2 * 2048, "twice the usual number of sessions");
    }

    @Test
    @Timeout(60)
    void systemdUnderstandsIt() throws Exception {
        Path copy = folder.resolve(UNIT.getFileName());
        String program = Path.of("bin/skywire").toAbsolutePath().toString();
        Files.writeString(copy, Files.readString(UNIT).replace("/opt/skywire/bin/skywire", program));
        Process verify;
        try {
            verify = new ProcessBuilder("systemd-analyze", "verify", copy.toString())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            Assumptions.abort("no systemd here");
            return;
        }
        String said = new String(verify.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(0, verify.waitFor(), said);
        assertEquals("", said);
    }
}
