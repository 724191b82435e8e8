package skywire.gob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static skywire.gob.GobSchema.field;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import skywire.bytes.ByteReader;
import skywire.bytes.MalformedException;
import skywire.testkit.Vectors;

class GobProperties {
    private static final GobSchema INNER =
            GobSchema.Struct.of("Inner", field("N", GobSchema.INT), field("B", GobSchema.BYTES));
    private static final GobSchema OUTER = GobSchema.Struct.of(
            "Outer",
            field("Flag", GobSchema.BOOL),
            field("Count", GobSchema.UINT),
            field("Ratio", GobSchema.FLOAT),
            field("Name", GobSchema.TEXT),
            field("Hash", GobSchema.byteArray("Hash", 8)),
            field("Key", new GobSchema.Opaque("Key")),
            field("One", INNER),
            field("Many", GobSchema.slice(INNER)),
            field("Ids", GobSchema.slice(GobSchema.UINT)));

    @Property(tries = 300)
    void structsComeBack(
            @ForAll boolean flag,
            @ForAll long count,
            @ForAll double ratio,
            @ForAll String name,
            @ForAll @Size(8) byte[] hash,
            @ForAll @Size(4) byte[] key,
            @ForAll @Size(max = 20) List<Long> numbers)
            throws MalformedException {
        String text = new String(
                name.getBytes(java.nio.charset.StandardCharsets.UTF_8), java.nio.charset.StandardCharsets.UTF_8);
        List<GobStruct> many = numbers.stream()
                .map(n -> GobValue.struct().signed("N", n).bytes("B", hash).build())
                .toList();
        GobStruct sent = GobValue.struct()
                .flag("Flag", flag)
                .unsigned("Count", count)
                .put("Ratio", new GobValue.Real(ratio))
                .text("Name", text)
                .byteArray("Hash", hash)
                .opaque("Key", key)
                .put("Many", GobValue.slice(many))
                .put(
                        "Ids",
                        GobValue.unsignedSlice(
                                numbers.stream().mapToLong(Long::longValue).toArray()))
                .build();
        var in = new ByteReader(new GobWriter().write(OUTER, sent));
        GobStruct got = new GobReader().next(in).asStruct();
        in.end();
        assertEquals(flag, got.flag("Flag"));
        assertEquals(text, got.text("Name"));
        assertArrayEquals(hash, got.byteArray("Hash", 8));
        assertArrayEquals(key, got.opaque("Key", 4));
        assertEquals(0, got.struct("One").signed("N"));
        assertEquals(numbers.size(), got.slice("Many").size());
        for (int i = 0; i < numbers.size(); i++) {
            assertEquals(numbers.get(i), got.slice("Many").get(i).asStruct().signed("N"));
        }
        byte[] again = new GobWriter().write(OUTER, got);
        assertEquals(got, new GobReader().next(new ByteReader(again)));
    }

    @Property(tries = 1000)
    void anyBytesAreReadOrRefused(@ForAll @Size(max = 200) byte[] bytes) {
        readAll(bytes);
    }

    @Property(tries = 1000)
    void damagedRecordingsAreReadOrRefused(@ForAll int at, @ForAll byte with) {
        byte[] stream = Vectors.hex(Vectors.load("routing/rpc_setup_node.json"), "client_bytes");
        stream[Math.floorMod(at, stream.length)] = with;
        readAll(stream);
    }

    private static void readAll(byte[] bytes) {
        var in = new ByteReader(bytes);
        var reader = new GobReader();
        try {
            while (in.left() > 0) {
                reader.next(in);
            }
        } catch (MalformedException expected) {
            assertEquals(MalformedException.class, expected.getClass());
        }
    }
}
