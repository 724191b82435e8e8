package skywire.route.setup;

import static skywire.gob.GobSchema.field;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import skywire.bytes.ByteReader;
import skywire.bytes.MalformedException;
import skywire.gob.GobSchema;
import skywire.gob.GobStruct;
import skywire.gob.GobValue;
import skywire.key.PublicKey;
import skywire.packet.Hop;
import skywire.packet.RouteDescriptor;
import skywire.packet.RouteId;
import skywire.packet.Rule;
import skywire.platform.Failure;
import skywire.route.EdgeRules;

/** The arguments and replies of route setup as gob values (setup §3, §4). */
final class SetupCodec {
    static final GobSchema IDS = GobSchema.slice(GobSchema.UINT);
    static final GobSchema RULES = GobSchema.slice(GobSchema.BYTES);

    private static final int KEY_SIZE = 33;
    private static final int UUID_SIZE = 16;

    private static final GobSchema DESCRIPTOR = GobSchema.byteArray("RouteDescriptor", RouteDescriptor.SIZE);
    private static final GobSchema KEY = new GobSchema.Opaque("PubKey");
    private static final GobSchema HOP = GobSchema.Struct.of(
            "Hop", field("TpID", new GobSchema.Opaque("UUID")), field("From", KEY), field("To", KEY));
    private static final GobSchema HOPS = new GobSchema.Slice("[]routing.Hop", HOP);

    static final GobSchema EDGE_RULES = GobSchema.Struct.of(
            "EdgeRules",
            field("Desc", DESCRIPTOR),
            field("Forward", GobSchema.BYTES),
            field("Reverse", GobSchema.BYTES));

    static final GobSchema ROUTE_REQUEST = GobSchema.Struct.of(
            "BidirectionalRoute",
            field("Desc", DESCRIPTOR),
            field("KeepAlive", GobSchema.INT),
            field("Forward", HOPS),
            field("Reverse", HOPS));

    private SetupCodec() {}

    // ---- route ids

    static GobValue ids(List<Long> ids) {
        return GobValue.unsignedSlice(ids.stream().mapToLong(Long::longValue).toArray());
    }

    static List<Long> ids(GobValue value) throws MalformedException {
        List<Long> ids = new ArrayList<>();
        for (long id : value.asUnsignedSlice(RouteId.MAX)) {
            ids.add(id);
        }
        return ids;
    }

    // ---- rules

    static GobValue rules(List<? extends Rule> rules) {
        return GobValue.slice(
                rules.stream().map(rule -> GobValue.bytes(rule.encode())).toList());
    }

    static List<Rule> rules(GobValue value) throws MalformedException {
        List<Rule> rules = new ArrayList<>();
        for (GobValue rule : value.asSlice()) {
            rules.add(Rule.decode(rule.asBytes()));
        }
        return rules;
    }

    static GobValue edgeRules(EdgeRules rules) {
        return GobValue.struct()
                .byteArray("Desc", rules.descriptor().encode())
                .bytes("Forward", rules.forward().encode())
                .bytes("Reverse", rules.consume().encode())
                .build();
    }

    static EdgeRules edgeRules(GobValue value) throws MalformedException, Failure {
        GobStruct struct = value.asStruct().expecting("Desc", "Forward", "Reverse");
        return EdgeRules.of(
                RouteDescriptor.decode(struct.byteArray("Desc", RouteDescriptor.SIZE)),
                Rule.decode(struct.bytes("Forward")),
                Rule.decode(struct.bytes("Reverse")));
    }

    // ---- requests

    static GobValue request(RouteRequest request) {
        return GobValue.struct()
                .byteArray("Desc", request.descriptor().encode())
                .signed("KeepAlive", request.keepAlive().toNanos())
                .put("Forward", hops(request.forward()))
                .put("Reverse", hops(request.reverse()))
                .build();
    }

    private static GobValue hops(List<Hop> hops) {
        return GobValue.slice(hops.stream()
                .map(hop -> GobValue.struct()
                        .opaque("TpID", bytes(hop.transport()))
                        .opaque("From", hop.from().bytes())
                        .opaque("To", hop.to().bytes())
                        .build())
                .toList());
    }

    private static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(UUID_SIZE)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    static RouteRequest request(GobValue value) throws MalformedException {
        GobStruct struct = value.asStruct().expecting("Desc", "KeepAlive", "Forward", "Reverse");
        return new RouteRequest(
                RouteDescriptor.decode(struct.byteArray("Desc", RouteDescriptor.SIZE)),
                Duration.ofNanos(struct.signed("KeepAlive")),
                hops(struct, "Forward"),
                hops(struct, "Reverse"));
    }

    private static List<Hop> hops(GobStruct struct, String field) throws MalformedException {
        List<GobValue> values = struct.slice(field);
        if (values.size() > RouteRequest.MOST_HOPS) {
            throw new MalformedException("route of " + values.size() + " hops");
        }
        List<Hop> hops = new ArrayList<>();
        for (GobValue value : values) {
            GobStruct hop = value.asStruct();
            var id = new ByteReader(hop.opaque("TpID", UUID_SIZE));
            hops.add(new Hop(
                    new UUID(id.i64(), id.i64()),
                    PublicKey.of(hop.opaque("From", KEY_SIZE)),
                    PublicKey.of(hop.opaque("To", KEY_SIZE))));
        }
        return hops;
    }
}
