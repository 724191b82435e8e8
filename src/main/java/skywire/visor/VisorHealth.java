package skywire.visor;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import skywire.app.socks.SocksClient;
import skywire.directory.KeyClash;
import skywire.dmsg.DmsgSession;
import skywire.platform.Failure;
import skywire.route.group.GroupKind;
import skywire.route.setup.LegCount;
import skywire.route.setup.LegKeeper;
import skywire.transport.TransportSet;

/** Judges how a visor is, one check per layer, and says what to do where something is wrong. */
final class VisorHealth {
    private final Visor visor;
    private final JsonArray checks = new JsonArray();
    private int warnings;
    private int failures;

    private VisorHealth(Visor visor) {
        this.visor = visor;
    }

    static JsonObject of(Visor visor) {
        var health = new VisorHealth(visor);
        health.key();
        health.dmsg();
        health.transports();
        health.routes();
        health.proxies();
        return health.verdict();
    }

    private void key() {
        visor.dmsg().clash().ifPresent(clash -> fail("key", clash.text(), KeyClash.REMEDY));
    }

    private void dmsg() {
        List<DmsgSession> sessions = visor.dmsg().sessions();
        if (!sessions.isEmpty()) {
            if (visor.dmsg().isReady()) {
                ok("dmsg", counted(sessions.size(), "session"));
            } else {
                String why =
                        visor.dmsg().trouble().map(e -> ": " + Failure.text(e)).orElse("");
                warn("dmsg", "the discovery does not know of us yet" + why, "it is told again and again");
            }
            return;
        }
        String why = visor.dmsg().trouble().map(e -> ": " + Failure.text(e)).orElse("");
        fail("dmsg", "no session with any server" + why, "does the discovery answer?  skywire mdisc servers");
    }

    private void transports() {
        TransportSet transports = visor.transports();
        int up = transports.list().size();
        long missing = transports.persistent().stream()
                .filter(kept -> transports.find(kept.key(), kept.type()).isEmpty())
                .count();
        if (missing > 0) {
            warn(
                    "transports",
                    missing + " of " + transports.persistent().size() + " that are to be kept up are down",
                    "they are dialled again and again; see:  skywire tp ls");
        } else if (!unregistered().isEmpty()) {
            warn(
                    "transports",
                    unregistered().size() + " of " + up + " not registered: " + unwilling(),
                    "others find no route over what it does not know; it is told again and again");
        } else if (up == 0) {
            warn("transports", "none", "make one:  skywire tp add <key>");
        } else {
            ok("transports", up + " up");
        }
    }

    private List<IOException> unregistered() {
        return visor.transports().list().stream()
                .flatMap(t -> visor.transports().notRegistered(t.id()).stream())
                .toList();
    }

    private String unwilling() {
        IOException why = unregistered().getFirst();
        String discovery = "the transport discovery " + visor.config().transportDiscovery();
        return switch (Failure.kindOf(why)) {
            case UNREACHABLE, TIMEOUT -> discovery + " does not answer";
            default ->
                discovery + " does not take " + (unregistered().size() == 1 ? "it" : "them") + ": " + Failure.text(why);
        };
    }

    private void routes() {
        if (visor.config().routing().setupNodes().isEmpty()) {
            warn("routes", "no setup node is configured", "name one in \"routing\": {\"route_setup_nodes\": [..]}");
            return;
        }
        ok(
                "routes",
                counted(visor.router().groups().list().size(), "group") + ", "
                        + counted(visor.router().table().size(), "rule"));
    }

    private void proxies() {
        for (SocksClient client : visor.proxies().list()) {
            SocksClient.Status status = client.status();
            Optional<LegCount> legs = Proxies.legs(client).map(LegKeeper::count);
            if (status.state() == SocksClient.State.RUNNING) {
                String at = client.config().name() + " at " + status.socks();
                String all = at + legs.map(l -> ", " + LegStatus.text(l)).orElse("");
                if (legs.isPresent() && legs.get().actual() < legs.get().requested()) {
                    boolean mayCome = Proxies.group(client)
                            .filter(g -> g.kind() != GroupKind.PLAIN)
                            .isPresent();
                    warn("proxy", all, mayCome ? "they are looked for again and again" : "another exit may know legs");
                } else {
                    ok("proxy", all);
                }
            } else {
                warn(
                        "proxy",
                        client.config().name() + " has no route"
                                + status.error().map(e -> ": " + e).orElse(""),
                        "it is dialled again and again; is the exit up?");
            }
        }
    }

    private void ok(String name, String text) {
        add("ok", name, text);
    }

    private void warn(String name, String text, String hint) {
        warnings++;
        add("warn", name, text).addProperty("hint", hint);
    }

    private void fail(String name, String text, String hint) {
        failures++;
        add("fail", name, text).addProperty("hint", hint);
    }

    private JsonObject add(String status, String name, String text) {
        var check = new JsonObject();
        check.addProperty("name", name);
        check.addProperty("status", status);
        check.addProperty("text", text);
        checks.add(check);
        return check;
    }

    private JsonObject verdict() {
        var json = new JsonObject();
        json.addProperty("status", failures > 0 ? "RED" : warnings > 0 ? "YELLOW" : "GREEN");
        json.addProperty("summary", summary());
        json.add("checks", checks);
        return json;
    }

    private String summary() {
        if (failures > 0) {
            return "does not work, " + things(failures) + " to mend";
        }
        return warnings == 0 ? "all is well" : "works, " + things(warnings) + " to look at";
    }

    private static String counted(int n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }

    private static String things(int n) {
        return n == 1 ? "one thing" : n + " things";
    }
}
