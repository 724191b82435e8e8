package skywire.gob;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import skywire.bytes.ByteReader;
import skywire.fuzz.Decoder;
import skywire.fuzz.Hostile;
import skywire.testkit.Vectors;

/** Values in gob, with the definitions of their types. */
public final class GobFuzz implements Decoder {
    public static void fuzzerTestOneInput(byte[] data) {
        Hostile.feed(new GobFuzz(), data);
    }

    @Override
    public void decode(byte[] data) throws IOException {
        var in = new ByteReader(data);
        var reader = new GobReader();
        while (in.left() > 0) {
            assertNotNull(reader.next(in).toString());
        }
    }

    @Override
    public List<byte[]> samples() {
        List<byte[]> all = new ArrayList<>();
        Vectors.each(Vectors.load("dmsg/gob_2024.json"), "requests").stream()
                .limit(2)
                .forEach(v -> all.add(Vectors.hex(v, "gob")));
        Vectors.each(Vectors.load("dmsg/gob_2026.json"), "responses").stream()
                .limit(2)
                .forEach(v -> all.add(Vectors.hex(v, "gob")));
        all.add(Vectors.hex(
                Vectors.load("routing/rpc_router_gateway.json").getAsJsonObject("add_edge_rules"), "client_bytes"));
        return all;
    }
}
