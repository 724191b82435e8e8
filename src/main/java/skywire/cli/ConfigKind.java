package skywire.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import skywire.config.Config;
import skywire.config.ConfigException;
import skywire.config.ConfigText;
import skywire.key.SecretKey;
import skywire.platform.Platform;
import skywire.visor.VisorConfig;

/** Which program a configuration is for, and whether that program understands it. */
final class ConfigKind {
    private ConfigKind() {}

    /**
     * Refuses a configuration that has members of another program only: without this, the first member that is missing
     * would be told, or all of it would be ignored.
     */
    static void checkOwner(String program, Config config) throws IOException {
        if (!ownedBy(program, config).isEmpty()) {
            return;
        }
        for (String other : ConfigCommand.PROGRAMS) {
            Optional<String> member = ownedBy(other, config).stream().findFirst();
            if (!other.equals(program) && member.isPresent()) {
                throw new ConfigException(
                        config.file() + ": this is a configuration of " + other + ", not of " + program + " (\""
                                + member.get() + "\" is only there)",
                        "start that:  skywire " + other + " -c " + config.file());
            }
        }
    }

    /** Members of this configuration that only that program has. */
    private static List<String> ownedBy(String program, Config config) throws IOException {
        Set<String> others = new TreeSet<>();
        for (String other : ConfigCommand.PROGRAMS) {
            if (!other.equals(program)) {
                others.addAll(members(other));
            }
        }
        Set<String> own = members(program);
        return config.names().stream()
                .filter(name -> own.contains(name) && !others.contains(name))
                .toList();
    }

    private static Set<String> members(String program) throws IOException {
        return new TreeSet<>(
                Config.parse(program, ConfigCommand.example(program)).names());
    }

    /** Has the program's own code read a configuration; it makes and starts nothing. */
    static void check(String program, ConfigText text, Console console) throws ConfigException {
        Config config = Config.parse(program, text.text());
        if (config.string("sk", "").isEmpty()) { // it will be made, or is in a file
            SecretKey key = SecretKey.generate(Platform.system().random());
            ConfigText whole =
                    text.with("sk", key.hex()).with("pk", key.publicKey().hex());
            config = Config.parse(program, whole.text());
        }
        Program.level(config, null);
        Path folder = Path.of(config.string("local_path", ""));
        var start = new Program.Start(Platform.system(), console, config, folder, () -> {});
        switch (program) {
            case "visor" -> VisorConfig.read(config, start::keyFile, folder);
            case "dmsg-discovery" -> DmsgDiscoveryCommand.Settings.read(start);
            case "dmsg-server" -> DmsgServerCommand.Settings.read(start);
            case "transport-discovery" -> TransportDiscoveryCommand.Settings.read(start);
            case "route-finder" -> RouteFinderCommand.Settings.read(start);
            case "setup-node" -> SetupNodeCommand.Settings.read(start);
            default -> throw new IllegalArgumentException(program);
        }
    }
}
