package skywire.gob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skywire.gob.GobSchema.field;

import java.util.List;
import org.junit.jupiter.api.Test;
import skywire.bytes.ByteReader;
import skywire.bytes.ByteWriter;
import skywire.bytes.Hex;
import skywire.bytes.MalformedException;

class GobReaderTest {
    private static final GobSchema POINT =
            GobSchema.Struct.of("Point", field("X", GobSchema.INT), field("Y", GobSchema.INT));

    private static GobValue read(GobReader reader, byte[] bytes) throws MalformedException {
        return reader.next(new ByteReader(bytes));
    }

    private static void refused(byte[] bytes) {
        assertThrows(MalformedException.class, () -> read(new GobReader(), bytes));
    }

    private static byte[] hex(String text) throws MalformedException {
        return Hex.parse(text.replace(" ", ""));
    }

    @Test
    void definesEachTypeOncePerStream() throws Exception {
        var writer = new GobWriter();
        var reader = new GobReader();
        byte[] first = writer.write(POINT, GobValue.struct().signed("X", 1).build());
        byte[] second = writer.write(POINT, GobValue.struct().signed("Y", 2).build());
        assertTrue(second.length < first.length);
        assertEquals(1, read(reader, first).asStruct().signed("X"));
        GobStruct point = read(reader, second).asStruct();
        assertFalse(point.has("X"));
        assertEquals(2, point.signed("Y"));
    }

    @Test
    void refusesASecondDefinitionOfAnId() throws Exception {
        byte[] first = new GobWriter().write(POINT, GobValue.struct().build());
        var reader = new GobReader();
        read(reader, first);
        assertThrows(MalformedException.class, () -> read(reader, first));
    }

    @Test
    void refusesWrongKindsAsGoDoes() throws Exception {
        var writer = new GobWriter();
        GobSchema type = GobSchema.Struct.of("T", field("A", GobSchema.INT), field("B", GobSchema.BYTES));
        GobStruct value = read(
                        new GobReader(),
                        writer.write(
                                type,
                                GobValue.struct()
                                        .signed("A", 1)
                                        .bytes("B", new byte[33])
                                        .build()))
                .asStruct();
        assertThrows(MalformedException.class, () -> value.unsigned("A", 10));
        assertThrows(MalformedException.class, () -> value.text("B"));
        assertThrows(MalformedException.class, () -> value.opaque("B", 33));
        assertThrows(MalformedException.class, () -> value.byteArray("B", 33));
        assertThrows(MalformedException.class, () -> value.expecting("C", "D"));
        assertDoesNotThrow(() -> value.expecting("C", "A"));
        assertEquals(0, value.signed("C"));
    }

    @Test
    void checksTheRangeOfNumbers() throws Exception {
        GobValue value = read(new GobReader(), new GobWriter().write(GobSchema.UINT, GobValue.unsigned(300)));
        assertThrows(MalformedException.class, () -> value.asUnsigned(255));
        assertEquals(300, value.asUnsigned(300));
        GobValue huge = read(new GobReader(), new GobWriter().write(GobSchema.UINT, GobValue.unsigned(-1)));
        assertThrows(MalformedException.class, () -> huge.asUnsigned(Long.MAX_VALUE));
    }

    @Test
    void skipsFieldsOfUnusedKinds() throws Exception {
        // struct {I interface; Z complex; X int}: id 65
        byte[] definition = hex("1d ff81 03 01 01 01 54 01 ff82 00 01 03 01 01 49 01 10 00 01 01 5a 01 0e 00"
                + " 01 01 58 01 04 00 00 00");
        definition[0] = (byte) (definition.length - 1);
        byte[] value = hex("11 ff82 01 03 696e74 04 02 00 06 01 fe3140 00 01 0a 00");
        value[0] = (byte) (value.length - 1);
        var reader = new GobReader();
        assertTrue(reader.message(java.util.Arrays.copyOfRange(definition, 1, definition.length))
                .isEmpty());
        GobStruct struct = reader.message(java.util.Arrays.copyOfRange(value, 1, value.length))
                .orElseThrow()
                .asStruct();
        assertEquals(5, struct.signed("X"));
    }

    @Test
    void acceptsDefinitionsInAnyOrder() throws Exception {
        GobSchema line = GobSchema.Struct.of("Line", field("From", POINT), field("To", POINT));
        GobValue point = GobValue.struct().signed("X", 7).build();
        byte[] stream =
                new GobWriter().write(line, GobValue.struct().put("To", point).build());
        int outer = stream[0] + 1;
        int inner = stream[outer] + 1;
        var swapped = new ByteWriter(stream.length)
                .bytes(stream, outer, inner)
                .bytes(stream, 0, outer)
                .bytes(stream, outer + inner, stream.length - outer - inner);
        GobStruct value = read(new GobReader(), swapped.toBytes()).asStruct();
        assertEquals(7, value.struct("To").signed("X"));
    }

    @Test
    void refusesBadMessages() throws Exception {
        refused(hex("")); // ends before a value
        refused(hex("00")); // empty message
        refused(hex("03 06 00")); // ends inside a message
        refused(hex("03 06 01 02")); // no zero byte before a plain value
        refused(hex("04 06 00 02 02")); // bytes after the value
        refused(hex("02 ff80")); // value of an undefined type
        refused(hex("03 06 00 f7")); // integer of nine bytes
        refused(hex("f8 7fffffffffffffff 06")); // message of 2^63 bytes
        refused(hex("04 0c 00 fe 01")); // ends in a number
        refused(hex("05 0c 00 02 c3 28")); // no UTF-8
        refused(hex("03 20 01 00")); // value of type 16
        refused(hex("03 09 01 00")); // definition of type 5
    }

    @Test
    void neverAllocatesByAnAnnouncedCount() throws Exception {
        byte[] slice = hex("0c ff83 02 01 02 ff84 00 01 06 00 00");
        refused(new ByteWriter(32)
                .bytes(slice)
                .bytes(hex("08 ff84 00 fc7fffffff"))
                .toBytes());
        byte[] array = hex("13 ff83 01 01 02 ff84 00 01 06 01 fc fffffffe 00 00");
        array[0] = (byte) (array.length - 1);
        refused(new ByteWriter(32)
                .bytes(array)
                .bytes(hex("09 ff84 00 fc 7fffffff 00"))
                .toBytes());
    }

    @Test
    void limitsTypesFieldsDepthAndValues() throws Exception {
        var limits = new GobLimits(4096, 4, 3, 5, 100);
        var many = new GobWriter();
        var reader = new GobReader(limits);
        for (int i = 0; i < 4; i++) {
            GobSchema type = GobSchema.Struct.of("T" + i, field("A", GobSchema.INT));
            read(reader, many.write(type, GobValue.struct().build()));
        }
        byte[] fifth = many.write(GobSchema.Struct.of("T9"), GobValue.struct().build());
        assertThrows(MalformedException.class, () -> read(reader, fifth));

        var wide = GobSchema.Struct.of(
                "W",
                field("A", GobSchema.INT),
                field("B", GobSchema.INT),
                field("C", GobSchema.INT),
                field("D", GobSchema.INT));
        byte[] four = new GobWriter().write(wide, GobValue.struct().build());
        assertThrows(MalformedException.class, () -> read(new GobReader(limits), four));

        GobSchema texts = GobSchema.slice(GobSchema.TEXT);
        byte[] fits =
                new GobWriter().write(texts, GobValue.slice(java.util.Collections.nCopies(99, GobValue.text(""))));
        assertEquals(99, read(new GobReader(limits), fits).asSlice().size());
        byte[] more =
                new GobWriter().write(texts, GobValue.slice(java.util.Collections.nCopies(100, GobValue.text(""))));
        assertThrows(MalformedException.class, () -> read(new GobReader(limits), more));
        byte[] large = new GobWriter().write(GobSchema.BYTES, GobValue.bytes(new byte[4096]));
        assertThrows(MalformedException.class, () -> read(new GobReader(limits), large));
    }

    @Test
    void endsRecursiveTypes() throws Exception {
        // type 65 = []65
        byte[] definition = hex("0d ff81 02 01 02 ff82 00 01 ff82 00 00");
        definition[0] = (byte) (definition.length - 1);
        var deep = new ByteWriter(64).u8(63).bytes(hex("ff82 00"));
        for (int i = 0; i < 60; i++) {
            deep.u8(1);
        }
        byte[] value = deep.toBytes();
        refused(new ByteWriter(128).bytes(definition).bytes(value).toBytes());
        byte[] shallow = new ByteWriter(128)
                .bytes(definition)
                .bytes(hex("05 ff82 00 01 00"))
                .toBytes();
        assertEquals(
                List.of(new GobValue.Items(false, List.of())),
                read(new GobReader(), shallow).asSlice());
    }

    @Test
    void growsNumbersWithWhatIsThere() throws Exception {
        long[] numbers = new long[5000];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (long) i * i * i;
        }
        byte[] bytes = new GobWriter().write(GobSchema.slice(GobSchema.UINT), GobValue.unsignedSlice(numbers));
        assertArrayEquals(numbers, read(new GobReader(), bytes).asUnsignedSlice(Long.MAX_VALUE));
    }
}
