package skywire.packet;

/**
 * Answers a {@link Ping} of a route group.
 *
 * @param routeId the id in the receiver's table
 * @param payload the echoed timestamp and eight zero bytes
 */
public record Pong(long routeId, byte[] payload) implements Packet {
    /** Type number. */
    public static final int TYPE = 5;

    /** Checks the ranges. */
    public Pong {
        Payload.check("pong", routeId, payload, 16);
    }

    /** The answer to a ping that carried this timestamp. */
    public static Pong of(long routeId, long unixMillis) {
        return new Pong(routeId, Payload.pair(unixMillis, 0));
    }

    /** The timestamp of the ping, in the asker's milliseconds since the epoch. */
    public long unixMillis() {
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
