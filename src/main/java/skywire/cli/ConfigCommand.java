package skywire.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import skywire.config.ConfigException;
import skywire.config.ConfigFile;
import skywire.config.ConfigText;
import skywire.control.ControlPath;
import skywire.deployment.Deployment;
import skywire.deployment.DeploymentDocument;
import skywire.http.HttpUrl;
import skywire.key.SecretKey;
import skywire.platform.Platform;

/** Configurations of the lasting programs. */
@Command(
        name = "config",
        description = "Configurations of the lasting programs.",
        subcommands = {ConfigCommand.Gen.class, ConfigSet.class})
final class ConfigCommand {
    /** Programs that have a configuration; each has an example of that name. */
    static final List<String> PROGRAMS =
            List.of("visor", "dmsg-discovery", "dmsg-server", "transport-discovery", "route-finder", "setup-node");

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    /** The commented example of a program. */
    static String example(String program) throws IOException {
        try (InputStream in = ConfigCommand.class.getResourceAsStream("/conf/" + program + ".json")) {
            if (in == null) {
                throw new IllegalStateException("no example for " + program);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** {@code config gen}. */
    @Command(
            name = "gen",
            description =
                    "Write a commented configuration with a new key, readable by its owner only; its services are "
                            + "those of the deployment in $$" + DeploymentDocument.VARIABLE
                            + ", else of the built-in one.",
            footer = {
                "",
                "Programs: visor, dmsg-discovery, dmsg-server, transport-discovery, route-finder, setup-node.",
                "Example:  skywire config gen dmsg-server --set listening_address=:8082 -o server-2.json"
            })
    static final class Gen implements Callable<Integer> {
        @Spec
        CommandSpec spec;

        @Parameters(paramLabel = "PROGRAM", description = "For which program.")
        String program;

        @Option(
                names = {"-o", "--out"},
                paramLabel = "FILE",
                description = "Where to write it (default: PROGRAM.json).")
        Path out;

        @Option(
                names = {"-s", "--set"},
                paramLabel = "NAME=VALUE",
                description = "Another value than the example's; a name inside an object is OBJECT.NAME. Repeatable.")
        List<String> settings = new ArrayList<>();

        @Option(names = "--force", description = "Overwrite the file, and with it the key it holds.")
        boolean force;

        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                description = "Show this help.")
        boolean help;

        @Override
        public Integer call() throws IOException {
            if (!PROGRAMS.contains(program)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "\"" + program + "\" has no configuration; one of: " + String.join(", ", PROGRAMS));
            }
            Console console = ControlCommand.console(spec);
            Path file = out == null ? Path.of(program + ".json") : out;
            if (Files.exists(file) && !force) {
                throw new ConfigException(
                        file + ": exists already and is not overwritten", "choose another:  -o FILE   (or: --force)");
            }
            WholeFile.checkFolder(file);
            SecretKey key = SecretKey.generate(Platform.system().random());
            ConfigText text = usual(program, console.environment())
                    .with("sk", key.hex())
                    .with("pk", key.publicKey().hex())
                    .with("local_path", folder(console, file));
            for (String setting : settings) {
                text = set(text, setting);
            }
            check(text, console);
            ConfigFile.write(file, text.text());
            console.line("public key  " + key.publicKey().hex());
            console.line("written to  " + file);
            console.line("start it:   skywire " + program + " -c " + file);
            return Exit.OK;
        }

        /** The example of a program, in the usual deployment: what it runs with unless told otherwise. */
        static ConfigText usual(String program, Map<String, String> environment) throws IOException {
            Deployment deployment = DeploymentDocument.load(environment).usual();
            return partOf(deployment, new ConfigText(program + ".json", example(program)));
        }

        /** With the services of the deployment, wherever the example names one. */
        private static ConfigText partOf(Deployment deployment, ConfigText example) throws ConfigException {
            String discovery = url(deployment.discoveryService());
            Map<String, String> members = new LinkedHashMap<>();
            members.put("discovery", discovery);
            members.put("dmsg.discovery", discovery);
            members.put("transport.discovery", url(deployment.transportDiscovery()));
            members.put("transport_discovery", url(deployment.transportDiscovery()));
            members.put("routing.route_finder", url(deployment.routeFinder()));
            String nodes = deployment.setupNodes().stream()
                    .map(node -> "\"" + node.hex() + "\"")
                    .collect(Collectors.joining(", ", "[", "]"));
            members.put("routing.route_setup_nodes", nodes);
            ConfigText text = example;
            for (Map.Entry<String, String> member : members.entrySet()) {
                text = text.has(member.getKey()) ? text.with(member.getKey(), member.getValue()) : text;
            }
            return text;
        }

        private static String url(Deployment.Service service) {
            return service.any().map(HttpUrl::toString).orElse("");
        }

        /** Programs of other files than the usual one keep their state apart. */
        private String folder(Console console, Path file) {
            String name = file.getFileName().toString().replaceFirst("\\.json$", "");
            return name.equals(program)
                    ? ""
                    : ControlPath.state(console.environment(), "skywire/" + name)
                            .toString();
        }

        /** What is wrong with a value is better told now than when the program is started. */
        private void check(ConfigText text, Console console) throws ConfigException {
            if (settings.isEmpty()) {
                return;
            }
            try {
                ConfigKind.check(program, text, console);
            } catch (ConfigException e) {
                String what = e.getMessage().replaceFirst("^" + program + ":\\d+:\\d+: ", "");
                throw new ConfigException("--set: " + what, e.hint().orElse("nothing was written"));
            }
        }

        private ConfigText set(ConfigText text, String setting) throws ConfigException {
            int equals = setting.indexOf('=');
            if (equals < 1) {
                throw new ParameterException(spec.commandLine(), "--set " + setting + ": expected NAME=VALUE");
            }
            return text.with(setting.substring(0, equals), setting.substring(equals + 1));
        }
    }
}
