package skywire.packet;

/**
 * Asks the other end of a route group for an answer and tells it the rate received (routing §7).
 *
 * @param routeId the id in the receiver's table
 * @param payload two int64
 */
public record Ping(long routeId, byte[] payload) implements Packet {
    /** Type number. */
    public static final int TYPE = 4;

    /** Checks the ranges. */
    public Ping {
        Payload.check("ping", routeId, payload, 16);
    }

    /** A ping with the sender's clock and the throughput it has received, in bytes per second. */
    public static Ping of(long routeId, long unixMillis, long bytesPerSecond) {
        return new Ping(routeId, Payload.pair(unixMillis, bytesPerSecond));
    }

    /** The sender's clock in milliseconds since the epoch; echoed by the answer. */
    public long unixMillis() {
        return Payload.i64(payload, 0);
    }

    /** What the sender has received, in bytes per second. */
    public long bytesPerSecond() {
        return Payload.i64(payload, 8);
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
