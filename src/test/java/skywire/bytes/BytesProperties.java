package skywire.bytes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class BytesProperties {
    @Property
    void everyFieldComesBack(
            @ForAll @IntRange(max = 255) int u8,
            @ForAll @IntRange(max = 65535) int u16,
            @ForAll int u32,
            @ForAll long i64,
            @ForAll byte[] blob,
            @ForAll @IntRange(max = 100) int zeros)
            throws MalformedException {
        byte[] written = new ByteWriter(0)
                .u8(u8)
                .u16(u16)
                .u32(Integer.toUnsignedLong(u32))
                .i64(i64)
                .bytes(blob)
                .zeros(zeros)
                .u8(1)
                .toBytes();
        var in = new ByteReader(written);
        assertEquals(u8, in.u8());
        assertEquals(u16, in.u16());
        assertEquals(Integer.toUnsignedLong(u32), in.u32());
        assertEquals(i64, in.i64());
        assertArrayEquals(blob, in.bytes(blob.length));
        assertArrayEquals(new byte[zeros], in.bytes(zeros));
        assertEquals(1, in.left());
        assertThrows(MalformedException.class, in::end);
        in.skip(1);
        in.end();
    }

    @Property
    void neverReadsPastTheEnd(
            @ForAll byte[] bytes,
            @ForAll @IntRange(max = 300) int off,
            @ForAll @IntRange(max = 300) int len,
            @ForAll int n)
            throws MalformedException {
        if (off > bytes.length || len > bytes.length - off) {
            assertThrows(IndexOutOfBoundsException.class, () -> new ByteReader(bytes, off, len));
            return;
        }
        var in = new ByteReader(bytes, off, len);
        if (n < 0 || n > len) {
            assertThrows(MalformedException.class, () -> in.bytes(n));
            assertThrows(MalformedException.class, () -> in.skip(n));
            assertThrows(MalformedException.class, () -> in.utf8(n));
            assertEquals(len, in.left());
        } else {
            assertEquals(n, in.bytes(n).length);
            assertEquals(off + n, in.position());
            assertEquals(len - n, in.rest().length);
        }
    }

    @Property
    void textComesBackOrIsRefused(@ForAll byte[] bytes) {
        var in = new ByteReader(bytes);
        String text;
        try {
            text = in.utf8(bytes.length);
        } catch (MalformedException notText) {
            return;
        }
        assertArrayEquals(bytes, text.getBytes(StandardCharsets.UTF_8));
    }

    @Property
    void hexComesBack(@ForAll @Size(max = 100) byte[] bytes) throws MalformedException {
        assertArrayEquals(bytes, Hex.parse(Hex.of(bytes)));
        assertArrayEquals(bytes, Hex.parse(Hex.of(bytes).toUpperCase(java.util.Locale.ROOT)));
        assertThrows(MalformedException.class, () -> Hex.parse(Hex.of(bytes) + "0"));
        assertThrows(MalformedException.class, () -> Hex.parse(Hex.of(bytes) + "0g"));
    }
}
