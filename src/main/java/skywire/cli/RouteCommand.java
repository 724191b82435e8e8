package skywire.cli;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Routing rules of this node, and ways to others. */
@Command(
        name = "route",
        description = "Routing rules of this node, and ways to other nodes.",
        subcommands = {RouteCommand.Ls.class, RouteCommand.Calc.class, RouteCommand.Find.class})
final class RouteCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    /** {@code route ls}. */
    @Command(name = "ls", description = "List the routing rules.")
    static final class Ls extends ListCommand {
        @Override
        String method() {
            return "route.rules";
        }

        @Override
        void render(JsonObject result, Console console) {
            var table = new Table(">id", "kind", ">next id", "transport", "from", "to", ">idle", ">ends after");
            for (Fields r : Fields.list(result, "rules")) {
                table.row(
                        r.text("id"),
                        r.text("kind"),
                        r.text("next_id"),
                        Units.brief(r.text("transport"), options.full),
                        end(r.text("src")),
                        end(r.text("dst")),
                        r.age("idle_seconds"),
                        r.age("keep_alive_seconds"));
            }
            if (table.isEmpty()) {
                console.line("no rules");
            } else {
                table.print(console);
            }
        }

        private String end(String keyAndPort) {
            int colon = keyAndPort == null ? -1 : keyAndPort.indexOf(':');
            return colon < 0
                    ? keyAndPort
                    : Units.brief(keyAndPort.substring(0, colon), options.full) + keyAndPort.substring(colon);
        }
    }

    /** What calc and find share. */
    abstract static class Ways extends ControlCommand {
        @Parameters(paramLabel = "KEY", description = "Public key of the node to reach, or its beginning.")
        String to;

        @Option(names = "--from", paramLabel = "KEY", description = "Where the route begins (default: this node).")
        String from;

        @Option(names = "--min-hops", paramLabel = "N", description = "Fewest hops.")
        Integer minHops;

        @Option(names = "--max-hops", paramLabel = "N", description = "Most hops.")
        Integer maxHops;

        @Option(
                names = {"-n", "--count"},
                paramLabel = "N",
                description = "Most routes to show.")
        Integer count;

        @Override
        JsonObject parameters() throws IOException {
            var params = new JsonObject();
            params.addProperty("dst", Keys.expand(this, to));
            if (from != null) {
                params.addProperty("src", Keys.expand(this, from));
            }
            params.addProperty("min_hops", minHops);
            params.addProperty("max_hops", maxHops);
            params.addProperty("count", count);
            return params;
        }

        @Override
        void render(JsonObject result, Console console) {
            List<Fields> routes = Fields.list(result, "routes");
            for (int i = 0; i < routes.size(); i++) {
                List<Fields> hops = Fields.list(routes.get(i).json(), "hops");
                console.line("route " + (i + 1) + ", " + hops.size() + (hops.size() == 1 ? " hop" : " hops"));
                Hops.print(console, hops, options.full);
            }
        }
    }

    /** {@code route calc}. */
    @Command(name = "calc", description = "Calculate routes here, from the transports that are registered.")
    static final class Calc extends Ways {
        @Override
        String method() {
            return "route.calc";
        }
    }

    /** {@code route find}. */
    @Command(name = "find", description = "Ask the route finder for routes.")
    static final class Find extends Ways {
        @Override
        String method() {
            return "route.find";
        }
    }
}
