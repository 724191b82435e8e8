package skywire.packet;

/**
 * Keeps the rules along a route from expiring.
 *
 * @param routeId the id in the receiver's table
 * @param payload empty; what a newer peer may put there is passed on
 */
public record KeepAlive(long routeId, byte[] payload) implements Packet {
    /** Type number. */
    public static final int TYPE = 2;

    /** Checks the ranges. */
    public KeepAlive {
        Payload.check("keep-alive", routeId, payload, 0);
    }

    /** A keep-alive for this route. */
    public static KeepAlive of(long routeId) {
        return new KeepAlive(routeId, new byte[0]);
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
