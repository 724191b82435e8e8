package skywire.cli;

import com.google.gson.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Route groups: conversations over routes. */
@Command(name = "rg", description = "Route groups: the conversations over routes.", subcommands = RgCommand.Ls.class)
final class RgCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    /** {@code rg ls}: the path is under its group, where there is room for it. */
    @Command(name = "ls", description = "List the route groups.")
    static final class Ls extends ListCommand {
        private static final int INDENT = 7;

        @Override
        String method() {
            return "rg.list";
        }

        @Override
        void render(JsonObject result, Console console) {
            var table = new Table(">port", "with", "opened", "kind", ">hops", ">rtt", ">sent", ">received", ">age");
            for (Fields g : Fields.list(result, "groups")) {
                var hops = Fields.list(g.json(), "hops");
                table.row(
                        g.text("local_port"),
                        Units.brief(g.text("remote_pk"), options.full) + ":" + g.text("remote_port"),
                        g.flag("initiator") ? "here" : "there",
                        kind(g),
                        hops.isEmpty() ? null : String.valueOf(hops.size()),
                        g.millis("rtt_ms"),
                        g.bytes("sent_bytes"),
                        g.bytes("recv_bytes"),
                        g.age("age_seconds"));
                Legs.countLines(g, console, INDENT).forEach(table::below);
                if (Legs.of(g).isEmpty()) {
                    Hops.lines(hops, options.full, console.width(), INDENT).forEach(table::below);
                } else {
                    Legs.counters(Legs.of(g), options.full, console, INDENT).forEach(table::below);
                }
            }
            if (table.isEmpty()) {
                console.line("no route groups");
            } else {
                table.print(console);
            }
        }

        /** Peers that know legs only as the first ones knew them are slower; it is good to see that. */
        private static String kind(Fields group) {
            String kind = group.text("kind", "plain");
            return switch (kind) {
                case "full" -> "mux";
                case "compatible" -> "mux, old";
                default -> kind;
            };
        }
    }
}
