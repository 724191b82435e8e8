package skywire.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Option;
import skywire.control.ControlClient;
import skywire.control.ControlException;
import skywire.control.ControlPath;
import skywire.control.Progress;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;

/** Options of every command that talks to a running program, and the talking. */
final class ControlOptions {
    static final String NODE_ADVICE =
            "start one:  skywire local   or:  skywire visor -c visor.json   (or say where it is: --control SOCKET)";

    @Option(
            names = "--control",
            paramLabel = "SOCKET",
            description = "Control socket of the program (default: $$SKYWIRE_CONTROL, ./local, the state folders).")
    Path socket;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            converter = DurationConverter.class,
            description = "How long to wait for an answer, 0 for ever (default: ${DEFAULT-VALUE}).")
    Duration timeout;

    @Option(names = "--json", description = "Print the result as JSON.")
    boolean json;

    @Option(names = "--full", description = "Show keys and ids in full.")
    boolean full;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    /** When the patience that begins now ends. */
    Deadline deadline() {
        return timeout.isZero() ? Deadline.NEVER : Platform.system().clock().in(timeout);
    }

    /** Calls the first node that answers. */
    JsonElement call(Console console, String method, JsonObject parameters, Progress progress) throws IOException {
        return call(ControlPath.candidates(console.environment()), NODE_ADVICE, method, parameters, progress);
    }

    /** Calls the first program that answers at these places, or where the options say; else advises to start one. */
    JsonElement call(List<Path> usual, String advice, String method, JsonObject parameters, Progress progress)
            throws IOException {
        Platform platform = Platform.system();
        Deadline deadline = deadline();
        List<Path> tried = socket == null ? usual : List.of(socket);
        for (Path path : tried) {
            if (Files.exists(path)) {
                try {
                    return new ControlClient(platform, path).call(method, parameters, progress, deadline);
                } catch (Failure e) {
                    if (e.kind() != Failure.Kind.UNREACHABLE) {
                        throw e;
                    }
                }
            }
        }
        throw new ControlException(
                Failure.Kind.UNREACHABLE,
                "no node answers at " + tried.getFirst() + (tried.size() > 1 ? " nor at the other usual places" : ""),
                advice);
    }
}
