package skywire.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import skywire.config.Config;
import skywire.config.ConfigFile;
import skywire.config.ConfigText;

/** {@code config set}: changes values of a configuration and nothing else of it, comments least of all. */
@Command(
        name = "set",
        description = "Change values of a configuration; comments and all else of it stay.",
        footer = {"", "Example:  skywire config set visor.json routing.min_hops=2 log_level=debug"})
final class ConfigSet implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Parameters(index = "0", paramLabel = "FILE", description = "The configuration.")
    Path file;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "NAME=VALUE",
            description = "A member that is there, and its new value; a name inside an object is OBJECT.NAME.")
    List<String> settings;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Override
    public Integer call() throws IOException {
        ConfigFile.read(file); // what is wrong with it is told first
        ConfigText text = new ConfigText(file.toString(), ConfigFile.text(file));
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            if (equals < 1) {
                throw new ParameterException(spec.commandLine(), setting + ": expected NAME=VALUE");
            }
            text = text.with(setting.substring(0, equals), setting.substring(equals + 1));
        }
        Config.parse(file.toString(), text.text());
        ConfigFile.replace(file, text.text());
        ControlCommand.console(spec).line("written to  " + file);
        return Exit.OK;
    }
}
