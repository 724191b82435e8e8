package skywire.route.setup;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.util.List;
import skywire.bytes.ByteReader;
import skywire.fuzz.Decoder;
import skywire.fuzz.Hostile;
import skywire.gob.GobReader;
import skywire.gob.GobValue;
import skywire.testkit.Vectors;

/** A request for a route, as a setup node hears it. */
public final class SetupCodecFuzz implements Decoder {
    public static void fuzzerTestOneInput(byte[] data) {
        Hostile.feed(new SetupCodecFuzz(), data);
    }

    @Override
    public void decode(byte[] data) throws IOException {
        var in = new ByteReader(data);
        var reader = new GobReader();
        reader.next(in).asStruct().expecting("ServiceMethod", "Seq");
        GobValue argument = reader.next(in);
        assertNotNull(SetupCodec.request(argument).toString());
    }

    @Override
    public List<byte[]> samples() {
        return List.of(Vectors.hex(Vectors.load("routing/rpc_setup_node.json"), "client_bytes"));
    }

    @Override
    public long allowance() {
        return 4 << 20; // points of the curve are checked
    }
}
