package skywire.dmsg.server;

import com.google.gson.JsonObject;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import skywire.http.HttpLimits;
import skywire.http.HttpResponse;
import skywire.http.HttpServer;
import skywire.http.OriginGuard;
import skywire.http.Routes;
import skywire.json.Json;
import skywire.metrics.MetricsText;
import skywire.platform.HostPort;
import skywire.platform.Listener;
import skywire.platform.Platform;

/**
 * What a server tells of itself over plain HTTP, to whoever watches over it: {@code GET /health} (dmsg §7) and
 * {@code GET /metrics} for Prometheus. Keys and addresses of clients and peers are not told here. Thread-safe.
 *
 * <p>Only requests for a host of ours are answered, so that a page in somebody's browser cannot read it: loopback, the
 * address it listens on (for all addresses: those of this machine), and names that were allowed.
 */
public final class StatusPages implements Closeable {
    /** Two or three programs ask now and then; 3 s for a request and its answer, as the reference has it. */
    private static final HttpLimits LIMITS =
            new HttpLimits(1024, 64, 16, Duration.ofSeconds(3), Duration.ofSeconds(3), Duration.ofSeconds(30));

    private static final String PREFIX = "skywire_dmsg_server_";

    private final DmsgServer server;
    private final Supplier<Optional<String>> trouble;
    private final Instant started;
    private final HostPort address;
    private final HttpServer http;

    private StatusPages(
            Platform platform,
            DmsgServer server,
            List<String> hosts,
            HostPort address,
            Supplier<Optional<String>> trouble) {
        this.server = server;
        this.trouble = trouble;
        this.started = platform.clock().now();
        this.address = address;
        Routes routes = new Routes().add("GET", "/health", r -> health()).add("GET", "/metrics", r -> metrics());
        this.http = HttpServer.start(platform, "dmsg-server/status", LIMITS, new OriginGuard(hosts, routes));
    }

    /**
     * Answers on this listener from now on, and owns it.
     *
     * @param host what was asked for as its host; it may also be asked for by that
     * @param names further names it may be asked for by, {@code host} or {@code host:port}
     * @param trouble what the operator should know, shown by health
     */
    public static StatusPages serve(
            Platform platform,
            DmsgServer server,
            Listener listener,
            String host,
            List<String> names,
            Supplier<Optional<String>> trouble)
            throws IOException {
        HostPort bound = listener.local();
        var pages = new StatusPages(platform, server, hosts(platform, host, bound.port(), names), bound, trouble);
        try {
            pages.http.on(listener);
            return pages;
        } catch (IOException e) {
            pages.close();
            throw e;
        }
    }

    private static List<String> hosts(Platform platform, String host, int port, List<String> names) {
        List<String> hosts = new ArrayList<>(names);
        for (String own : List.of("localhost", "127.0.0.1", "::1", host)) {
            hosts.add(new HostPort(own, port).toString());
        }
        if (host.equals("0.0.0.0") || host.equals("::")) {
            for (InetAddress own : platform.network().ownAddresses()) {
                hosts.add(new HostPort(own.getHostAddress(), port).toString());
            }
        }
        return hosts;
    }

    /** Where it listens. */
    public HostPort address() {
        return address;
    }

    private HttpResponse health() {
        ServerHealth now = server.health();
        var build = new JsonObject();
        String version = StatusPages.class.getPackage().getImplementationVersion();
        build.addProperty("version", version == null ? "unknown" : version);
        build.addProperty("commit", "unknown");
        build.addProperty("date", "unknown");
        var json = new JsonObject();
        json.add("build_info", build);
        json.addProperty("started_at", started.truncatedTo(ChronoUnit.MILLIS).toString());
        json.addProperty("service_name", "dmsg-server");
        json.addProperty("public_key", server.key().hex());
        json.addProperty("published", now.published());
        json.addProperty("sessions", now.sessions());
        json.addProperty("max_sessions", now.maxSessions());
        json.addProperty("streams", now.streams());
        json.addProperty("draining", now.draining());
        trouble.get().ifPresent(text -> json.addProperty("trouble", text));
        return HttpResponse.json(200, Json.write(json));
    }

    private HttpResponse metrics() {
        ServerHealth now = server.health();
        List<PeerView> peers = server.peers();
        long peersUp = peers.stream().filter(PeerView::isUp).count();
        var page = new MetricsText()
                .gauge(PREFIX + "up_seconds", "Time since the start.", now.up().toMillis() / 1000.0)
                .gauge(PREFIX + "sessions", "Clients connected now.", now.sessions())
                .gauge(PREFIX + "max_sessions", "Clients there may be.", now.maxSessions())
                .gauge(PREFIX + "handshakes", "Connections in their handshake now.", now.handshakes())
                .gauge(PREFIX + "streams", "Streams relayed now.", now.streams())
                .gauge(PREFIX + "peers", "Links with other servers, wanted or there.", peers.size())
                .gauge(PREFIX + "peers_up", "Links with other servers that are up.", peersUp)
                .gauge(PREFIX + "published", "1 if the last update of our entry succeeded.", now.published() ? 1 : 0)
                .gauge(PREFIX + "draining", "1 if nothing new is begun any more.", now.draining() ? 1 : 0)
                .counter(PREFIX + "streams_total", "Streams relayed.", now.streamsOpened())
                .counter(PREFIX + "streams_forwarded_total", "Of these, over another server.", now.streamsForwarded())
                .counter(PREFIX + "relayed_bytes_total", "Bytes of streams, both directions.", now.bytesRelayed())
                .counter(PREFIX + "sessions_replaced_total", "Sessions whose client came anew.", now.sessionsReplaced())
                .counters(
                        PREFIX + "requests_refused_total",
                        "Stream requests that were not granted.",
                        "reason",
                        now.requestsRefused())
                .counters(
                        PREFIX + "connections_refused_total",
                        "Connections that did not become sessions.",
                        "reason",
                        now.connectionsRefused());
        return HttpResponse.of(200, MetricsText.TYPE, page.toString());
    }

    /** Stops answering. Idempotent. */
    @Override
    public void close() {
        http.close();
    }
}
