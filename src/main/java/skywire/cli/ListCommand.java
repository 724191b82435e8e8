package skywire.cli;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.time.Duration;
import picocli.CommandLine.Option;
import skywire.platform.Platform;

/** A call whose result is worth looking at again and again. */
abstract class ListCommand extends ControlCommand {
    @Option(
            names = "--watch",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            arity = "0..1",
            fallbackValue = "1s",
            description = "Show it again every so often (1s if not said), until Ctrl-C.")
    Duration watch;

    @Override
    public Integer call() throws IOException {
        while (true) {
            JsonObject result = result(parameters());
            if (watch != null && console().terminal() && !options.json) {
                console().out().print("\u001b[H\u001b[2J");
            }
            show(result);
            console().out().flush();
            if (watch == null) {
                return exitCode(result);
            }
            if (console().out().checkError()) {
                return Exit.OK; // nobody reads any more
            }
            Platform.system()
                    .clock()
                    .sleep(watch.compareTo(Duration.ofMillis(100)) < 0 ? Duration.ofMillis(100) : watch);
        }
    }
}
