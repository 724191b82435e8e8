package skywire.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** SOCKS and HTTP proxies through other nodes. */
@Command(
        name = "proxy",
        description = "SOCKS and HTTP proxies through other nodes.",
        subcommands = {
            ProxyCommand.Start.class,
            ProxyCommand.Stop.class,
            ProxyCommand.Status.class,
            ProxyCommand.Servers.class
        })
final class ProxyCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    /** {@code proxy start}. */
    @Command(
            name = "start",
            description = "Start a proxy whose exit is another node; returns when it works or has failed.")
    static final class Start extends ControlCommand {
        @Parameters(arity = "0..1", paramLabel = "KEY", description = "Public key of the exit, or its beginning.")
        String key;

        @Option(
                names = {"-k", "--pk"},
                paramLabel = "KEY",
                description = "The same, as an option.")
        String pk;

        @Option(
                names = "--addr",
                paramLabel = "HOST:PORT",
                description = "Where SOCKS5 listens (default: 127.0.0.1:1080).")
        String addr;

        @Option(
                names = "--http",
                paramLabel = "HOST:PORT",
                description = "Where an HTTP proxy listens too (default: none).")
        String http;

        @Option(names = "--name", paramLabel = "NAME", description = "What to call it (default: skysocks-client).")
        String name;

        @Option(names = "--hops", paramLabel = "N", description = "Exactly so many hops, for every leg.")
        Integer hops;

        @Mixin
        LegOptions legs;

        @Override
        String method() {
            return "proxy.start";
        }

        @Override
        JsonObject parameters() throws IOException {
            if ((key == null) == (pk == null)) {
                throw new picocli.CommandLine.ParameterException(spec.commandLine(), "which exit? Give one key");
            }
            var params = new JsonObject();
            params.addProperty("pk", Keys.expand(this, key == null ? pk : key));
            params.addProperty("addr", addr);
            params.addProperty("http", http);
            params.addProperty("name", name);
            params.addProperty("hops", hops);
            legs.addTo(params);
            return params;
        }

        @Override
        void render(JsonObject result, Console console) {
            var f = new Fields(result);
            console.line("proxy is up: SOCKS5 " + f.text("socks", "?")
                    + (f.has("http") ? ", HTTP " + f.text("http") : "") + " → "
                    + Units.brief(f.text("pk", "?"), options.full));
            List<Fields> legs = Legs.of(f);
            Legs.countLines(f, console, 2).forEach(console::line);
            if (legs.isEmpty()) {
                Hops.print(console, Fields.list(result, "hops"), options.full);
            } else {
                Legs.ways(legs, options.full, console, 2).forEach(console::line);
            }
            if (Legs.areToCome(f)) {
                console.line("the legs that are missing follow if they can; see:  skywire proxy status --watch");
            }
            console.line("try it:  curl --socks5-hostname " + f.text("socks", "?") + " https://example.com");
        }
    }

    /** {@code proxy stop}. */
    @Command(name = "stop", description = "Stop a proxy.")
    static final class Stop extends ControlCommand {
        @Parameters(arity = "0..1", paramLabel = "NAME|KEY", description = "Which one; not needed if only one runs.")
        String which;

        @Option(names = "--all", description = "Stop all.")
        boolean all;

        @Override
        String method() {
            return "proxy.stop";
        }

        @Override
        JsonObject parameters() {
            var params = new JsonObject();
            params.addProperty("name", which);
            params.addProperty("all", all);
            return params;
        }

        @Override
        void render(JsonObject result, Console console) {
            if (result.get("stopped") instanceof JsonArray stopped) {
                for (JsonElement one : stopped) {
                    console.line("stopped " + one.getAsString());
                }
            }
        }
    }

    /** {@code proxy status}: what one copies, addresses and path, is whole on lines of its own. */
    @Command(name = "status", description = "How the running proxies are.")
    static final class Status extends ListCommand {
        @Override
        String method() {
            return "proxy.status";
        }

        @Override
        void render(JsonObject result, Console console) {
            var table = new Table("name", "status", ">streams", ">rtt", ">sent", ">received", ">up");
            for (Fields p : Fields.list(result, "proxies")) {
                table.row(
                        p.text("name"),
                        p.text("status"),
                        p.text("streams"),
                        p.millis("rtt_ms"),
                        p.bytes("sent_bytes"),
                        p.bytes("recv_bytes"),
                        p.age("uptime_seconds"));
                table.below("  SOCKS5 " + p.text("socks", "–") + (p.has("http") ? "   HTTP " + p.text("http") : "")
                        + "   exit " + Units.brief(p.text("pk", "–"), options.full));
                List<Fields> legs = Legs.of(p);
                Legs.countLines(p, console, 2).forEach(table::below);
                if (legs.isEmpty()) {
                    var hops = Fields.list(p.json(), "hops");
                    Hops.lines(hops, options.full, console.width(), 2).forEach(table::below);
                } else {
                    Legs.ways(legs, options.full, console, 2).forEach(table::below);
                }
            }
            if (table.isEmpty()) {
                console.line("no proxy runs; start one:  skywire proxy start <key>");
                return;
            }
            table.print(console);
            for (Fields p : Fields.list(result, "proxies")) {
                for (String trouble : List.of("error", "warning")) {
                    if (p.has(trouble)) {
                        console.line(p.text("name", "?") + ": " + p.text(trouble));
                    }
                }
            }
        }
    }

    /** {@code proxy list}. */
    @Command(name = "list", description = "Exits this node knows.")
    static final class Servers extends ListCommand {
        @Override
        String method() {
            return "proxy.list";
        }

        @Override
        void render(JsonObject result, Console console) {
            var table = new Table("exit", "label");
            for (Fields s : Fields.list(result, "servers")) {
                table.row(Units.brief(s.text("pk"), options.full), s.text("label"));
            }
            if (table.isEmpty()) {
                console.line("no exits known; any node that serves can be named by its key");
            } else {
                table.print(console);
            }
        }
    }
}
