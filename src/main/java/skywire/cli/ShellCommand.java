package skywire.cli;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import skywire.control.ControlPath;
import skywire.control.Progress;

/** {@code shell}: all commands without starting a process for each. */
@Command(
        name = "shell",
        description = "All commands in one session, with history and completion; from a pipe, line by line.")
final class ShellCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMillis(500);

    @Spec
    CommandSpec spec;

    @Option(
            names = "--control",
            paramLabel = "SOCKET",
            description = "Control socket of the program to talk to (default: $$SKYWIRE_CONTROL, ./local, the state"
                    + " folders).")
    Path socket;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Override
    public Integer call() throws IOException {
        Console outer = ControlCommand.console(spec);
        Map<String, String> environment = new HashMap<>(outer.environment());
        if (socket != null) {
            environment.put("SKYWIRE_CONTROL", socket.toAbsolutePath().toString());
        }
        Console console = outer.with(environment);
        var shell = new Shell(console, Shell::usualTree);
        if (!console.terminal()) {
            return shell.run(new ShellScript(console));
        }
        greet(console);
        try (ShellTerminal terminal = ShellTerminal.open(shell, history(console), false)) {
            shell.run(terminal);
            return Exit.OK; // each command has told how it ended
        }
    }

    /** Where lines are kept between sessions. */
    static Path history(Console console) {
        return ControlPath.state(console.environment(), "skywire").resolve("history");
    }

    private static void greet(Console console) {
        var options = new ControlOptions();
        options.timeout = PATIENCE;
        try {
            if (options.call(console, "visor.info", new JsonObject(), Progress.NONE) instanceof JsonObject info
                    && info.get("local_pk") instanceof JsonPrimitive key) {
                console.note("node " + Units.brief(key.getAsString(), false)
                        + " answers · Tab completes, help lists the commands, Ctrl-D leaves");
                return;
            }
        } catch (IOException e) {
            // told below
        }
        console.note("no node answers yet; start one:  skywire local   · help lists the commands, Ctrl-D leaves");
    }
}
