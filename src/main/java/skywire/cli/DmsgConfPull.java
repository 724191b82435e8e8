package skywire.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import skywire.config.ConfigException;
import skywire.config.ConfigFile;
import skywire.deployment.Deployment;
import skywire.deployment.DeploymentDocument;
import skywire.deployment.PulledDocument;
import skywire.entry.DmsgEntry;
import skywire.key.PublicKey;
import skywire.platform.Deadline;
import skywire.platform.Platform;

/** {@code dmsg conf pull}: the list of servers of the discovery into a document (deployment §3, discovery §6.3). */
@Command(
        name = "pull",
        description = {
            "Bring the dmsg servers of a deployment document up to date: ask its discovery, over dmsg, through the servers "
                    + "that are known already (within 45 s unless --timeout says otherwise).",
            "Every list dmsg_servers in the file gets them; all other bytes stay."
        })
final class DmsgConfPull implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            description = "The document to write to (default: that of --embedded, else $$" + DeploymentDocument.VARIABLE
                    + ").")
    Path file;

    @Option(
            names = "--embedded",
            paramLabel = "FILE",
            description =
                    "The document to ask by, such as conf/services-config.json of the sources (default: FILE if it "
                            + "names a discovery, else the one that is used or built in).")
    Path embedded;

    @Option(names = "--dry-run", description = "Show what would change, and write nothing.")
    boolean dryRun;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "45s",
            converter = DurationConverter.class,
            description = "How long it may take in all, 0 for ever (default: ${DEFAULT-VALUE}).")
    Duration timeout;

    @Option(names = "--json", description = "Print the result as JSON.")
    boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    /** Whom to ask, as which document says, and through whom. */
    private record Source(String name, PublicKey discovery, List<DmsgEntry> servers) {}

    @Override
    public Integer call() throws IOException {
        Console console = ControlCommand.console(spec);
        Platform platform = Platform.system();
        Deadline deadline = timeout.isZero() ? Deadline.NEVER : platform.clock().in(timeout);
        Path target = target(console);
        String before = ConfigFile.text(target);
        Source source = source(console, target, before);
        if (!json) {
            console.note("asking the discovery " + source.discovery().brief() + " of " + source.name() + " over dmsg");
        }
        Logs.quiet();
        List<DmsgEntry> servers = new ServerPull(platform, source.discovery()).servers(source.servers(), deadline);
        PulledDocument pulled = PulledDocument.of(target.toString(), before, servers);
        if (!dryRun && pulled.isChanged()) {
            ConfigFile.replace(target, pulled.text());
        }
        show(console, target, before, pulled, servers.size());
        return Exit.OK;
    }

    private Path target(Console console) {
        String used = console.environment().getOrDefault(DeploymentDocument.VARIABLE, "");
        if (file != null) {
            return file;
        } else if (embedded != null) {
            return embedded;
        } else if (!used.isEmpty()) {
            return Path.of(used);
        }
        throw new ParameterException(
                spec.commandLine(), "which document? Name a FILE, or set " + DeploymentDocument.VARIABLE);
    }

    private Source source(Console console, Path target, String before) throws ConfigException {
        DeploymentDocument used = DeploymentDocument.load(console.environment());
        DeploymentDocument written;
        DeploymentDocument asked;
        if (embedded != null) {
            asked = DeploymentDocument.read(embedded);
            written = asked;
        } else {
            written = DeploymentDocument.parse(target.toString(), before);
            asked = written.usual().discoveryKey().isPresent() ? written : used;
        }
        Deployment deployment = asked.usual();
        PublicKey discovery = deployment
                .discoveryKey()
                .orElseThrow(() -> new ConfigException(
                        asked.name() + ": the deployment \"" + deployment.name()
                                + "\" has no \"dmsg_discovery_dmsg\", so nobody can be asked",
                        "add  \"dmsg_discovery_dmsg\": \"dmsg://<public key of the discovery>:80\""));
        List<DmsgEntry> servers =
                ServerPull.union(List.of(deployment.servers(), known(written, discovery), known(used, discovery)));
        if (servers.isEmpty()) {
            throw new ConfigException(
                    asked.name() + ": the deployment \"" + deployment.name()
                            + "\" has no server to ask through, and the built-in document none of that discovery",
                    "put one into its \"" + PulledDocument.MEMBER
                            + "\":  {\"static\": \"<public key>\", \"server\": {\"address\": \"host:port\"}}");
        }
        if (embedded == null || file == null) {
            warnOfOthers(console, written, discovery);
        }
        return new Source(asked.name(), discovery, servers);
    }

    private static void warnOfOthers(Console console, DeploymentDocument written, PublicKey discovery) {
        for (Deployment other : written.blocks()) {
            if (other.discoveryKey().isPresent() && !other.discoveryKey().get().equals(discovery)) {
                console.warning("\"" + other.name() + "\" has another discovery, and gets the same servers");
            }
        }
    }

    private static List<DmsgEntry> known(DeploymentDocument document, PublicKey discovery) {
        return document.withDiscovery(discovery).map(Deployment::servers).orElse(List.of());
    }

    private void show(Console console, Path target, String before, PulledDocument pulled, int servers) {
        if (json) {
            ControlCommand.printJson(console, "dmsg.conf.pull", json(target, pulled, servers));
            return;
        }
        if (dryRun) {
            TextDiff.of(target.toString(), before, pulled.text()).forEach(console::line);
        }
        for (PulledDocument.Changes list : pulled.lists()) {
            if (!list.isEmpty() && !dryRun) {
                console.line(target + ":" + list.line());
                lines(console, "+", list.came());
                lines(console, "-", list.went());
                lines(console, "~", list.moved());
            }
        }
        int lists = pulled.lists().size();
        String what =
                servers + (servers == 1 ? " server" : " servers") + " in " + lists + (lists == 1 ? " list" : " lists");
        console.note(target + ": " + what
                + (!pulled.isChanged() ? ", nothing to change" : dryRun ? "; nothing was written" : ", written"));
    }

    private static void lines(Console console, String sign, Map<PublicKey, String> servers) {
        servers.forEach((key, address) -> console.line("  " + sign + " " + key.hex() + "  " + address));
    }

    private JsonObject json(Path target, PulledDocument pulled, int servers) {
        var lists = new JsonArray();
        for (PulledDocument.Changes list : pulled.lists()) {
            var one = new JsonObject();
            one.addProperty("line", list.line());
            one.add("came", json(list.came()));
            one.add("went", json(list.went()));
            one.add("moved", json(list.moved()));
            lists.add(one);
        }
        var result = new JsonObject();
        result.addProperty("file", target.toString());
        result.addProperty("servers", servers);
        result.addProperty("changed", pulled.isChanged());
        result.addProperty("written", pulled.isChanged() && !dryRun);
        result.add("lists", lists);
        return result;
    }

    private static JsonObject json(Map<PublicKey, String> servers) {
        var json = new JsonObject();
        servers.forEach((key, address) -> json.addProperty(key.hex(), address));
        return json;
    }
}
