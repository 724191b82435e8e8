package skywire.cli;

import java.io.IOException;
import java.util.Optional;
import skywire.config.ConfigException;
import skywire.control.ControlException;
import skywire.platform.Failure;

/** Exit codes, and how a failure is told. */
final class Exit {
    static final int OK = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int UNREACHABLE = 3;
    static final int TIMEOUT = 124;
    /** By Ctrl-C, as shells count it. */
    static final int INTERRUPTED = 130;

    /** By TERM, as shells count it. */
    static final int TERMINATED = 143;

    private Exit() {}

    /** Prints the one line, the advice if there is one, and returns the exit code. */
    static int tell(Console console, IOException e) {
        if (Thread.currentThread().isInterrupted()) {
            console.note("interrupted");
            return INTERRUPTED;
        }
        Optional<String> hint = switch (e) {
            case ControlException c -> c.hint();
            case ConfigException c -> c.hint();
            default -> Optional.empty();
        };
        console.error(Failure.text(e), hint.orElse(null));
        Failure.Kind kind = switch (e) {
            case ControlException c -> c.kind();
            case ConfigException c -> Failure.Kind.REFUSED;
            default -> Failure.kindOf(e);
        };
        return switch (kind) {
            case UNREACHABLE -> UNREACHABLE;
            case TIMEOUT -> TIMEOUT;
            case CLOSED_HERE, CLOSED_THERE, REFUSED, NOT_FOUND, UNTRUSTED, MALFORMED, LIMIT, CANCELLED -> FAILED;
        };
    }
}
