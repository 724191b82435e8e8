package skywire.visor;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import skywire.directory.Path;
import skywire.entry.TransportId;
import skywire.key.PublicKey;
import skywire.packet.Hop;
import skywire.route.group.GroupKind;
import skywire.route.mux.LegInfo;
import skywire.route.mux.LegState;
import skywire.route.setup.LegCount;
import skywire.transport.DmsgCarrier;
import skywire.transport.StcpCarrier;

/** Paths and legs as JSON; names are those of the public network (mux §4.4). */
record LegViews(PublicKey self, HopTimes times) {
    private static final List<String> TYPES = List.of(StcpCarrier.TYPE, DmsgCarrier.TYPE, "stcpr", "sudph");

    /** Says of a group what its ends have agreed on. */
    static void kind(JsonObject group, GroupKind kind) {
        boolean mux = kind != GroupKind.PLAIN;
        group.addProperty("kind", kind.name().toLowerCase(Locale.ROOT));
        group.addProperty("mux_enabled", mux);
        group.addProperty("sack_enabled", mux);
    }

    /** Says how many legs there are, and why not as many as there should be. */
    static JsonObject count(LegCount count) {
        var json = new JsonObject();
        json.addProperty("requested", count.requested());
        json.addProperty("actual", count.actual());
        json.addProperty("spares", count.spares());
        json.addProperty("standby", count.standby());
        if (!count.reason().isEmpty()) {
            json.addProperty("reason", count.reason());
        }
        return json;
    }

    /**
     * The legs of a group.
     *
     * @param ways how they go, by their ids, as far as that is known
     */
    JsonArray legs(List<LegInfo> legs, Map<UUID, Path> ways) {
        var list = new JsonArray();
        for (LegInfo leg : legs) {
            JsonObject json = leg(leg, list.size());
            Path way = ways.get(leg.id());
            if (way != null) {
                json.addProperty("direct", way.length() == 1);
                json.add("hops", legHops(way));
            }
            list.add(json);
        }
        return list;
    }

    private JsonObject leg(LegInfo leg, int index) {
        var json = new JsonObject();
        json.addProperty("index", index);
        json.addProperty("transport_id", leg.id().toString());
        String type = type(self, leg.neighbour(), leg.id());
        if (type != null) {
            json.addProperty("tp_type", type);
        }
        json.addProperty("remote_pk", leg.neighbour().hex());
        time(json, "latency_ms", times.of(leg.id()).orElse(Duration.ZERO));
        json.addProperty("sent_bytes", leg.sentBytes());
        json.addProperty("sent_packets", leg.sentPackets());
        json.addProperty("recv_bytes", leg.receivedBytes());
        json.addProperty("recv_packets", leg.receivedPackets());
        json.addProperty("retransmits", leg.retransmits());
        json.addProperty("alive", leg.state() != LegState.DEAD);
        json.addProperty("standby", leg.state() == LegState.STANDBY);
        json.addProperty("primary", leg.primary());
        json.addProperty("state", leg.state().text());
        if (!leg.reason().isEmpty()) {
            json.addProperty("reason", leg.reason());
        }
        time(json, "route_latency_ms", leg.roundTrip());
        time(json, "rtprop_ms", leg.leastRoundTrip());
        time(json, "jitter_ms", leg.jitter());
        json.addProperty("loss", leg.loss());
        json.addProperty("window_bytes", leg.window());
        json.addProperty("inflight_bytes", leg.inFlight());
        json.addProperty("goodput_up_bps", leg.rate());
        return json;
    }

    private JsonArray legHops(Path path) {
        var list = new JsonArray();
        for (Hop hop : path.hops()) {
            var json = new JsonObject();
            json.addProperty("tp_id", hop.transport().toString());
            json.addProperty("from", hop.from().hex());
            json.addProperty("to", hop.to().hex());
            String type = type(hop.from(), hop.to(), hop.transport());
            if (type != null) {
                json.addProperty("tp_type", type);
            }
            time(json, "latency_ms", times.of(hop.transport()).orElse(Duration.ZERO));
            list.add(json);
        }
        return list;
    }

    /** The hops of a whole route, for lists that are not about legs. */
    JsonArray hops(Path path) {
        var list = new JsonArray();
        for (Hop hop : path.hops()) {
            var json = new JsonObject();
            json.addProperty("from", hop.from().hex());
            json.addProperty("to", hop.to().hex());
            json.addProperty("transport", hop.transport().toString());
            String type = type(hop.from(), hop.to(), hop.transport());
            if (type != null) {
                json.addProperty("type", type);
            }
            time(json, "rtt_ms", times.of(hop.transport()).orElse(Duration.ZERO));
            list.add(json);
        }
        return list;
    }

    /** The type of a transport between these two, by its id; null if it is none that is known. */
    private static String type(PublicKey from, PublicKey to, UUID transport) {
        return TYPES.stream()
                .filter(type -> TransportId.of(from, to, type).equals(transport))
                .findFirst()
                .orElse(null);
    }

    static void time(JsonObject json, String name, Duration time) {
        if (!time.isZero()) {
            json.addProperty(name, time.toNanos() / 1e6);
        }
    }
}
