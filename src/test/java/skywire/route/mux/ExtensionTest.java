package skywire.route.mux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import skywire.packet.Handshake;
import skywire.packet.Packet;

/** The block behind the capability bits. */
class ExtensionTest {
    private static Extension over(Extension extension) throws Exception {
        byte[] frame = extension.handshake(7).encode();
        return Extension.of(assertInstanceOf(Handshake.class, Packet.decode(frame)))
                .orElseThrow();
    }

    @Property
    void survivesTheWire(
            @ForAll @Size(Extension.GROUP_ID) byte[] group,
            @ForAll @IntRange(max = 0xffff) int leg,
            @ForAll @Size(max = 100) byte[] noise)
            throws Exception {
        var extension = new Extension(group, leg, noise);
        Extension read = over(extension);
        assertEquals(extension, read);
        assertArrayEquals(noise, read.noise());
        assertTrue(read.isOf(group));
        assertEquals(Capability.OURS, extension.handshake(7).capabilities());
    }

    @Test
    void isNoneWithoutItsBitOrOfAnotherVersionOrCutShort() {
        byte[] block = new Extension(new byte[16], 3, new byte[0]).handshake(7).noise();
        assertFalse(of(Capability.MUX | Capability.SACK, block).isPresent());
        assertTrue(of(Capability.OURS, block).isPresent());
        for (int n = 0; n < block.length; n++) {
            assertFalse(of(Capability.OURS, Arrays.copyOf(block, n)).isPresent());
        }
        for (int i = 0; i < 5; i++) { // magic and version
            byte[] other = block.clone();
            other[i]++;
            assertFalse(of(Capability.OURS, other).isPresent());
        }
    }

    private static Optional<Extension> of(int capabilities, byte[] block) {
        return Extension.of(Handshake.of(7, true, capabilities, block));
    }

    @Property
    void anyBytesAreReadOrNone(@ForAll @Size(max = 100) byte[] block) {
        of(Capability.OURS, block)
                .ifPresent(e -> assertArrayEquals(block, e.handshake(7).noise()));
    }

    @Test
    void tellsGroupsAndLegsApart() {
        var one = new Extension(new byte[16], 3, new byte[0]);
        byte[] other = new byte[16];
        other[15] = 1;
        assertFalse(one.isOf(other));
        assertFalse(one.equals(new Extension(other, 3, new byte[0])));
        assertFalse(one.equals(new Extension(new byte[16], 4, new byte[0])));
        assertThrows(IllegalArgumentException.class, () -> new Extension(new byte[15], 3, new byte[0]));
        assertThrows(IllegalArgumentException.class, () -> new Extension(new byte[16], 0x10000, new byte[0]));
    }
}
