package skywire.visor;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import skywire.control.ControlCall;
import skywire.control.ControlException;
import skywire.control.ControlServer;
import skywire.directory.Path;
import skywire.key.PublicKey;
import skywire.packet.PathEnds;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;
import skywire.route.setup.RouteRequest;
import skywire.route.setup.RouteWish;
import skywire.transport.StcpCarrier;
import skywire.transport.Transport;
import skywire.transport.TransportSet;

/** The methods by which an operator sees and steers a visor. Thread-safe. */
public final class VisorControl {
    private static final Duration DIAL_LIMIT = Duration.ofSeconds(20);
    private static final Duration ASK_LIMIT = Duration.ofSeconds(15);
    private static final int MOST_ROUTES = 32;
    private static final String SEE_TRANSPORTS =
            "it has none, or none in so many hops; yours are those of:  skywire tp ls";

    private final Platform platform;
    private final Visor visor;
    private final RouteViews routeViews;
    private final VisorViews views;

    private VisorControl(Platform platform, Visor visor, RouteViews routeViews) {
        this.platform = platform;
        this.visor = visor;
        this.routeViews = routeViews;
        this.views = new VisorViews(platform, visor, routeViews);
    }

    /** Has the control server answer for this visor; {@code halt} ends the program. */
    public static void register(Platform platform, Visor visor, ControlServer control, Runnable halt) {
        HopTimes own = id -> visor.transports().get(id).map(Transport::roundTrip);
        register(platform, visor, control, halt, own, Map.of());
    }

    /**
     * The same where more is known.
     *
     * @param times round trips, also of transports between others
     * @param exits visors that are known to be exits, with what to call them
     */
    public static void register(
            Platform platform,
            Visor visor,
            ControlServer control,
            Runnable halt,
            HopTimes times,
            Map<PublicKey, String> exits) {
        var routeViews = new RouteViews(platform, visor, times);
        var methods = new VisorControl(platform, visor, routeViews);
        var proxies = new ProxyControl(platform, visor, routeViews, exits);
        control.method("visor.info", call -> methods.info(control))
                .method("visor.health", call -> VisorHealth.of(visor))
                .method("visor.state", call -> methods.views.state())
                .method("visor.halt", call -> halt(call, halt))
                .method("dmsg.sessions", call -> list("sessions", methods.views.sessions()))
                .method("tp.list", call -> list("transports", methods.views.transports()))
                .method("tp.add", methods::addTransport)
                .method("tp.rm", methods::removeTransport)
                .method("route.rules", call -> list("rules", methods.views.rules()))
                .method("route.calc", methods::calculate)
                .method("route.find", methods::find)
                .method("rg.list", call -> list("groups", routeViews.groups()))
                .method("proxy.start", proxies::start)
                .method("proxy.stop", proxies::stop)
                .method("proxy.status", call -> list("proxies", routeViews.proxies()))
                .method("proxy.list", call -> proxies.exits());
    }

    static JsonObject list(String name, JsonArray items) {
        var json = new JsonObject();
        json.add(name, items);
        return json;
    }

    private JsonElement info(ControlServer control) {
        JsonObject info = views.info();
        info.addProperty("dir", String.valueOf(control.socket().toAbsolutePath().getParent()));
        return info;
    }

    private static JsonElement halt(ControlCall call, Runnable halt) {
        call.afterAnswer(halt); // the control socket ends with the program
        return new JsonObject();
    }

    // ---- transports

    private JsonElement addTransport(ControlCall call) throws IOException {
        PublicKey to = key(call, "pk");
        Optional<String> type = call.optional("type");
        if (type.isPresent() && !visor.transports().types().contains(type.get())) {
            throw ControlException.badParameter("no transports of type \"" + type.get() + "\" here, only "
                    + String.join(", ", visor.transports().types()));
        }
        call.progress("dialling", to.brief());
        Transport transport = connect(to, type);
        if (call.flag("persistent", false)) {
            Set<TransportSet.Persistent> kept =
                    new LinkedHashSet<>(visor.transports().persistent());
            kept.add(new TransportSet.Persistent(to, transport.type()));
            visor.transports().persist(List.copyOf(kept));
        }
        return views.transport(transport);
    }

    private Transport connect(PublicKey to, Optional<String> type) throws IOException {
        try {
            return visor.connect(to, type, platform.clock().in(DIAL_LIMIT));
        } catch (Failure e) {
            if (e.kind() != Failure.Kind.NOT_FOUND) {
                throw e;
            }
            throw type.equals(Optional.of(StcpCarrier.TYPE))
                    ? new ControlException(
                            e.kind(),
                            "no TCP address of " + to.brief() + " is known here",
                            "add it to \"skywire-tcp\": {\"pk_table\": {..}}, or go another way:  skywire tp add "
                                    + to.brief() + " -t dmsg")
                    : new ControlException(
                            e.kind(),
                            "the dmsg discovery does not know " + to.brief()
                                    + ", nor is a TCP address of it known here",
                            "is it running? Once it is, this tells:  skywire mdisc entry " + to.hex());
        }
    }

    private JsonElement removeTransport(ControlCall call) throws IOException {
        String wanted = call.string("id").toLowerCase(Locale.ROOT);
        List<Transport> found = visor.transports().list().stream()
                .filter(t -> t.id().toString().startsWith(wanted))
                .toList();
        if (found.size() != 1) {
            throw new ControlException(
                    Failure.Kind.NOT_FOUND,
                    found.isEmpty()
                            ? "no transport's id begins with " + wanted
                            : found.size() + " transports' ids begin with " + wanted,
                    "see:  skywire tp ls --full");
        }
        Transport transport = found.getFirst();
        List<TransportSet.Persistent> kept = visor.transports().persistent().stream()
                .filter(p -> !p.equals(new TransportSet.Persistent(transport.remoteKey(), transport.type())))
                .toList();
        visor.transports().persist(kept);
        visor.transports().remove(transport.id());
        var removed = new JsonArray();
        removed.add(transport.id().toString());
        return list("removed", removed);
    }

    // ---- routes

    private record Question(PathEnds ends, int minHops, int maxHops, int count) {}

    private Question question(ControlCall call) throws ControlException {
        PublicKey from = call.publicKey("src").orElse(visor.key());
        int min = call.integer("min_hops", 1, 1, RouteRequest.MOST_HOPS);
        int max = call.integer("max_hops", RouteRequest.MOST_HOPS, 1, RouteRequest.MOST_HOPS);
        if (max < min) {
            throw ControlException.badParameter("\"max_hops\" is less than \"min_hops\"");
        }
        return new Question(new PathEnds(from, key(call, "dst")), min, max, call.integer("count", 4, 1, MOST_ROUTES));
    }

    private JsonElement calculate(ControlCall call) throws IOException {
        Question q = question(call);
        RouteWish wish = RouteWish.hops(q.minHops(), q.maxHops());
        List<Path> paths = visor.routes().paths(q.ends(), wish, platform.clock().in(ASK_LIMIT));
        if (paths.isEmpty()) {
            throw new ControlException(
                    Failure.Kind.NOT_FOUND,
                    "no route to " + q.ends().dst().brief() + " over the transports that are registered",
                    SEE_TRANSPORTS);
        }
        return routes(paths, q.count());
    }

    private JsonElement find(ControlCall call) throws IOException {
        Question q = question(call);
        if (visor.finder().isEmpty()) {
            throw new ControlException(
                    Failure.Kind.NOT_FOUND,
                    "no route finder is configured",
                    "calculate here:  skywire route calc, or set \"routing\": {\"route_finder\": \"http://…\"}");
        }
        Deadline limit = platform.clock().in(ASK_LIMIT);
        try {
            return routes(visor.finder().get().find(q.ends(), q.minHops(), q.maxHops(), limit), q.count());
        } catch (Failure e) {
            throw e.kind() == Failure.Kind.NOT_FOUND
                    ? new ControlException(
                            e.kind(),
                            "the route finder knows no route to "
                                    + q.ends().dst().brief(),
                            SEE_TRANSPORTS)
                    : e;
        }
    }

    private JsonElement routes(List<Path> paths, int count) {
        return list("routes", routeViews.routes(paths.stream().limit(count).toList()));
    }

    static PublicKey key(ControlCall call, String name) throws ControlException {
        call.string(name);
        return call.publicKey(name).orElseThrow(() -> ControlException.badParameter("\"" + name + "\" is missing"));
    }
}
