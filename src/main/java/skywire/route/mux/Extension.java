package skywire.route.mux;

import java.util.Arrays;
import java.util.Optional;
import skywire.bytes.ByteReader;
import skywire.bytes.ByteWriter;
import skywire.bytes.MalformedException;
import skywire.packet.Handshake;

/**
 * What follows the capability bits in the Handshake of a peer that knows the full form (docs/wire/mux.md §1): {@code
 * "SKYM" ‖ version u8 ‖ group id (16) ‖ leg u16 ‖ noise message}. A peer that does not know it reads the capability bits
 * only.
 *
 * @param group chosen by the dialler at random; a leg with another one belongs to another group
 * @param leg number of the leg, given by the dialler, never used twice in a group; 0 for the first one
 * @param noise message of the KK handshake on the first leg, empty on the others
 */
public record Extension(byte[] group, int leg, byte[] noise) {
    /** Bytes of a group id. */
    public static final int GROUP_ID = 16;

    private static final byte[] MAGIC = {'S', 'K', 'Y', 'M'};
    private static final int VERSION = 1;

    /** Checks the lengths. */
    public Extension {
        if (group.length != GROUP_ID || leg < 0 || leg > 0xffff) {
            throw new IllegalArgumentException("extension of a handshake");
        }
    }

    /** Reads the extension of a Handshake; empty if there is none, or one of another version. */
    public static Optional<Extension> of(Handshake handshake) {
        if ((handshake.capabilities() & Capability.EXTENDED) == 0) {
            return Optional.empty();
        }
        var in = new ByteReader(handshake.noise());
        try {
            if (!Arrays.equals(in.bytes(MAGIC.length), MAGIC) || in.u8() != VERSION) {
                return Optional.empty();
            }
            return Optional.of(new Extension(in.bytes(GROUP_ID), in.u16(), in.rest()));
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    /** The Handshake with this extension. */
    public Handshake handshake(long routeId) {
        var out = new ByteWriter(MAGIC.length + 3 + GROUP_ID + noise.length);
        out.bytes(MAGIC).u8(VERSION).bytes(group).u16(leg).bytes(noise);
        return Handshake.of(routeId, true, Capability.OURS, out.toBytes());
    }

    /** Whether both are of one group. */
    public boolean isOf(byte[] id) {
        return Arrays.equals(group, id);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Extension e && isOf(e.group) && leg == e.leg && Arrays.equals(noise, e.noise);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(group) + leg;
    }

    @Override
    public String toString() {
        return "leg " + leg + (noise.length > 0 ? ", opening" : "");
    }
}
