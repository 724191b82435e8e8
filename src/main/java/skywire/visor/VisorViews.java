package skywire.visor;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import skywire.directory.Doubts;
import skywire.dmsg.DmsgSession;
import skywire.entry.TransportId;
import skywire.http.HttpResponse;
import skywire.json.Json;
import skywire.packet.RouteDescriptor;
import skywire.packet.Rule;
import skywire.platform.Platform;
import skywire.route.RuleEntry;
import skywire.transport.Transport;
import skywire.transport.TransportSet;

/** What a visor tells of itself, as JSON; names follow the public network's where it has them (visor §3). */
final class VisorViews {
    private final Platform platform;
    private final Visor visor;
    private final RouteViews routes;

    VisorViews(Platform platform, Visor visor, RouteViews routes) {
        this.platform = platform;
        this.visor = visor;
        this.routes = routes;
    }

    private static String version() {
        String version = Visor.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }

    /** The page {@code /health} (visor §6). */
    static HttpResponse httpHealth(Visor visor) {
        var build = new JsonObject();
        build.addProperty("version", version());
        build.addProperty("commit", "unknown");
        build.addProperty("date", "unknown");
        var json = new JsonObject();
        json.add("build_info", build);
        json.addProperty(
                "started_at", visor.since().truncatedTo(ChronoUnit.MILLIS).toString());
        return HttpResponse.json(200, Json.write(json));
    }

    JsonObject info() {
        var json = new JsonObject();
        json.addProperty("local_pk", visor.key().hex());
        json.addProperty("version", version());
        json.addProperty("pid", ProcessHandle.current().pid());
        json.addProperty("uptime_seconds", age(visor.since()));
        json.addProperty("discovery", visor.config().discovery().toString());
        json.addProperty("transports", visor.transports().list().size());
        json.addProperty("route_groups", visor.router().groups().list().size());
        json.addProperty("rules", visor.router().table().size());
        json.add("dmsg_sessions", sessions());
        return json;
    }

    JsonArray sessions() {
        var list = new JsonArray();
        for (DmsgSession session : visor.dmsg().sessions()) {
            var json = new JsonObject();
            json.addProperty("server", session.serverKey().hex());
            json.addProperty("address", session.address().toString());
            json.addProperty("streams", session.streamCount());
            LegViews.time(json, "rtt_ms", session.roundTrip().orElse(Duration.ZERO));
            list.add(json);
        }
        return list;
    }

    JsonArray transports() {
        var list = new JsonArray();
        List<TransportSet.Persistent> missing =
                new ArrayList<>(visor.transports().persistent());
        for (Transport t : visor.transports().list()) {
            var kept = new TransportSet.Persistent(t.remoteKey(), t.type());
            JsonObject json = transport(t);
            json.addProperty("persistent", missing.remove(kept));
            list.add(json);
        }
        for (TransportSet.Persistent kept : missing) {
            var json = new JsonObject();
            json.addProperty(
                    "id", TransportId.of(visor.key(), kept.key(), kept.type()).toString());
            json.addProperty("type", kept.type());
            json.addProperty("remote_pk", kept.key().hex());
            json.addProperty("up", false);
            json.addProperty("persistent", true);
            list.add(json);
        }
        return list;
    }

    JsonObject transport(Transport t) {
        var json = new JsonObject();
        json.addProperty("id", t.id().toString());
        json.addProperty("type", t.type());
        json.addProperty("remote_pk", t.remoteKey().hex());
        json.addProperty("label", t.label());
        json.addProperty("up", !t.isClosed());
        json.addProperty("stalled", t.isStalled());
        json.addProperty("initiator", t.isDialled());
        json.addProperty("sent_bytes", t.sentBytes());
        json.addProperty("recv_bytes", t.receivedBytes());
        json.addProperty("dropped_packets", t.droppedPackets());
        json.addProperty("age_seconds", age(t.since()));
        LegViews.time(json, "rtt_ms", t.roundTrip());
        return json;
    }

    JsonArray rules() {
        var list = new JsonArray();
        long now = platform.clock().nanoTime();
        for (RuleEntry entry : visor.router().table().list()) {
            JsonObject json = rule(entry.rule());
            json.addProperty("idle_seconds", seconds(entry.idle(now)));
            list.add(json);
        }
        return list;
    }

    private static JsonObject rule(Rule rule) {
        var json = new JsonObject();
        json.addProperty("id", rule.keyRouteId());
        switch (rule) {
            case Rule.Forward forward -> {
                json.addProperty("kind", "forward");
                next(json, forward.nextRouteId(), forward.nextTransport());
                ends(json, forward.descriptor());
            }
            case Rule.Intermediary relay -> {
                json.addProperty("kind", "intermediary");
                next(json, relay.nextRouteId(), relay.nextTransport());
            }
            case Rule.Consume consume -> {
                json.addProperty("kind", "consume");
                ends(json, consume.descriptor());
            }
        }
        json.addProperty("keep_alive_seconds", seconds(rule.keepAlive()));
        return json;
    }

    private static void next(JsonObject json, long routeId, UUID transport) {
        json.addProperty("next_id", routeId);
        json.addProperty("transport", transport.toString());
    }

    private static void ends(JsonObject json, RouteDescriptor ends) {
        json.addProperty("src", ends.srcKey().hex() + ":" + ends.srcPort());
        json.addProperty("dst", ends.dstKey().hex() + ":" + ends.dstPort());
    }

    JsonObject state() {
        JsonObject json = info();
        json.addProperty("stcp_address", visor.stcpAddress());
        visor.dmsg().trouble().ifPresent(e -> json.addProperty("dmsg_trouble", String.valueOf(e.getMessage())));
        json.add("directory_doubts", doubts());
        json.add("transport_list", transports());
        json.add("rule_list", rules());
        json.add("group_list", routes.groups());
        json.add("proxy_list", routes.proxies());
        json.addProperty("forwarded_packets", visor.router().forwarder().forwardedPackets());
        json.addProperty("dropped_packets", visor.router().forwarder().droppedPackets());
        json.addProperty("turned_packets", visor.router().forwarder().turnedPackets());
        json.addProperty("refused_packets", visor.router().intake().refusedPackets());
        json.add("queued", queued());
        visor.exit().ifPresent(exit -> {
            var served = new JsonObject();
            served.addProperty("sessions", exit.status().sessions());
            served.addProperty("streams", exit.status().streams());
            served.addProperty("served", exit.status().served());
            served.addProperty("refused", exit.status().refused());
            json.add("exit", served);
        });
        return json;
    }

    /** The memory of packets that wait, and its limit. */
    private JsonObject queued() {
        var json = new JsonObject();
        json.addProperty("bytes", visor.transports().queued().used());
        json.addProperty("limit_bytes", visor.transports().queued().most());
        json.addProperty("dropped_queues", visor.router().droppedQueues());
        return json;
    }

    private JsonObject doubts() {
        Doubts doubts = visor.dmsg().doubts();
        var json = new JsonObject();
        json.addProperty("unverifiable", doubts.unverifiable());
        json.addProperty("unsigned", doubts.unsigned());
        json.addProperty("future", doubts.future());
        json.addProperty("older", doubts.older());
        json.addProperty("stale", doubts.stale());
        json.addProperty("local", doubts.local());
        return json;
    }

    private double age(Instant since) {
        return seconds(Duration.between(since, platform.clock().now()));
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }
}
