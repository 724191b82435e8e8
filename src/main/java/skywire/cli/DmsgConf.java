package skywire.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import skywire.deployment.Deployment;
import skywire.deployment.DeploymentDocument;
import skywire.deployment.Servers;
import skywire.entry.DmsgEntry;
import skywire.http.HttpUrl;

/** {@code dmsg conf}: the deployment document. */
@Command(
        name = "conf",
        description = "The deployment document: which directories and dmsg servers belong together.",
        subcommands = {DmsgConfPull.class, DmsgConf.Show.class})
final class DmsgConf {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    /** {@code dmsg conf show}. */
    @Command(name = "show", description = "Check a deployment document, and show what programs take from it.")
    static final class Show implements Callable<Integer> {
        @Spec
        CommandSpec spec;

        @Parameters(
                paramLabel = "FILE",
                arity = "0..1",
                description = "The document (default: $$" + DeploymentDocument.VARIABLE + ", else the built-in one).")
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
            Console console = ControlCommand.console(spec);
            DeploymentDocument document =
                    file == null ? DeploymentDocument.load(console.environment()) : DeploymentDocument.read(file);
            document.usual(); // which there must be
            if (json) {
                ControlCommand.printJson(console, "dmsg.conf", json(document));
            } else {
                document.blocks().forEach(block -> print(console, document.name(), block));
            }
            return Exit.OK;
        }

        private static void print(Console console, String name, Deployment block) {
            console.line(console.paint("1", block.name()) + "  of " + name);
            print(console, "dmsg discovery", block.discoveryService());
            print(console, "transports", block.transportDiscovery());
            print(console, "routes", block.routeFinder());
            block.setupNodes().forEach(node -> line(console, "setup node", node.hex()));
            for (DmsgEntry server : block.servers()) {
                line(console, "dmsg server", server.key().hex() + "  " + Servers.address(server));
            }
        }

        private static void print(Console console, String name, Deployment.Service service) {
            service.http().ifPresent(url -> line(console, name, url.toString()));
            service.dmsg().ifPresent(url -> line(console, name, url.toString()));
        }

        private static void line(Console console, String name, String value) {
            console.line(String.format("  %-14s  %s", name, value));
        }

        private static JsonObject json(DeploymentDocument document) {
            var blocks = new JsonArray();
            for (Deployment block : document.blocks()) {
                var one = new JsonObject();
                one.addProperty("name", block.name());
                add(one, "dmsg_discovery", block.discoveryService());
                add(one, "transport_discovery", block.transportDiscovery());
                add(one, "route_finder", block.routeFinder());
                var nodes = new JsonArray();
                block.setupNodes().forEach(node -> nodes.add(node.hex()));
                one.add("route_setup_nodes", nodes);
                one.add("dmsg_servers", servers(block.servers()));
                blocks.add(one);
            }
            var json = new JsonObject();
            json.addProperty("document", document.name());
            json.add("deployments", blocks);
            return json;
        }

        private static void add(JsonObject to, String name, Deployment.Service service) {
            add(to, name, service.http());
            add(to, name + "_dmsg", service.dmsg());
        }

        private static void add(JsonObject to, String name, Optional<HttpUrl> url) {
            url.ifPresent(there -> to.addProperty(name, there.toString()));
        }

        private static JsonArray servers(List<DmsgEntry> servers) {
            var list = new JsonArray();
            for (DmsgEntry server : servers) {
                var one = new JsonObject();
                one.addProperty("static", server.key().hex());
                one.addProperty("address", Servers.address(server));
                list.add(one);
            }
            return list;
        }
    }
}
