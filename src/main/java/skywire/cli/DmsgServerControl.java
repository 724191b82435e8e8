package skywire.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Supplier;
import skywire.control.ControlCall;
import skywire.control.ControlException;
import skywire.control.ControlMethod;
import skywire.dmsg.server.DmsgServer;
import skywire.dmsg.server.PeerView;
import skywire.dmsg.server.ServerHealth;
import skywire.dmsg.server.SessionView;

/** What a dmsg server answers on its control socket, besides what all services do. */
final class DmsgServerControl {
    static final String STATUS = "dmsg_server.status";
    static final String PEERS = "dmsg_server.peers";
    static final String SESSIONS = "dmsg_server.sessions";

    /** Sessions shown unless another number is said, and at most. */
    static final int USUAL_SESSIONS = 1000;

    static final int MOST_SESSIONS = 100_000;

    private final DmsgServer server;
    private final Supplier<Optional<String>> trouble;
    private final String pages;

    /** For this server; {@code trouble} is what its operator should know, {@code pages} where it tells its health or "". */
    DmsgServerControl(DmsgServer server, Supplier<Optional<String>> trouble, String pages) {
        this.server = server;
        this.pages = pages;
        this.trouble = trouble;
    }

    Map<String, ControlMethod> methods() {
        return Map.of(STATUS, call -> status(), PEERS, call -> peers(), SESSIONS, this::sessions);
    }

    private JsonObject status() {
        ServerHealth now = server.health();
        var json = new JsonObject();
        json.addProperty("local_pk", server.key().hex());
        json.addProperty("address", server.address().toString());
        if (!pages.isEmpty()) {
            json.addProperty("health_address", pages);
        }
        json.addProperty("uptime_seconds", seconds(now.up()));
        json.addProperty("published", now.published());
        json.addProperty("draining", now.draining());
        json.addProperty("sessions", now.sessions());
        json.addProperty("max_sessions", now.maxSessions());
        json.addProperty("handshakes", now.handshakes());
        json.addProperty("peers", server.peers().size());
        json.addProperty(
                "peers_up", server.peers().stream().filter(PeerView::isUp).count());
        json.addProperty("streams", now.streams());
        json.addProperty("streams_opened", now.streamsOpened());
        json.addProperty("streams_forwarded", now.streamsForwarded());
        json.addProperty("relayed_bytes", now.bytesRelayed());
        json.addProperty("sessions_replaced", now.sessionsReplaced());
        json.add("requests_refused", reasons(now.requestsRefused()));
        json.add("connections_refused", reasons(now.connectionsRefused()));
        trouble.get().ifPresent(text -> json.addProperty("trouble", text));
        return json;
    }

    private static JsonObject reasons(SortedMap<String, Long> counts) {
        var json = new JsonObject();
        counts.forEach(json::addProperty);
        return json;
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }

    private JsonObject peers() {
        var list = new JsonArray();
        for (PeerView peer : server.peers()) {
            list.add(peer(peer));
        }
        var json = new JsonObject();
        json.add("peers", list);
        return json;
    }

    static JsonObject peer(PeerView peer) {
        var json = new JsonObject();
        json.addProperty("pk", peer.key().hex());
        if (!peer.address().isEmpty()) {
            json.addProperty("address", peer.address());
        }
        json.addProperty("outbound", peer.outbound());
        json.addProperty("inbound", peer.inbound());
        json.addProperty("state", peer.state().toString());
        peer.rtt().ifPresent(rtt -> json.addProperty("rtt_ms", rtt.toNanos() / 1e6));
        json.addProperty("forwarded", peer.forwarded());
        json.addProperty("age_seconds", seconds(peer.up()));
        return json;
    }

    /** Those that carried most, first. */
    private JsonObject sessions(ControlCall call) throws ControlException {
        int limit = call.integer("limit", USUAL_SESSIONS, 1, MOST_SESSIONS);
        List<SessionView> all = server.sessionViews();
        var list = new JsonArray();
        all.stream()
                .sorted(Comparator.comparingLong(SessionView::bytes)
                        .thenComparing(SessionView::up)
                        .reversed())
                .limit(limit)
                .map(DmsgServerControl::session)
                .forEach(list::add);
        var json = new JsonObject();
        json.addProperty("total", all.size());
        json.add("sessions", list);
        return json;
    }

    private static JsonObject session(SessionView session) {
        var json = new JsonObject();
        json.addProperty("pk", session.key().hex());
        json.addProperty("address", session.remote());
        json.addProperty("age_seconds", seconds(session.up()));
        json.addProperty("streams", session.streams());
        json.addProperty("bytes", session.bytes());
        json.addProperty("peer", session.peer());
        return json;
    }
}
