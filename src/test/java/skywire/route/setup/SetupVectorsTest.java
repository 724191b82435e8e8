package skywire.route.setup;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import skywire.bytes.ByteReader;
import skywire.gob.GobReader;
import skywire.gob.GobValue;
import skywire.gob.GobWriter;
import skywire.key.PublicKey;
import skywire.packet.Hop;
import skywire.packet.RouteDescriptor;
import skywire.packet.Rule;
import skywire.route.EdgeRules;
import skywire.rpc.RpcFault;
import skywire.testkit.Vectors;

/** A route from A over B to C, as the reference's setup node made it. */
class SetupVectorsTest {
    private static final JsonObject V = Vectors.load("routing/rpc_setup_node.json");

    private static List<GobValue> values(String field) throws Exception {
        var in = new ByteReader(Vectors.hex(V, field));
        var reader = new GobReader();
        var values = new ArrayList<GobValue>();
        while (in.left() > 0) {
            values.add(reader.next(in));
        }
        return values;
    }

    private static List<Hop> hops(JsonObject request, String field) throws Exception {
        var hops = new ArrayList<Hop>();
        for (JsonObject hop : Vectors.each(request, field)) {
            hops.add(new Hop(
                    UUID.fromString(Vectors.text(hop, "tp_id")),
                    PublicKey.parse(Vectors.text(hop, "from")),
                    PublicKey.parse(Vectors.text(hop, "to"))));
        }
        return hops;
    }

    private static RouteRequest request() throws Exception {
        JsonObject r = V.getAsJsonObject("request");
        return new RouteRequest(
                RouteDescriptor.decode(Vectors.hex(r, "desc")),
                Duration.ofNanos(r.get("keep_alive_ns").getAsLong()),
                hops(r, "forward"),
                hops(r, "reverse"));
    }

    @Test
    void readsTheRecordedRequests() throws Exception {
        List<GobValue> sent = values("client_bytes");
        RouteRequest first = SetupCodec.request(sent.get(1));
        assertEquals(request(), first);
        first.check();
        var errors = V.getAsJsonArray("errors_of_later_calls");
        for (int i = 0; i < errors.size(); i++) {
            RouteRequest later = SetupCodec.request(sent.get(3 + 2 * i));
            var fault = assertThrows(RpcFault.class, later::check);
            assertEquals(errors.get(i).getAsString(), fault.getMessage());
        }
    }

    @Test
    void makesTheRecordedRules() throws Exception {
        RouteRequest request = request();
        Map<PublicKey, List<Long>> ids = new LinkedHashMap<>();
        JsonObject counters = V.getAsJsonObject("id_counters_before_first_id");
        RulePlan.idsNeeded(request).forEach((visor, n) -> {
            String name = V.getAsJsonObject("keys").entrySet().stream()
                    .filter(e ->
                            Vectors.text(e.getValue().getAsJsonObject(), "pk").equals(visor.hex()))
                    .findFirst()
                    .orElseThrow()
                    .getKey();
            long first = counters.get(name).getAsLong();
            assertEquals(2, n);
            ids.put(visor, List.of(first, first + 1));
        });
        RulePlan plan = RulePlan.of(request, ids);
        JsonObject installed = V.getAsJsonObject("installed");
        PublicKey relay = request.forward().getFirst().to();
        List<String> recorded = new ArrayList<>();
        installed.getAsJsonArray("B_intermediary").forEach(rule -> recorded.add(rule.getAsString()));
        assertEquals(
                recorded,
                plan.relays().get(relay).stream()
                        .map(rule -> skywire.bytes.Hex.of(rule.encode()))
                        .toList());
        check(installed.getAsJsonObject("C_edge"), plan.responder());
        check(V.getAsJsonObject("reply"), plan.initiator());
    }

    private static void check(JsonObject recorded, EdgeRules rules) {
        assertArrayEquals(Vectors.hex(recorded, "desc"), rules.descriptor().encode());
        assertArrayEquals(Vectors.hex(recorded, "forward"), rules.forward().encode());
        assertArrayEquals(Vectors.hex(recorded, "reverse"), rules.consume().encode());
    }

    @Test
    void readsTheRecordedReply() throws Exception {
        check(
                V.getAsJsonObject("reply"),
                SetupCodec.edgeRules(values("server_bytes").get(1)));
    }

    @Test
    void everythingSurvivesTheWayThroughGob() throws Exception {
        RouteRequest request = request();
        var writer = new GobWriter();
        var reader = new GobReader();
        byte[] bytes = writer.write(SetupCodec.ROUTE_REQUEST, SetupCodec.request(request));
        assertEquals(request, SetupCodec.request(reader.next(new ByteReader(bytes))));
        List<Rule> rules = List.of(
                new Rule.Intermediary(Duration.ofSeconds(30), 7, 0xfffffffeL, UUID.randomUUID()),
                new Rule.Consume(Duration.ofSeconds(1), 8, request.descriptor()));
        bytes = writer.write(SetupCodec.RULES, SetupCodec.rules(rules));
        assertEquals(rules, SetupCodec.rules(reader.next(new ByteReader(bytes))));
    }
}
