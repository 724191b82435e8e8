package skywire.cli;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import skywire.config.ConfigException;
import skywire.config.ConfigFile;
import skywire.key.SecretKey;
import skywire.platform.Platform;

/** Key pairs. */
@Command(
        name = "keys",
        description = "Key pairs: the identity of a node.",
        subcommands = {KeysCommand.Gen.class, KeysCommand.Show.class, KeysRotate.class})
final class KeysCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    /** {@code keys gen}. */
    @Command(name = "gen", description = "Make a new key pair. The secret key goes to a file only its owner can read.")
    static final class Gen implements Callable<Integer> {
        @Spec
        CommandSpec spec;

        @Option(
                names = {"-o", "--out"},
                paramLabel = "FILE",
                defaultValue = "node.key",
                description = "Where the secret key goes (default: ${DEFAULT-VALUE}).")
        Path out;

        @Option(names = "--json", description = "Print the result as JSON.")
        boolean json;

        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                description = "Show this help.")
        boolean help;

        @Override
        public Integer call() throws IOException {
            if (Files.exists(out)) {
                throw new ConfigException(out + ": exists already and is not overwritten", "choose another:  -o FILE");
            }
            WholeFile.checkFolder(out);
            SecretKey key = ConfigFile.key(out, Platform.system());
            Shown.key(ControlCommand.console(spec), key, out, json);
            return Exit.OK;
        }
    }

    /** {@code keys show}. */
    @Command(name = "show", description = "Print the public key of a key file.")
    static final class Show implements Callable<Integer> {
        @Spec
        CommandSpec spec;

        @Parameters(
                paramLabel = "FILE",
                arity = "0..1",
                defaultValue = "node.key",
                description = "The key file (default: ${DEFAULT-VALUE}).")
        Path file;

        @Option(names = "--json", description = "Print the result as JSON.")
        boolean json;

        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                description = "Show this help.")
        boolean help;

        @Override
        public Integer call() throws IOException {
            if (!Files.exists(file)) {
                throw new ConfigException(file + ": no such file", "make one:  skywire keys gen -o " + file);
            }
            Shown.key(ControlCommand.console(spec), ConfigFile.key(file, Platform.system()), file, json);
            return Exit.OK;
        }
    }

    private static final class Shown {
        static void key(Console console, SecretKey key, Path file, boolean json) {
            if (json) {
                var result = new JsonObject();
                result.addProperty("pk", key.publicKey().hex());
                result.addProperty("file", file.toString());
                ControlCommand.printJson(console, "keys", result);
            } else {
                console.line("public key  " + key.publicKey().hex());
                console.line("secret key  in " + file);
            }
        }
    }
}
