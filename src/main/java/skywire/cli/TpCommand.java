package skywire.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Transports: links of this node to others. */
@Command(
        name = "tp",
        description = "Transports: the links of this node to other nodes.",
        subcommands = {TpCommand.Ls.class, TpCommand.Add.class, TpCommand.Rm.class})
final class TpCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    /** {@code tp ls}. */
    @Command(name = "ls", description = "List the transports.")
    static final class Ls extends ListCommand {
        @Override
        String method() {
            return "tp.list";
        }

        @Override
        void render(JsonObject result, Console console) {
            var table = new Table("id", "type", "to", ">rtt", ">sent", ">received", ">age", "state", "label");
            for (Fields t : Fields.list(result, "transports")) {
                table.row(
                        Units.brief(t.text("id"), options.full),
                        t.text("type"),
                        Units.brief(t.text("remote_pk"), options.full),
                        t.millis("rtt_ms"),
                        t.bytes("sent_bytes"),
                        t.bytes("recv_bytes"),
                        t.age("age_seconds"),
                        t.flag("up") ? "up" : "down",
                        t.text("label", "") + (t.flag("persistent") ? " ★" : ""));
            }
            if (table.isEmpty()) {
                console.line("no transports; add one:  skywire tp add <key>");
            } else {
                table.print(console);
            }
        }
    }

    /** What completion offers. */
    static final class Types implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of("stcp", "dmsg").iterator();
        }
    }

    /** {@code tp add}. */
    @Command(name = "add", description = "Make a transport to another node.")
    static final class Add extends ControlCommand {
        @Parameters(
                paramLabel = "KEY",
                description = "Public key of the other node, or its beginning if that is known here.")
        String key;

        @Option(
                names = {"-t", "--type"},
                paramLabel = "TYPE",
                completionCandidates = Types.class,
                description = "stcp or dmsg (default: what works, stcp first).")
        String type;

        @Option(names = "--persistent", description = "Make it again whenever it ends.")
        boolean persistent;

        @Override
        String method() {
            return "tp.add";
        }

        @Override
        JsonObject parameters() throws IOException {
            var params = new JsonObject();
            params.addProperty("pk", Keys.expand(this, key));
            if (type != null) {
                params.addProperty("type", type);
            }
            if (persistent) {
                params.addProperty("persistent", true);
            }
            return params;
        }

        @Override
        void render(JsonObject result, Console console) {
            var f = new Fields(result);
            console.line("transport " + Units.brief(f.text("id", "?"), options.full) + " is up: " + f.text("type", "?")
                    + " → " + Units.brief(f.text("remote_pk", "?"), options.full));
        }
    }

    /** {@code tp rm}. */
    @Command(name = "rm", description = "End a transport.")
    static final class Rm extends ControlCommand {
        @Parameters(paramLabel = "ID", description = "Its id, or the beginning of it.")
        String id;

        @Override
        String method() {
            return "tp.rm";
        }

        @Override
        JsonObject parameters() {
            var params = new JsonObject();
            params.addProperty("id", id);
            return params;
        }

        @Override
        void render(JsonObject result, Console console) {
            if (result.get("removed") instanceof com.google.gson.JsonArray removed) {
                for (JsonElement one : removed) {
                    console.line("removed " + Units.brief(one.getAsString(), options.full));
                }
            }
        }
    }
}
