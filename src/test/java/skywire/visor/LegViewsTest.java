package skywire.visor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import skywire.directory.Path;
import skywire.entry.TransportId;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.packet.Hop;
import skywire.route.group.GroupKind;
import skywire.route.mux.LegInfo;
import skywire.route.mux.LegState;
import skywire.route.setup.LegCount;

/** The names other programs read. */
class LegViewsTest {
    private static final PublicKey SELF = key("self");
    private static final PublicKey RELAY = key("relay");
    private static final PublicKey EXIT = key("exit");
    private static final UUID FIRST = TransportId.of(SELF, RELAY, "stcp");
    private static final UUID SECOND = TransportId.of(RELAY, EXIT, "dmsg");
    private static final Path WAY = new Path(List.of(new Hop(FIRST, SELF, RELAY), new Hop(SECOND, RELAY, EXIT)));

    private static PublicKey key(String seed) {
        return SecretKey.fromSeed(seed.getBytes(StandardCharsets.UTF_8)).publicKey();
    }

    private static LegInfo leg(LegState state, String reason, Duration rtt) {
        return new LegInfo(
                FIRST, RELAY, state, reason, true, rtt, rtt, rtt, 0.02, 65536, 1000, 70000, 1234, 12, 98765, 99, 3);
    }

    private static JsonObject view(LegInfo leg, Map<UUID, Path> ways) {
        var views = new LegViews(SELF, id -> id.equals(FIRST) ? Optional.of(Duration.ofMillis(3)) : Optional.empty());
        JsonArray legs = views.legs(List.of(leg), ways);
        assertEquals(1, legs.size());
        return legs.get(0).getAsJsonObject();
    }

    @Test
    void aLegHasTheNamesOfThePublicNetwork() {
        JsonObject leg = view(leg(LegState.ACTIVE, "", Duration.ofMillis(21)), Map.of(FIRST, WAY));
        JsonArray hops = leg.remove("hops").getAsJsonArray();
        assertEquals(
                "{'index':0,'transport_id':'%s','tp_type':'stcp','remote_pk':'%s','latency_ms':3.0,"
                                .formatted(FIRST, RELAY)
                        + "'sent_bytes':1234,'sent_packets':12,'recv_bytes':98765,'recv_packets':99,'retransmits':3,"
                        + "'alive':true,'standby':false,'primary':true,'state':'active','route_latency_ms':21.0,"
                        + "'rtprop_ms':21.0,'jitter_ms':21.0,'loss':0.02,'window_bytes':65536,'inflight_bytes':1000,"
                        + "'goodput_up_bps':70000,'direct':false}",
                leg.toString().replace('"', '\''));
        assertEquals(
                "[{'tp_id':'%s','from':'%s','to':'%s','tp_type':'stcp','latency_ms':3.0},".formatted(FIRST, SELF, RELAY)
                        + "{'tp_id':'%s','from':'%s','to':'%s','tp_type':'dmsg'}]".formatted(SECOND, RELAY, EXIT),
                hops.toString().replace('"', '\''));
    }

    @Test
    void whatIsUnknownIsLeftOut() {
        JsonObject leg = view(leg(LegState.STANDBY, "no progress", Duration.ZERO), Map.of());
        for (String name : Set.of("route_latency_ms", "rtprop_ms", "jitter_ms", "hops", "direct")) {
            assertFalse(leg.has(name), name);
        }
        assertEquals("standby", leg.get("state").getAsString());
        assertEquals("no progress", leg.get("reason").getAsString());
        assertEquals(true, leg.get("standby").getAsBoolean());
        assertEquals(
                false,
                view(leg(LegState.DEAD, "", Duration.ZERO), Map.of())
                        .get("alive")
                        .getAsBoolean());
    }

    @Test
    void aGroupSaysWhatItsEndsAgreedOn() {
        var plain = new JsonObject();
        LegViews.kind(plain, GroupKind.PLAIN);
        assertEquals("{\"kind\":\"plain\",\"mux_enabled\":false,\"sack_enabled\":false}", plain.toString());
        var old = new JsonObject();
        LegViews.kind(old, GroupKind.COMPATIBLE);
        assertEquals("{\"kind\":\"compatible\",\"mux_enabled\":true,\"sack_enabled\":true}", old.toString());
    }

    @Test
    void theReasonForMissingLegsIsThere() {
        assertEquals(
                "{\"requested\":4,\"actual\":4,\"spares\":1,\"standby\":1}",
                LegViews.count(new LegCount(4, 4, 1, 1, "")).toString());
        assertEquals(
                "no way left",
                LegViews.count(new LegCount(4, 2, 0, 0, "no way left"))
                        .get("reason")
                        .getAsString());
    }

    @Test
    void aSingleLegIsWarnedAboutOnlyWhereMoreWereWanted() {
        assertEquals(Optional.empty(), RouteViews.warning(new LegCount(1, 1, 0, 0, "")));
        assertEquals(Optional.empty(), RouteViews.warning(new LegCount(4, 2, 0, 0, "")));
        assertEquals(Optional.empty(), RouteViews.warning(new LegCount(1, 1, 1, 1, "")));
        assertEquals(true, RouteViews.warning(new LegCount(4, 1, 1, 0, "")).isPresent());
        assertEquals(true, RouteViews.warning(new LegCount(1, 1, 1, 0, "")).isPresent());
    }
}
