package skywire.packet;

import java.util.Arrays;
import skywire.bytes.ByteWriter;

/** What the kinds of packets have in common. */
final class Payload {
    private Payload() {}

    /** A payload that does not fit its kind: a bug in the maker, malformed when it came from a peer. */
    static final class Bad extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        Bad(String message) {
            super(message);
        }
    }

    /** Checks the ranges, and the least length of the kind. */
    static void check(String kind, long routeId, byte[] payload, int least) {
        RouteId.check(routeId);
        if (payload.length > Packet.MAX_PAYLOAD) {
            throw new Bad("packet size exceeded");
        }
        if (payload.length < least) {
            throw new Bad(kind + " packet with " + payload.length + " bytes, needs " + least);
        }
    }

    /** A 64-bit field that the constructor has made sure of. */
    static long i64(byte[] payload, int off) {
        return u32(payload, off) << 32 | u32(payload, off + 4);
    }

    /** A 32-bit field that the constructor has made sure of. */
    static long u32(byte[] payload, int off) {
        long v = 0;
        for (int i = 0; i < 4; i++) {
            v = v << 8 | payload[off + i] & 0xff;
        }
        return v;
    }

    /** Two 64-bit fields. */
    static byte[] pair(long first, long second) {
        return new ByteWriter(16).i64(first).i64(second).toBytes();
    }

    /** Text for logs: kind, route id and size, never the payload. */
    static String text(Packet p) {
        return p.getClass().getSimpleName() + "(route " + p.routeId() + ", " + p.payload().length + " bytes)";
    }

    /** Whether both are the same kind with equal route id and payload. */
    static boolean same(Packet a, Object b) {
        return b instanceof Packet p
                && p.type() == a.type()
                && p.routeId() == a.routeId()
                && Arrays.equals(p.payload(), a.payload());
    }

    /** Hash to go with {@link #same}. */
    static int hash(Packet p) {
        return 31 * (31 * p.type() + Long.hashCode(p.routeId())) + Arrays.hashCode(p.payload());
    }
}
