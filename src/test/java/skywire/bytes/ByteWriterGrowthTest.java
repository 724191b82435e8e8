package skywire.bytes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ByteWriterGrowthTest {
    @Test
    void growsByEveryKindOfField() {
        var out = new ByteWriter(0);
        byte[] some = {1, 2, 3, 4, 5};
        for (int i = 0; i < 100; i++) {
            out.u8(i).bytes(some).u16(i).zeros(3).u32(i).i64(i);
        }
        byte[] all = out.toBytes();
        assertEquals(100 * 23, all.length);
        assertEquals(99, all[99 * 23]);
        assertArrayEquals(some, java.util.Arrays.copyOfRange(all, 99 * 23 + 1, 99 * 23 + 6));
    }
}
