package skywire.service.discovery;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import skywire.bytes.MalformedException;
import skywire.entry.DmsgEntry;
import skywire.entry.EntryRules;
import skywire.entry.ServerInfo;
import skywire.http.HttpRequest;
import skywire.http.HttpResponse;
import skywire.http.Routes;
import skywire.json.Json;
import skywire.key.PublicKey;
import skywire.limit.LogLimit;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;
import skywire.service.MonitorGate;
import skywire.service.Shared;
import skywire.service.store.Store;

/** The HTTP interface of the discovery (discovery §2). Clients know its texts, so they are exact. Thread-safe. */
final class DiscoveryApi {
    private static final System.Logger LOG = System.getLogger(DiscoveryApi.class.getName());
    private static final String BASE = "/dmsg-discovery";
    private static final String BAD_INPUT = "error bad input";
    private static final String BAD_SIGNATURE = "invalid signature";
    private static final String NO_ENTRY = "entry of public key is not found";
    private static final String NO_SERVERS = "no delegated dmsg servers available for remote";
    private static final String UNEXPECTED = "something unexpected happened";
    private static final String BROKEN_RULE = "entry validation error: ";
    private static final String LOOPBACK = "advertising localhost listening address is not allowed in production mode";
    private static final Duration SERVER_LIFETIME = Duration.ofMinutes(2);
    private static final Duration SHORT_CLIENT_LIFETIME = Duration.ofMinutes(3);
    private static final Duration COMMIT_LIMIT = Duration.ofSeconds(5);
    private static final int MOST_KEYS_ASKED = 4096;

    /** Longest entry that is taken; it has room for a hundred servers and more. */
    private static final int LONGEST_ENTRY = 16 * 1024;

    private final Platform platform;
    private final DmsgDiscovery.Config config;
    private final EntryTable table;
    private final Store store;
    private final MonitorGate monitors;
    private final LogLimit complaints;
    private final Shared<HttpResponse> clients;
    private final Shared<HttpResponse> visors;
    private final Shared<HttpResponse> allServers;
    private final Shared<Map<PublicKey, List<PublicKey>>> clientLists;
    private final Shared<HttpResponse> clientsByServer;

    DiscoveryApi(Platform platform, DmsgDiscovery.Config config, EntryTable table, Store store) {
        this.platform = platform;
        this.config = config;
        this.table = table;
        this.store = store;
        this.monitors = new MonitorGate(config.networkMonitors());
        this.complaints = new LogLimit(platform.clock(), LOG);
        this.clients = shared(() -> keys(table.clients()));
        this.visors = shared(() -> keys(table.visors()));
        this.allServers = shared(() -> servers(table.servers()));
        this.clientLists =
                new Shared<>(platform.clock(), table::changes, lists -> Long.MAX_VALUE, table::clientsByServer);
        this.clientsByServer = shared(this::clientsByServer);
    }

    private Shared<HttpResponse> shared(Supplier<HttpResponse> make) {
        return new Shared<>(platform.clock(), table::changes, response -> response.body().length, make);
    }

    Routes routes() {
        return new Routes()
                .addTail("GET", BASE + "/entry/", (r, key) -> entry(key))
                .add("POST", BASE + "/entry/", this::post)
                .addTail("POST", BASE + "/entry/", (r, ignored) -> post(r))
                .add("DELETE", BASE + "/entry", this::delete)
                .add("GET", BASE + "/entries", r -> clients.get())
                .add("GET", BASE + "/visorEntries", r -> visors.get())
                .add("POST", BASE + "/entries/batch", this::batch)
                .add("GET", BASE + "/available_servers", r -> servers(table.availableServers()))
                .add("GET", BASE + "/all_servers", r -> allServers.get())
                .add("GET", BASE + "/servers/clients", r -> clientsByServer.get())
                .addInfix("GET", BASE + "/server/", "/clients", (r, key) -> clientsOf(key))
                .add("DELETE", BASE + "/deregister", this::deregister);
    }

    static HttpResponse message(int status, String text) {
        return HttpResponse.json(status, "{\"message\":" + Json.quote(text) + ",\"code\":" + status + "}");
    }

    private HttpResponse entry(String hex) {
        PublicKey key;
        try {
            key = PublicKey.parse(hex);
        } catch (MalformedException e) {
            return message(400, BAD_INPUT);
        }
        return table.get(key)
                .map(entry -> HttpResponse.json(200, entry.json()))
                .orElseGet(() -> message(404, NO_ENTRY));
    }

    private HttpResponse post(HttpRequest request) {
        Checked checked = check(request, true);
        if (checked.refusal != null) {
            return checked.refusal;
        }
        DmsgEntry entry = checked.entry;
        if (entry.server().isPresent()) {
            entry = entry.rewriteServerType(serverType(entry));
        }
        boolean timeout = request.parameter("timeout").orElse("").equals("true");
        EntryTable.Outcome outcome = table.put(entry, lifetime(entry, timeout));
        return switch (outcome) {
            case EntryTable.Outcome.Broken(String rule) -> message(422, BROKEN_RULE + rule);
            case EntryTable.Outcome.Full() -> {
                complaints.log(System.Logger.Level.WARNING, "discovery is full: " + table.size() + " entries");
                yield message(500, UNEXPECTED);
            }
            case EntryTable.Outcome.Stored(boolean isNew) -> {
                commit();
                yield message(200, isNew ? "wrote a new entry" : "wrote new entry iteration");
            }
        };
    }

    /** If the file cannot be written, the entry is served from memory all the same, and health says so. */
    private void commit() {
        Deadline limit = platform.clock().in(COMMIT_LIMIT);
        if (!store.flush(limit) && store.trouble().isEmpty()) {
            complaints.log(System.Logger.Level.WARNING, "the store is slow: an entry waits to be written");
        }
    }

    /** Either an entry that holds, or the answer that refuses it. */
    private record Checked(DmsgEntry entry, HttpResponse refusal) {}

    private Checked check(HttpRequest request, boolean isPost) {
        DmsgEntry entry;
        try {
            if (request.body().length > LONGEST_ENTRY) {
                throw new MalformedException("entry is too long");
            }
            entry = DmsgEntry.parse(Json.object(request.body()));
        } catch (MalformedException e) {
            return new Checked(null, message(500, UNEXPECTED));
        }
        Optional<String> broken = isPost && !config.testMode() && isLoopback(entry)
                ? Optional.of(LOOPBACK)
                : EntryRules.brokenBy(entry, platform.clock().unixNanos());
        if (broken.isPresent()) {
            return new Checked(null, message(422, BROKEN_RULE + broken.get()));
        }
        try {
            return new Checked(entry.verified(), null);
        } catch (Failure e) {
            return new Checked(null, message(401, BAD_SIGNATURE));
        }
    }

    /** An empty host or a loopback literal; names and what is no address pass, as the rules are (§2.1). */
    private static boolean isLoopback(DmsgEntry entry) {
        String address = entry.server().map(ServerInfo::address).orElse("");
        int colon = address.lastIndexOf(':');
        if (colon < 0) {
            return false;
        }
        String host = address.substring(0, colon);
        if (host.isEmpty()) {
            return true;
        }
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            return InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The posted type is a password, if there is one; what is stored is the verdict (§3.2). */
    private String serverType(DmsgEntry entry) {
        String posted = entry.server().map(ServerInfo::serverType).orElse("");
        boolean knows = !config.passphrase().isEmpty()
                && MessageDigest.isEqual(
                        config.passphrase().getBytes(StandardCharsets.UTF_8), posted.getBytes(StandardCharsets.UTF_8));
        return knows || config.officialServers().contains(entry.key()) ? "official" : "community";
    }

    private Duration lifetime(DmsgEntry entry, boolean timeout) {
        if (entry.server().isPresent()) {
            return SERVER_LIFETIME;
        }
        return timeout ? SHORT_CLIENT_LIFETIME : config.clientLifetime();
    }

    private HttpResponse delete(HttpRequest request) {
        Checked checked = check(request, false);
        if (checked.refusal != null) {
            return checked.refusal;
        }
        table.remove(checked.entry.key());
        commit();
        return message(200, "deleted entry");
    }

    private static HttpResponse keys(List<PublicKey> keys) {
        return HttpResponse.json(200, array(keys));
    }

    private static String array(List<PublicKey> keys) {
        return keys.stream().map(k -> "\"" + k.hex() + "\"").collect(Collectors.joining(",", "[", "]"));
    }

    private static HttpResponse servers(List<DmsgEntry> servers) {
        if (servers.isEmpty()) {
            return message(404, NO_SERVERS);
        }
        String json = servers.stream().map(DmsgEntry::json).collect(Collectors.joining(",", "[", "]"));
        return HttpResponse.json(200, json);
    }

    /** The found ones of several keys, under the texts they were asked by. */
    private HttpResponse batch(HttpRequest request) {
        List<String> asked;
        try {
            asked = Json.strings(Json.parse(request.body()), "keys");
        } catch (MalformedException e) {
            return message(400, BAD_INPUT);
        }
        if (asked.size() > MOST_KEYS_ASKED) {
            return message(400, BAD_INPUT);
        }
        var found = new StringBuilder("{");
        for (String hex : asked.stream().distinct().toList()) {
            Optional<DmsgEntry> entry;
            try {
                entry = table.get(PublicKey.parse(hex));
            } catch (MalformedException e) {
                return message(400, BAD_INPUT);
            }
            if (entry.isPresent()) {
                Json.quote(found.length() == 1 ? found : found.append(','), hex)
                        .append(':')
                        .append(entry.get().json());
            }
        }
        return HttpResponse.json(200, found.append('}').toString());
    }

    private HttpResponse clientsByServer() {
        var json = new JsonObject();
        for (Map.Entry<PublicKey, List<PublicKey>> server : clientLists.get().entrySet()) {
            json.add(server.getKey().hex(), strings(server.getValue()));
        }
        return HttpResponse.json(200, Json.write(json));
    }

    private static JsonElement strings(List<PublicKey> keys) {
        var array = new com.google.gson.JsonArray(keys.size());
        keys.forEach(key -> array.add(key.hex()));
        return array;
    }

    private HttpResponse clientsOf(String hex) {
        try {
            List<PublicKey> clients = clientLists.get().get(PublicKey.parse(hex));
            return HttpResponse.json(200, clients == null ? "null" : array(clients));
        } catch (MalformedException e) {
            return message(400, BAD_INPUT);
        }
    }

    private HttpResponse deregister(HttpRequest request) {
        int status = monitors.check(request);
        if (status != 200) {
            return HttpResponse.empty(status);
        }
        List<String> asked;
        try {
            asked = Json.strings(Json.parse(request.body()), "keys");
        } catch (MalformedException e) {
            return HttpResponse.empty(400);
        }
        List<PublicKey> keys = new ArrayList<>();
        try {
            for (String hex : asked) {
                keys.add(PublicKey.parse(hex));
            }
        } catch (MalformedException e) {
            return message(400, BAD_INPUT);
        }
        keys.forEach(table::remove);
        commit();
        return HttpResponse.json(200, "null");
    }
}
