package skywire.route.mux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import skywire.bytes.ByteWriter;
import skywire.bytes.MalformedException;

/** What the ends tell each other survives the wire, and nothing else is taken. */
class ControlTest {
    private static final long U32 = 0xffff_ffffL;

    @Property
    void acknowledgementsSurvive(
            @ForAll @LongRange(max = Long.MAX_VALUE) long next,
            @ForAll @LongRange(max = Long.MAX_VALUE) long credit,
            @ForAll @LongRange(max = U32) long seen,
            @ForAll @Size(max = Control.MOST_WORDS) long[] words)
            throws Exception {
        var ack = new Control.Ack(next, credit, seen, words);
        assertEquals(ack, Control.decode(ack.encode()));
        assertEquals(ack.hashCode(), Control.decode(ack.encode()).hashCode());
    }

    @Property
    void statusSurvives(
            @ForAll @LongRange(max = U32) long version,
            @ForAll @IntRange(min = 1, max = 255) int width,
            @ForAll @Size(max = 8) List<@IntRange(max = 0xffff) Integer> legs,
            @ForAll @LongRange(min = -1, max = Long.MAX_VALUE) long end,
            @ForAll @StringLength(max = 200) String text)
            throws Exception {
        List<Control.LegWish> wishes =
                legs.stream().map(leg -> new Control.LegWish(leg, leg % 3)).toList();
        String sound = text.codePoints()
                .filter(c -> c < 0xd800 || c > 0xdfff) // halves of pairs have no form in UTF-8
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        var status = new Control.Status(version, width, wishes, end, sound);
        assertEquals(status, Control.decode(status.encode()));
    }

    @Test
    void aQuestionSurvives() throws Exception {
        assertEquals(new Control.Ask(), Control.decode(new Control.Ask().encode()));
    }

    @Test
    void longTextIsCut() throws Exception {
        var status = new Control.Status(1, 1, List.of(), -1, "x".repeat(5_000));
        assertEquals("x".repeat(Control.MOST_TEXT), ((Control.Status) Control.decode(status.encode())).text());
    }

    @Test
    void saysWhatHasArrived() {
        var ack = new Control.Ack(10, 0, 0, new long[] {0b101, 1L << 63});
        assertTrue(ack.has(0) && ack.has(9) && ack.has(10) && ack.has(12) && ack.has(10 + 127));
        assertFalse(ack.has(11) || ack.has(13) || ack.has(10 + 126) || ack.has(10 + 128) || ack.has(Long.MAX_VALUE));
    }

    @Test
    void whatIsOutOfRangeIsRefused() {
        refused(ack(-1, 0, 0));
        refused(ack(0, -1, 0));
        refused(ack(0, 0, Control.MOST_WORDS + 1));
        refused(new byte[0]);
        refused(new byte[] {0});
        refused(new byte[] {4});
        refused(new Control.Status(1, 0, List.of(), -1, "").encode());
        refused(new Control.Status(1, 1, List.of(), -2, "").encode());
        byte[] longer = Arrays.copyOf(new Control.Ack(1, 2, 3, new long[1]).encode(), 40);
        refused(longer);
        refused(Arrays.copyOf(longer, 29));
    }

    private static byte[] ack(long next, long credit, int words) {
        var out = new ByteWriter(300).u8(1).i64(next).i64(credit).u32(0).u8(words);
        for (int i = 0; i < words; i++) {
            out.i64(i);
        }
        return out.toBytes();
    }

    private static void refused(byte[] frame) {
        assertThrows(MalformedException.class, () -> Control.decode(frame), () -> Arrays.toString(frame));
    }

    @Property(tries = 2_000)
    void anyBytesAreReadOrRefused(@ForAll @IntRange(max = 4) int kind, @ForAll @Size(max = 300) byte[] rest) {
        byte[] frame = new byte[rest.length + 1];
        frame[0] = (byte) kind;
        System.arraycopy(rest, 0, frame, 1, rest.length);
        Control control;
        try {
            control = Control.decode(frame);
        } catch (MalformedException e) {
            return;
        }
        if (control instanceof Control.Ack) {
            assertArrayEquals(frame, control.encode());
        } else {
            assertTrue(control.encode().length <= 3 * frame.length, "grows without bound"); // text that is no UTF-8
        }
    }
}
