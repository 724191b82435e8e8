package skywire.packet;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.util.List;
import skywire.fuzz.Decoder;
import skywire.fuzz.Hostile;
import skywire.testkit.Vectors;

/** Rules, as setup nodes send them. */
public final class RuleFuzz implements Decoder {
    public static void fuzzerTestOneInput(byte[] data) {
        Hostile.feed(new RuleFuzz(), data);
    }

    @Override
    public void decode(byte[] data) throws IOException {
        assertNotNull(Rule.decode(data).toString());
    }

    @Override
    public List<byte[]> samples() {
        return Vectors.each(Vectors.load("routing/rules.json"), "cases").stream()
                .filter(v -> v.has("rule"))
                .map(v -> Vectors.hex(v, "rule"))
                .toList();
    }
}
