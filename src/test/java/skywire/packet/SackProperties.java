package skywire.packet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import skywire.bytes.MalformedException;

/** Both forms of the selective acknowledgement, told apart by their length alone (mux §2.2). */
class SackProperties {
    private static final long U32 = 0xffffffffL;

    @Property
    void theOlderFormSurvivesTheWire(@ForAll @LongRange(max = U32) long last, @ForAll long word) throws Exception {
        Sack sack = read(Sack.old(1, last, word).encode());
        assertTrue(sack.isOld());
        assertEquals(12, sack.payload().length);
        assertEquals(last, sack.lastContiguous());
        assertArrayEquals(new long[] {word}, sack.words());
    }

    @Property
    void theNewerFormSurvivesTheWireAndIsNeverTakenForTheOlder(
            @ForAll @LongRange(max = U32) long last, @ForAll @Size(max = Sack.MAX_WORDS) long[] words)
            throws Exception {
        Sack sack = read(Sack.of(1, last, words).encode());
        assertFalse(sack.isOld());
        assertEquals(last, sack.lastContiguous());
        assertArrayEquals(words, Arrays.copyOf(sack.words(), words.length));
        int n = sack.words().length;
        assertTrue(n == 0 || sack.words()[n - 1] != 0, "a trailing zero word");
        assertEquals(5 + 8 * n, sack.payload().length);
    }

    @Property
    void theOlderFormTellsANewerPeerNothingButItsFirstField(
            @ForAll @LongRange(max = U32) long last, @ForAll long word) {
        byte[] payload = Sack.old(1, last, word).payload();
        int count = payload[4] & 0xff; // what such a peer takes for the number of words
        assertTrue(count == 0 || 5 + 8 * count > payload.length);
    }

    @Property
    void anyBytesAreReadAsTheirLengthSaysOrRefused(@ForAll @Size(max = 300) byte[] payload) {
        assertReadOrRefused(payload);
    }

    @Property
    void aFalseCountOfWordsMeansNone(
            @ForAll @IntRange(max = 300) int length, @ForAll @IntRange(max = 255) int count, @ForAll byte fill) {
        byte[] payload = new byte[length];
        Arrays.fill(payload, fill);
        if (length > 4) {
            payload[4] = (byte) count;
        }
        assertReadOrRefused(payload);
    }

    private static void assertReadOrRefused(byte[] payload) {
        if (payload.length < 5) {
            assertThrows(MalformedException.class, () -> Packet.decode(Sack.TYPE, 1, payload));
            return;
        }
        Sack sack = decode(payload);
        var fields = ByteBuffer.wrap(payload);
        assertEquals(fields.getInt() & U32, sack.lastContiguous());
        assertEquals(payload.length == 12, sack.isOld());
        int count = payload[4] & 0xff;
        boolean whole = count <= Sack.MAX_WORDS && payload.length >= 5 + 8 * count;
        int words = sack.isOld() ? 1 : whole ? count : 0;
        assertEquals(words, sack.words().length);
        fields.position(sack.isOld() ? 4 : 5);
        for (long word : sack.words()) {
            assertEquals(fields.getLong(), word);
        }
    }

    private static Sack decode(byte[] payload) {
        try {
            return assertInstanceOf(Sack.class, Packet.decode(Sack.TYPE, 1, payload));
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    private static Sack read(byte[] frame) throws MalformedException {
        return assertInstanceOf(Sack.class, Packet.decode(frame));
    }
}
