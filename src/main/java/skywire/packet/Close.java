package skywire.packet;

/**
 * Ends a route group, or only one of its legs (routing §1, close codes; §8).
 *
 * @param routeId the id in the receiver's table
 * @param payload the close code, then whatever newer peers add
 */
public record Close(long routeId, byte[] payload) implements Packet {
    /** Type number. */
    public static final int TYPE = 1;

    /** Checks the ranges. */
    public Close {
        Payload.check("close", routeId, payload, 1);
    }

    /** The whole group ends, as its visor asked. */
    public static final int REQUESTED = 0;

    /** Only the leg it came by ends. */
    public static final int LEG_RETIRED = 1;

    /** A close with this code. */
    public static Close of(long routeId, int code) {
        return new Close(routeId, new byte[] {(byte) code});
    }

    /** The code, 0..255; unknown ones mean a full close. */
    public int code() {
        return payload[0] & 0xff;
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
