package skywire.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import skywire.config.Config;
import skywire.config.ConfigException;
import skywire.config.ConfigFile;
import skywire.config.ConfigText;
import skywire.control.ControlClient;
import skywire.control.ControlException;
import skywire.control.ControlPath;
import skywire.control.Progress;
import skywire.key.SecretKey;
import skywire.platform.Failure;
import skywire.platform.Platform;

/** {@code keys rotate}: the way out when two dmsg servers have one key (deployment §4). */
@Command(
        name = "rotate",
        description = {
            "Give a dmsg server a new key. Its configuration, or node.key in its folder, is rewritten as a whole after a"
                    + " backup; comments and formatting stay. The entry of the old key is removed from the discovery."
        })
final class KeysRotate implements Callable<Integer> {
    private static final Duration ASK_LIMIT = Duration.ofSeconds(2);

    @Spec
    CommandSpec spec;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            required = true,
            description = "The configuration of the server, which must not run.")
    Path file;

    @Option(
            names = {"-k", "--key"},
            paramLabel = "FILE",
            description = "Key file with the new key (default: a new key).")
    Path keyFile;

    @Option(names = "--json", description = "Print the result as JSON.")
    boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    private final Platform platform = Platform.system();

    /** Where a secret key is kept, and the text with another one in its place. */
    private record Place(Path file, SecretKey old, String text) {}

    @Override
    public Integer call() throws IOException {
        Console console = ControlCommand.console(spec);
        Config config = ConfigFile.read(file);
        Path folder = folder(console, config);
        checkStopped(folder);
        List<OldEntry> entries = // what is wrong with the configuration is told before anything changes
                OldEntry.read(platform, config, console.environment());
        SecretKey next = next();
        Place place = place(config, folder, next);
        if (next.publicKey().equals(place.old().publicKey())) {
            throw new ConfigException(keyFile + ": that is the key it has", "leave --key out for a new one");
        }
        Path backup = backUp(place);
        ConfigFile.write(place.file(), place.text());
        if (!json) {
            console.line("old key     " + place.old().publicKey().hex());
            console.line("new key     " + next.publicKey().hex());
            console.line("written to  " + place.file() + ", the old one is " + backup);
        }
        var removed = new JsonArray();
        for (OldEntry entry : entries) {
            String outcome = entry.remove(place.old());
            removed.add(outcome);
            if (!json) {
                console.line("old entry   " + outcome);
            }
        }
        if (json) {
            print(console, place, next, backup, removed);
        } else {
            console.line("start it:   skywire dmsg-server -c " + file
                    + "   (and tell those who name the old key in their lists)");
        }
        return Exit.OK;
    }

    private static void print(Console console, Place place, SecretKey next, Path backup, JsonArray removed) {
        var result = new JsonObject();
        result.addProperty("old_pk", place.old().publicKey().hex());
        result.addProperty("pk", next.publicKey().hex());
        result.addProperty("file", place.file().toString());
        result.addProperty("backup", backup.toString());
        result.add("old_entry", removed);
        ControlCommand.printJson(console, "keys.rotate", result);
    }

    private static Path folder(Console console, Config config) throws ConfigException {
        String stated = config.string("local_path", "");
        return stated.isEmpty() ? ControlPath.state(console.environment(), "skywire/dmsg-server") : Path.of(stated);
    }

    /** One that runs would register its old key again, and write nothing of the new one. */
    private void checkStopped(Path folder) throws ControlException {
        Path socket = folder.resolve(ControlPath.NAME);
        try {
            new ControlClient(platform, socket)
                    .call(
                            "visor.health",
                            new JsonObject(),
                            Progress.NONE,
                            platform.clock().in(ASK_LIMIT));
        } catch (IOException e) {
            return; // nobody answers
        }
        throw new ControlException(
                Failure.Kind.REFUSED,
                "the server runs, with its old key",
                "stop it first:  skywire visor halt --control " + socket);
    }

    private SecretKey next() throws ConfigException {
        if (keyFile == null) {
            return SecretKey.generate(platform.random());
        }
        if (!Files.exists(keyFile)) {
            throw new ConfigException(keyFile + ": no such file", "make one:  skywire keys gen -o " + keyFile);
        }
        return ConfigFile.key(keyFile, platform);
    }

    private Place place(Config config, Path folder, SecretKey next) throws IOException {
        boolean spelledOut = config.has("secret_key") || config.has("public_key");
        String secret = spelledOut ? "secret_key" : "sk";
        String pub = spelledOut ? "public_key" : "pk";
        Optional<SecretKey> stated = config.secretKey(secret, pub);
        if (stated.isEmpty()) {
            Path nodeKey = folder.resolve("node.key");
            if (!Files.exists(nodeKey)) {
                throw new ConfigException(
                        file + ": no key in it, and there is no " + nodeKey + ": this server never had one",
                        "start it, that makes one:  skywire dmsg-server -c " + file);
            }
            return new Place(real(nodeKey), ConfigFile.key(nodeKey, platform), next.hex() + "\n");
        }
        ConfigText text = new ConfigText(file.toString(), Files.readString(file)).with(secret, next.hex());
        if (config.has(pub)) {
            text = text.with(pub, next.publicKey().hex());
        }
        return new Place(real(file), stated.get(), text.text());
    }

    /** So that a link is not replaced by a file. */
    private static Path real(Path path) throws IOException {
        return path.toRealPath();
    }

    private static Path backUp(Place place) throws IOException {
        String name = place.file().getFileName() + "." + place.old().publicKey().brief() + ".bak";
        Path backup = place.file().resolveSibling(name);
        ConfigFile.write(backup, Files.readString(place.file()));
        return backup;
    }
}
