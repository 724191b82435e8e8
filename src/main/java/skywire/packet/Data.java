package skywire.packet;

/**
 * Bytes of a route group.
 *
 * @param routeId the id in the receiver's table
 * @param payload opaque to routers
 */
public record Data(long routeId, byte[] payload) implements Packet {
    /** Type number. */
    public static final int TYPE = 0;

    /** Checks the ranges. */
    public Data {
        Payload.check("data", routeId, payload, 0);
    }

    @Override
    public int type() {
        return TYPE;
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
        return Payload.text(this);
    }
}
