package skywire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skywire.control.ControlServer;
import skywire.platform.Platform;
import skywire.testkit.Await;

/** What a program answers while it starts. */
class ServiceProgramTest {
    @Test
    void saysFromTheFirstMomentHowFarItIs(@TempDir Path home) throws Exception {
        Path socket = home.resolve("control.sock");
        var halted = new AtomicBoolean();
        try (ControlServer control = ControlServer.start(Platform.system(), socket)) {
            ServiceProgram.answerEarly(control, "dmsg-server", () -> halted.set(true));
            control.stage("looking for its key");
            var cli = new Cli(home);
            assertEquals(Exit.FAILED, cli.run("visor", "health", "--control", socket.toString()), cli.err());
            assertTrue(cli.out().startsWith("RED  not up yet"), cli.out());
            assertTrue(cli.out().contains("is looking for its key"), cli.out());
            assertEquals(Exit.OK, cli.run("visor", "halt", "--control", socket.toString()), cli.err());
            Await.until("it is told, once the answer has gone out", halted::get);
        }
    }
}
