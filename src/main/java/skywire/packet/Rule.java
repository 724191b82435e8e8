package skywire.packet;

import java.time.Duration;
import java.util.UUID;
import skywire.bytes.ByteReader;
import skywire.bytes.ByteWriter;
import skywire.bytes.MalformedException;

/**
 * What a visor does with packets of one route id (routing §3). On the wire a rule is {@code keep-alive i64 ns ‖ type u8
 * ‖ key route id u32} and a body that depends on the type.
 *
 * <p>A record only says what the bytes say; whether a rule may be installed is decided where that is done.
 */
public sealed interface Rule {
    /** Bytes of the header all rules have. */
    int HEADER = 13;

    /** Follow the transport id in the forms that have one; written as zeros, ignored when read. */
    int PADDING = 17;

    /** How long the rule stays valid without traffic; never negative. */
    Duration keepAlive();

    /** The route id this rule is the table entry of. */
    long keyRouteId();

    /** The same rule with another keep-alive. */
    Rule withKeepAlive(Duration keepAlive);

    /** The bytes on the wire. */
    byte[] encode();

    /** The JSON summary, as tools of the network show it. */
    String summaryJson();

    /**
     * The end of a path: packets go to the route group of the descriptor (called "reverse" on the wire).
     *
     * @param descriptor source is the far end, destination this visor
     */
    record Consume(Duration keepAlive, long keyRouteId, RouteDescriptor descriptor) implements Rule {
        /** Type number. */
        public static final int TYPE = 0;

        /** Checks the ranges. */
        public Consume {
            keepAlive = check(keepAlive, keyRouteId, 0);
        }

        @Override
        public Consume withKeepAlive(Duration other) {
            return new Consume(other, keyRouteId, descriptor);
        }

        @Override
        public byte[] encode() {
            var out = header(this, TYPE, HEADER + RouteDescriptor.SIZE);
            descriptor.write(out);
            return out.toBytes();
        }

        @Override
        public String summaryJson() {
            return summary(this, TYPE, "app_fields", descriptorJson(descriptor));
        }

        @Override
        public String toString() {
            return "REV(keyRtID:" + keyRouteId + ", " + descriptor + ")";
        }
    }

    /**
     * The start of a path, kept by its first visor.
     *
     * @param descriptor source is this visor, destination the far end
     * @param nextRouteId the key of the next visor's rule
     * @param nextTransport the transport to that visor
     */
    record Forward(
            Duration keepAlive, long keyRouteId, RouteDescriptor descriptor, long nextRouteId, UUID nextTransport)
            implements Rule {
        /** Type number. */
        public static final int TYPE = 1;

        /** Checks the ranges. */
        public Forward {
            keepAlive = check(keepAlive, keyRouteId, nextRouteId);
        }

        @Override
        public Forward withKeepAlive(Duration other) {
            return new Forward(other, keyRouteId, descriptor, nextRouteId, nextTransport);
        }

        @Override
        public byte[] encode() {
            var out = header(this, TYPE, HEADER + RouteDescriptor.SIZE + 20 + PADDING);
            descriptor.write(out);
            return writeNext(out, nextRouteId, nextTransport).toBytes();
        }

        @Override
        public String summaryJson() {
            String fields = descriptorJson(descriptor) + "," + nextJson(nextRouteId, nextTransport);
            return summary(this, TYPE, "forward_fields", fields);
        }

        @Override
        public String toString() {
            return "FWD(keyRtID:" + keyRouteId + nextText(nextRouteId, nextTransport) + ", " + descriptor + ")";
        }
    }

    /**
     * The middle of a path.
     *
     * @param nextRouteId the key of the next visor's rule
     * @param nextTransport the transport to that visor
     */
    record Intermediary(Duration keepAlive, long keyRouteId, long nextRouteId, UUID nextTransport) implements Rule {
        /** Type number. */
        public static final int TYPE = 2;

        /** Checks the ranges. */
        public Intermediary {
            keepAlive = check(keepAlive, keyRouteId, nextRouteId);
        }

        @Override
        public Intermediary withKeepAlive(Duration other) {
            return new Intermediary(other, keyRouteId, nextRouteId, nextTransport);
        }

        @Override
        public byte[] encode() {
            return writeNext(header(this, TYPE, HEADER + 20 + PADDING), nextRouteId, nextTransport)
                    .toBytes();
        }

        @Override
        public String summaryJson() {
            return summary(this, TYPE, "intermediary_forward_fields", nextJson(nextRouteId, nextTransport));
        }

        @Override
        public String toString() {
            return "INTER(keyRtID:" + keyRouteId + nextText(nextRouteId, nextTransport) + ")";
        }
    }

    /**
     * Decodes a rule. Only the fields are required; what follows them is ignored, and a negative keep-alive is read as
     * zero.
     *
     * @throws MalformedException if it is too short, of unknown type, or holds an invalid key
     */
    static Rule decode(byte[] bytes) throws MalformedException {
        if (bytes.length < HEADER) {
            throw new MalformedException("corrupted rule");
        }
        var in = new ByteReader(bytes);
        Duration keepAlive = Duration.ofNanos(Math.max(0, in.i64()));
        int type = in.u8();
        long key = in.u32();
        return switch (type) {
            case Consume.TYPE -> new Consume(keepAlive, key, RouteDescriptor.read(in));
            case Forward.TYPE -> new Forward(keepAlive, key, RouteDescriptor.read(in), in.u32(), readId(in));
            case Intermediary.TYPE -> new Intermediary(keepAlive, key, in.u32(), readId(in));
            default -> throw new MalformedException("unknown rule type " + type);
        };
    }

    private static UUID readId(ByteReader in) throws MalformedException {
        return new UUID(in.i64(), in.i64());
    }

    private static Duration check(Duration keepAlive, long key, long next) {
        RouteId.check(key);
        RouteId.check(next);
        return keepAlive.isNegative() ? Duration.ZERO : keepAlive;
    }

    private static ByteWriter header(Rule rule, int type, int size) {
        return new ByteWriter(size).i64(rule.keepAlive().toNanos()).u8(type).u32(rule.keyRouteId());
    }

    private static ByteWriter writeNext(ByteWriter out, long nextRouteId, UUID id) {
        return out.u32(nextRouteId)
                .i64(id.getMostSignificantBits())
                .i64(id.getLeastSignificantBits())
                .zeros(PADDING);
    }

    private static String summary(Rule rule, int type, String name, String fields) {
        return "{\"keep_alive\":" + rule.keepAlive().toNanos() + ",\"rule_type\":" + type + ",\"key_route_id\":"
                + rule.keyRouteId() + ",\"" + name + "\":{" + fields + "}}";
    }

    private static String descriptorJson(RouteDescriptor descriptor) {
        return "\"route_descriptor\":" + descriptor.summaryJson();
    }

    private static String nextJson(long nextRouteId, UUID nextTransport) {
        return "\"next_rid\":" + nextRouteId + ",\"next_tid\":\"" + nextTransport + "\"";
    }

    private static String nextText(long nextRouteId, UUID nextTransport) {
        return ", nxtRtID:" + nextRouteId + ", nxtTpID:" + nextTransport;
    }
}
