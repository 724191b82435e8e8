package skywire.packet;

/**
 * Answers a {@link TransportPing}; route id 0 (transport §7).
 *
 * @param routeId the id in the receiver's table
 * @param payload the payload of the ping
 */
public record TransportPong(long routeId, byte[] payload) implements Packet {
    /** Type number. */
    public static final int TYPE = 9;

    /** Checks the ranges. */
    public TransportPong {
        Payload.check("transport pong", routeId, payload, 8);
    }

    /** The echoed clock of the asker, in nanoseconds since the epoch. */
    public long unixNanos() {
        return Payload.i64(payload, 0);
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
