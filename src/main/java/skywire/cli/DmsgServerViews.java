package skywire.cli;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import skywire.control.ControlPath;

/** What the running dmsg server tells about itself. */
final class DmsgServerViews {
    private DmsgServerViews() {}

    /** A question to a dmsg server. */
    abstract static class Question extends ListCommand {
        @Override
        List<Path> usualSockets() {
            return ControlPath.candidates(console().environment(), "dmsg-server");
        }

        @Override
        String startAdvice() {
            return "start one:  skywire dmsg-server -c dmsg-server.json   (or say where it is: --control SOCKET)";
        }
    }

    /** {@code dmsg-server status}. */
    @Command(name = "status", description = "What the running server does, and what it has refused.")
    static final class Status extends Question {
        @Override
        String method() {
            return DmsgServerControl.STATUS;
        }

        @Override
        void render(JsonObject result, Console console) {
            var f = new Fields(result);
            line(console, "key", f.text("local_pk"));
            line(console, "address", f.text("address"));
            line(
                    console,
                    "health",
                    f.has("health_address") ? "http://" + f.text("health_address") + "/health, /metrics" : "off");
            line(console, "state", (f.flag("draining") ? "draining, " : "") + "up " + f.age("uptime_seconds"));
            line(console, "published", f.flag("published") ? "yes" : "no");
            line(console, "sessions", f.text("sessions") + " of " + f.text("max_sessions"));
            line(console, "peers", f.text("peers_up") + " up of " + f.text("peers"));
            line(
                    console,
                    "streams",
                    f.text("streams") + " now, " + f.text("streams_opened") + " so far, " + f.text("streams_forwarded")
                            + " of them over other servers");
            line(console, "relayed", f.bytes("relayed_bytes"));
            line(console, "refused", reasons(result, "requests_refused", "request"));
            line(console, "", reasons(result, "connections_refused", "connection"));
            if (f.has("trouble")) {
                console.line(console.paint("33", "!") + " " + f.text("trouble"));
            }
        }

        private static void line(Console console, String name, String value) {
            console.line(String.format("%-12s %s", name, value));
        }

        /** {@code 3 requests: no_listener 2, no_next_session 1}. */
        private static String reasons(JsonObject result, String name, String what) {
            var counts = new Fields(result.get(name) instanceof JsonObject object ? object : new JsonObject());
            List<String> parts = new ArrayList<>();
            long sum = 0;
            for (String reason : counts.json().keySet()) {
                long count = (long) counts.number(reason, 0);
                parts.add(skywire.limit.LogLimit.clean(reason) + " " + count);
                sum += count;
            }
            String total = sum + " " + what + (sum == 1 ? "" : "s");
            return parts.isEmpty() ? total : total + ": " + String.join(", ", parts);
        }
    }

    /** {@code dmsg-server peers}. */
    @Command(name = "peers", description = "List the links of the running server with other servers.")
    static final class Peers extends Question {
        @Override
        String method() {
            return DmsgServerControl.PEERS;
        }

        @Override
        void render(JsonObject result, Console console) {
            var table = new Table("peer", "address", "dialled", ">rtt", ">forwarded", ">age", "state");
            for (Fields peer : Fields.list(result, "peers")) {
                boolean out = peer.flag("outbound");
                table.row(
                        Units.brief(peer.text("pk"), options.full),
                        peer.text("address"),
                        out && peer.flag("inbound") ? "both ways" : out ? "by us" : "by it",
                        peer.millis("rtt_ms"),
                        peer.text("forwarded"),
                        peer.age("age_seconds"),
                        peer.text("state"));
            }
            if (table.isEmpty()) {
                console.line("no links with other servers");
            } else {
                table.print(console);
            }
        }
    }

    /** {@code dmsg-server sessions}. */
    @Command(
            name = "sessions",
            description = "List the clients of the running server, those that moved most bytes first.")
    static final class Sessions extends Question {
        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "" + DmsgServerControl.USUAL_SESSIONS,
                description = "How many to list (default: ${DEFAULT-VALUE}).")
        int limit;

        @Override
        String method() {
            return DmsgServerControl.SESSIONS;
        }

        @Override
        JsonObject parameters() {
            var params = new JsonObject();
            params.addProperty("limit", limit);
            return params;
        }

        @Override
        void render(JsonObject result, Console console) {
            var table = new Table("client", "from", ">streams", ">bytes", ">age", "");
            List<Fields> sessions = Fields.list(result, "sessions");
            for (Fields session : sessions) {
                table.row(
                        Units.brief(session.text("pk"), options.full),
                        session.text("address"),
                        session.text("streams"),
                        session.bytes("bytes"),
                        session.age("age_seconds"),
                        session.flag("peer") ? "server" : "");
            }
            if (table.isEmpty()) {
                console.line("no clients");
                return;
            }
            table.print(console);
            long more = (long) new Fields(result).number("total", 0) - sessions.size();
            if (more > 0) {
                console.line("and " + more + " more; all:  --limit " + (more + sessions.size()));
            }
        }
    }
}
