package skywire.service.transports;

import com.google.gson.JsonElement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import skywire.bytes.MalformedException;
import skywire.entry.SignedTransportEntry;
import skywire.entry.TransportEntry;
import skywire.entry.TransportId;
import skywire.http.HttpRequest;
import skywire.http.HttpResponse;
import skywire.http.Routes;
import skywire.json.Json;
import skywire.key.PublicKey;
import skywire.limit.LogLimit;
import skywire.limit.RateLimit;
import skywire.platform.Platform;
import skywire.service.MonitorGate;
import skywire.service.Shared;
import skywire.service.SignedRequests;
import skywire.service.store.Store;

/**
 * The HTTP interface of the transport discovery (transport §11). More than the reference it checks what is registered:
 * both edges have signed, the id fits, and the sender is one of the edges. Thread-safe.
 */
final class TransportApi {
    private static final System.Logger LOG = System.getLogger(TransportApi.class.getName());
    private static final String BAD_ID = "transport ID is invalid";
    private static final String BAD_KEY = "public key is invalid";
    private static final String NO_TRANSPORT = "transport not found";
    private static final Duration COMMIT_LIMIT = Duration.ofSeconds(5);
    private static final int MOST_IN_A_REQUEST = 2048;

    /** Transports verified, on average and at once: signatures cost time, and anybody can make keys. */
    private static final int VERIFIED_PER_SECOND = 250;

    private static final int VERIFIED_AT_ONCE = 5000;

    private final Platform platform;
    private final TransportDiscovery.Config config;
    private final TransportRows rows;
    private final Store store;
    private final SignedRequests signed;
    private final MonitorGate monitors;
    private final LogLimit complaints;
    private final RateLimit newcomers;
    private final Shared<HttpResponse> all;

    TransportApi(
            Platform platform,
            TransportDiscovery.Config config,
            TransportRows rows,
            Store store,
            SignedRequests signed) {
        this.platform = platform;
        this.config = config;
        this.rows = rows;
        this.store = store;
        this.signed = signed;
        this.monitors = new MonitorGate(config.networkMonitors());
        this.complaints = new LogLimit(platform.clock(), LOG);
        this.newcomers = new RateLimit(platform.clock(), VERIFIED_PER_SECOND, VERIFIED_AT_ONCE);
        this.all = new Shared<>(platform.clock(), rows::changes, r -> r.body().length, () -> list(rows.all()));
    }

    Routes routes() {
        var routes = new Routes()
                .add("POST", "/transports/", r -> signed.handle(r, this::register))
                .addTail("GET", "/transports/id:", (r, id) -> signed.handle(r, (s, by) -> byId(id)))
                .addTail("DELETE", "/transports/id:", (r, id) -> signed.handle(r, (s, by) -> delete(id, by)))
                .addTail("GET", "/transports/edge:", (r, key) -> signed.handle(r, (s, by) -> byEdge(key)))
                .add("GET", "/all-transports", r -> all.get())
                .add("DELETE", "/transports/deregister", this::deregister)
                .add("POST", "/statuses", r -> HttpResponse.empty(410));
        signed.addTo(routes);
        return routes;
    }

    private static HttpResponse error(int status, String text) {
        return HttpResponse.json(status, "{\"error\":" + Json.quote(text) + "}\n");
    }

    private HttpResponse register(HttpRequest request, PublicKey sender) {
        List<SignedTransportEntry> entries = new ArrayList<>();
        try {
            for (JsonElement one : Json.array(Json.parse(request.body()), "body")) {
                entries.add(SignedTransportEntry.parse(Json.object(one, "an element")));
            }
        } catch (MalformedException e) {
            return error(400, e.getMessage());
        }
        if (entries.size() > MOST_IN_A_REQUEST) {
            return error(400, "more than " + MOST_IN_A_REQUEST + " transports in a request");
        }
        for (SignedTransportEntry entry : entries) {
            Optional<HttpResponse> refusal = check(entry, sender);
            if (refusal.isPresent()) {
                return refusal.get();
            }
        }
        if (!rows.put(entries, config.lifetime())) {
            complaints.log(System.Logger.Level.WARNING, "no room for transports of " + sender.brief());
            return error(500, "no room for more transports");
        }
        commit();
        String echo = entries.stream().map(SignedTransportEntry::json).collect(Collectors.joining(",", "[", "]\n"));
        return HttpResponse.json(201, echo);
    }

    private Optional<HttpResponse> check(SignedTransportEntry signedEntry, PublicKey sender) {
        TransportEntry entry = signedEntry.entry();
        if (!entry.hasEdge(sender)) {
            return Optional.of(error(403, "transport " + entry.id() + " is not one of yours"));
        }
        if (!entry.isConsistent()) {
            return Optional.of(error(400, "transport " + entry.id() + ": " + BAD_ID));
        }
        if (rows.has(signedEntry)) {
            return Optional.empty(); // visors register again and again; what was verified before costs nothing
        }
        if (!newcomers.take()) {
            complaints.log(System.Logger.Level.WARNING, "more new transports than can be verified");
            return Optional.of(error(503, "busy, try again"));
        }
        return signedEntry.isValid()
                ? Optional.empty()
                : Optional.of(error(400, "transport " + entry.id() + " is not signed by both edges"));
    }

    /** If the file cannot be written, the transports are served from memory all the same, and health says so. */
    private void commit() {
        if (!store.flush(platform.clock().in(COMMIT_LIMIT)) && store.trouble().isEmpty()) {
            complaints.log(System.Logger.Level.WARNING, "the store is slow: transports wait to be written");
        }
    }

    private HttpResponse byId(String text) {
        Optional<UUID> id = id(text);
        if (id.isEmpty()) {
            return error(400, BAD_ID);
        }
        return rows.byId(id.get())
                .map(entry -> HttpResponse.json(200, entry.json() + "\n"))
                .orElseGet(() -> error(404, NO_TRANSPORT));
    }

    private HttpResponse byEdge(String hex) {
        PublicKey edge;
        try {
            edge = PublicKey.parse(hex);
        } catch (MalformedException e) {
            return error(400, BAD_KEY);
        }
        List<TransportEntry> entries = rows.byEdge(edge);
        return entries.isEmpty() ? error(404, NO_TRANSPORT) : list(entries);
    }

    private static HttpResponse list(List<TransportEntry> entries) {
        return HttpResponse.json(
                200, entries.stream().map(TransportEntry::json).collect(Collectors.joining(",", "[", "]\n")));
    }

    private HttpResponse delete(String text, PublicKey sender) {
        Optional<UUID> id = id(text);
        Optional<TransportEntry> entry = id.flatMap(rows::byId);
        if (id.isPresent() && entry.isEmpty()) {
            return error(404, NO_TRANSPORT);
        }
        if (entry.isEmpty() || !entry.get().hasEdge(sender)) {
            return error(400, BAD_ID);
        }
        rows.remove(id.get());
        commit();
        return HttpResponse.of(200, "text/plain; charset=utf-8", "transport deleted");
    }

    private static Optional<UUID> id(String text) {
        try {
            return Optional.of(TransportId.parse(text));
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    private HttpResponse deregister(HttpRequest request) {
        int status = monitors.check(request);
        if (status != 200) {
            return HttpResponse.empty(status);
        }
        List<UUID> ids = new ArrayList<>();
        try {
            for (String text : Json.strings(Json.parse(request.body()), "ids")) {
                ids.add(TransportId.parse(text));
            }
        } catch (MalformedException e) {
            return HttpResponse.empty(400);
        }
        ids.forEach(rows::remove);
        commit();
        return HttpResponse.json(200, "null");
    }
}
