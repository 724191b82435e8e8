package skywire.packet;

import skywire.bytes.ByteWriter;

/**
 * Asks the neighbour on a transport for an answer; route id 0 (transport §7).
 *
 * @param routeId the id in the receiver's table
 * @param payload int64 nanoseconds since the epoch
 */
public record TransportPing(long routeId, byte[] payload) implements Packet {
    /** Type number. */
    public static final int TYPE = 8;

    /** Checks the ranges. */
    public TransportPing {
        Payload.check("transport ping", routeId, payload, 8);
    }

    /** A ping with the sender's clock. */
    public static TransportPing of(long unixNanos) {
        return new TransportPing(RouteId.NONE, new ByteWriter(8).i64(unixNanos).toBytes());
    }

    /** The sender's clock in nanoseconds since the epoch. */
    public long unixNanos() {
        return Payload.i64(payload, 0);
    }

    /** The answer to it: the same bytes. */
    public TransportPong answer() {
        return new TransportPong(routeId, payload);
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
