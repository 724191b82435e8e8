package skywire.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import skywire.control.ControlException;
import skywire.entry.DmsgEntry;
import skywire.entry.ServerInfo;
import skywire.key.PublicKey;
import skywire.limit.LogLimit;
import skywire.platform.Clock;
import skywire.platform.Failure;
import skywire.platform.Platform;

/** Questions to a dmsg discovery. */
@Command(
        name = "mdisc",
        description = "Ask the dmsg discovery.",
        subcommands = {MdiscCommand.Entry.class, MdiscCommand.Servers.class})
final class MdiscCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    private static String age(Clock clock, DmsgEntry entry) {
        return Units.age((clock.unixNanos() - entry.timestamp()) / 1e9);
    }

    /** {@code mdisc entry}. */
    @Command(name = "entry", description = "What a key has published: its servers, or where it serves.")
    static final class Entry implements Callable<Integer> {
        @Spec
        CommandSpec spec;

        @Parameters(paramLabel = "KEY", description = "Public key of a client or server.")
        String key;

        @Mixin
        DmsgOptions dmsg;

        @Mixin
        ControlOptions options;

        @Override
        public Integer call() throws IOException {
            Console console = ControlCommand.console(spec);
            PublicKey wanted = DmsgCommand.address(spec, key, new KnownKeys(console, dmsg, options))
                    .key();
            DmsgEntry entry = dmsg.discovery(console, options)
                    .entry(wanted, options.deadline())
                    .orElseThrow(() -> new ControlException(
                            Failure.Kind.NOT_FOUND,
                            "the discovery knows no " + wanted.hex(),
                            "services publish no entry; everything else does while it is connected"));
            if (options.json) {
                ControlCommand.printJson(
                        console,
                        "mdisc.entry",
                        JsonParser.parseString(entry.json()).getAsJsonObject());
            } else {
                show(console, entry);
            }
            return Exit.OK;
        }

        private void show(Console console, DmsgEntry entry) {
            line(console, "key", entry.key().hex());
            entry.server().ifPresent(server -> {
                line(console, "server at", LogLimit.clean(server.address()));
                line(console, "type", LogLimit.clean(server.serverType()));
                line(console, "room for", server.availableSessions() + " more sessions");
            });
            if (entry.isClient()) {
                List<String> servers = entry.delegatedServers().stream()
                        .map(k -> Units.brief(k.hex(), options.full))
                        .toList();
                line(console, "client at", servers.isEmpty() ? "no server" : String.join(", ", servers));
                line(console, "kind", LogLimit.clean(entry.clientType()));
            }
            line(console, "published", age(Platform.system().clock(), entry) + " ago");
            line(console, "signature", verifies(entry) ? "good" : "does not verify");
        }

        /** No reason for alarm if not: a discovery may rewrite the server type. */
        private static boolean verifies(DmsgEntry entry) {
            try {
                entry.verified();
                return true;
            } catch (Failure e) {
                return false;
            }
        }

        private static void line(Console console, String name, String value) {
            if (!value.isEmpty()) {
                console.line(String.format("%-10s %s", name, value));
            }
        }
    }

    /** {@code mdisc servers}. */
    @Command(name = "servers", description = "All dmsg servers.")
    static final class Servers implements Callable<Integer> {
        @Spec
        CommandSpec spec;

        @Mixin
        DmsgOptions dmsg;

        @Mixin
        ControlOptions options;

        @Mixin
        Watch watch;

        @Override
        public Integer call() throws IOException {
            Console console = ControlCommand.console(spec);
            Discovery discovery = dmsg.discovery(console, options);
            return watch.run(console, options.json, clear -> {
                List<DmsgEntry> servers = new ArrayList<>(discovery.servers(options.deadline()));
                servers.sort(Comparator.comparing(DmsgEntry::key));
                clear.run();
                show(console, servers);
                return Exit.OK;
            });
        }

        private void show(Console console, List<DmsgEntry> servers) {
            if (options.json) {
                ControlCommand.printJson(console, "mdisc.servers", json(servers));
            } else if (servers.isEmpty()) {
                console.line("no servers; start one:  skywire dmsg-server -c server.json");
            } else {
                table(servers).print(console);
            }
        }

        private Table table(List<DmsgEntry> servers) {
            var table = new Table("server", "address", "type", ">room", ">published");
            for (DmsgEntry entry : servers) {
                ServerInfo server = entry.server().orElseThrow();
                table.row(
                        Units.brief(entry.key().hex(), options.full),
                        LogLimit.clean(server.address()),
                        server.serverType().isEmpty() ? null : LogLimit.clean(server.serverType()),
                        String.valueOf(server.availableSessions()),
                        age(Platform.system().clock(), entry) + " ago");
            }
            return table;
        }

        private static JsonObject json(List<DmsgEntry> servers) {
            var list = new JsonArray();
            servers.forEach(entry -> list.add(JsonParser.parseString(entry.json())));
            var result = new JsonObject();
            result.add("servers", list);
            return result;
        }
    }
}
