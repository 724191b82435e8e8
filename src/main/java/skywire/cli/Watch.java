package skywire.cli;

import java.io.IOException;
import java.time.Duration;
import picocli.CommandLine.Option;
import skywire.platform.Platform;

/** Showing a result again and again. */
final class Watch {
    private static final Duration LEAST = Duration.ofMillis(100);

    @Option(
            names = "--watch",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            arity = "0..1",
            fallbackValue = "1s",
            description = "Show it again every so often (1s if not said), until Ctrl-C.")
    Duration every;

    /** Shows something once. */
    @FunctionalInterface
    interface Shown {
        /** Asks, and prints by this; returns the exit code. */
        int show(Runnable clear) throws IOException;
    }

    /** Shows it, as often as is wanted. */
    int run(Console console, boolean json, Shown shown) throws IOException {
        while (true) {
            int code = shown.show(() -> {
                if (every != null && console.terminal() && !json) {
                    console.out().print("\u001b[H\u001b[2J");
                }
            });
            console.out().flush();
            if (every == null) {
                return code;
            }
            if (console.out().checkError()) {
                return Exit.OK; // nobody reads any more
            }
            Platform.system().clock().sleep(every.compareTo(LEAST) < 0 ? LEAST : every);
        }
    }
}
