package skywire.service;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Supplier;
import skywire.directory.DmsgDirectory;
import skywire.dmsg.DmsgClient;
import skywire.dmsg.DmsgConfig;
import skywire.http.HttpLimits;
import skywire.http.HttpResponse;
import skywire.http.HttpServer;
import skywire.http.Routes;
import skywire.json.Json;
import skywire.key.SecretKey;
import skywire.platform.HostPort;
import skywire.platform.Listener;
import skywire.platform.Platform;

/**
 * How a service is reached: HTTP over TCP, and over dmsg at port {@value #DMSG_PORT} of its own key, on every dmsg
 * server it knows (discovery §4). It publishes nothing of itself: clients take it to be on all servers. Thread-safe.
 */
public final class ServiceFront implements Closeable {
    /** The port services listen on over dmsg. */
    public static final int DMSG_PORT = 80;

    private final Platform platform;
    private final HttpServer server;
    private final HostPort address;
    private final Supplier<Optional<String>> trouble;
    private final Instant started;
    private volatile DmsgClient dmsg; // set once, by serveDmsg; null before

    private ServiceFront(
            Platform platform, String name, HostPort address, Routes routes, Supplier<Optional<String>> trouble) {
        this.platform = platform;
        this.address = address;
        this.trouble = trouble;
        this.started = platform.clock().now();
        routes.add("GET", "/health", request -> health());
        this.server = HttpServer.start(platform, name, HttpLimits.SERVICE, new KeyRate(platform.clock(), routes));
    }

    /**
     * Listens on TCP and serves these routes and {@code GET /health}.
     *
     * @param name prefix of its threads' names
     * @param trouble what the operator should know, shown by health
     */
    public static ServiceFront open(
            Platform platform, String name, HostPort at, Routes routes, Supplier<Optional<String>> trouble)
            throws IOException {
        Listener listener = platform.network().listen(at);
        var front = new ServiceFront(platform, name, listener.local(), routes, trouble);
        try {
            front.server.on(listener);
            return front;
        } catch (IOException e) {
            front.close();
            throw e;
        }
    }

    /**
     * Serves over dmsg as well, from now on.
     *
     * @param key the service's own key
     * @param servers where to find the dmsg servers; a session to each of them is kept
     */
    public void serveDmsg(SecretKey key, DmsgDirectory servers) throws IOException {
        DmsgConfig config = DmsgConfig.of(key).withSessions(0).unpublished();
        DmsgClient client = DmsgClient.start(platform, config, servers);
        dmsg = client;
        server.on(client.listen(DMSG_PORT));
    }

    /** Where it listens on TCP, with the port really bound. */
    public HostPort address() {
        return address;
    }

    private HttpResponse health() {
        var build = new JsonObject();
        String version = ServiceFront.class.getPackage().getImplementationVersion();
        build.addProperty("version", version == null ? "unknown" : version);
        build.addProperty("commit", "unknown");
        build.addProperty("date", "unknown");
        var json = new JsonObject();
        json.add("build_info", build);
        json.addProperty("started_at", started.truncatedTo(ChronoUnit.MILLIS).toString());
        DmsgClient client = dmsg;
        if (client != null) {
            json.addProperty("dmsg_address", client.publicKey().hex() + ":" + DMSG_PORT);
            var keys = new JsonArray();
            client.sessions().forEach(s -> keys.add(s.serverKey().hex()));
            if (!keys.isEmpty()) {
                json.add("dmsg_servers", keys);
            }
        }
        trouble.get().ifPresent(text -> json.addProperty("trouble", text));
        return HttpResponse.json(200, Json.write(json));
    }

    /** Whether it is reachable over dmsg, at how many servers. */
    public int dmsgSessions() {
        DmsgClient client = dmsg;
        return client == null ? 0 : client.sessions().size();
    }

    /** Stops serving. Idempotent. */
    @Override
    public void close() {
        server.close();
        DmsgClient client = dmsg;
        if (client != null) {
            client.close();
        }
    }
}
