package skywire.cli;

import com.google.gson.JsonObject;
import java.io.IOException;
import picocli.CommandLine.Mixin;

/** A call whose result is worth looking at again and again. */
abstract class ListCommand extends ControlCommand {
    @Mixin
    Watch watch;

    @Override
    public Integer call() throws IOException {
        return watch.run(console(), options.json, clear -> {
            JsonObject result = result(parameters());
            clear.run();
            show(result);
            return exitCode(result);
        });
    }
}
