package skywire.packet;

import java.util.Arrays;

/**
 * First packet of a route group in each direction (routing §6).
 *
 * @param routeId the id in the receiver's table
 * @param payload encryption flag, then optionally capabilities (u16, little-endian) and a Noise KK message
 */
public record Handshake(long routeId, byte[] payload) implements Packet {
    /** Type number. */
    public static final int TYPE = 3;

    /** Checks the ranges. */
    public Handshake {
        Payload.check("handshake", routeId, payload, 1);
    }

    /** The plain form all peers understand: the encryption flag and no capabilities. */
    public static Handshake of(long routeId, boolean encrypt) {
        return new Handshake(routeId, new byte[] {(byte) (encrypt ? 1 : 0)});
    }

    /** The later form, with capability bits and a Noise message that may be empty. */
    public static Handshake of(long routeId, boolean encrypt, int capabilities, byte[] noise) {
        byte[] payload = new byte[3 + noise.length];
        payload[0] = (byte) (encrypt ? 1 : 0);
        payload[1] = (byte) capabilities;
        payload[2] = (byte) (capabilities >> 8);
        System.arraycopy(noise, 0, payload, 3, noise.length);
        return new Handshake(routeId, payload);
    }

    /** Whether the sender wants end-to-end encryption. */
    public boolean encrypt() {
        return payload[0] != 0;
    }

    /** Capability bits, 0 in the short form. */
    public int capabilities() {
        return payload.length < 3 ? 0 : payload[1] & 0xff | (payload[2] & 0xff) << 8;
    }

    /** The Noise message after the capabilities, empty if there is none. */
    public byte[] noise() {
        return payload.length < 3 ? new byte[0] : Arrays.copyOfRange(payload, 3, payload.length);
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
