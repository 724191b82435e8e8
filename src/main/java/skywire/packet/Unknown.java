package skywire.packet;

/**
 * A packet of a kind this node does not speak: dropped at an edge, passed on by a relay that has a rule for it.
 *
 * @param type the type number, 0..255
 * @param routeId the id in the receiver's table
 * @param payload opaque
 */
public record Unknown(int type, long routeId, byte[] payload) implements Packet {
    /** Checks the ranges. */
    public Unknown {
        Payload.check("unknown", routeId, payload, 0);
    }

    @Override
    public boolean equals(Object other) {
        return Payload.same(this, other);
    }

    @Override
    public int hashCode() {
        return Payload.hash(this);
    }

    @Override
    public String toString() {
        return "Unknown(type " + type + ", route " + routeId + ", " + payload.length + " bytes)";
    }
}
