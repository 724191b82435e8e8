package skywire.entry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import skywire.fuzz.Decoder;
import skywire.fuzz.Hostile;
import skywire.testkit.Vectors;

/** Entries of the dmsg discovery, with their signature. */
public final class DmsgEntryFuzz implements Decoder {
    public static void fuzzerTestOneInput(byte[] data) {
        Hostile.feed(new DmsgEntryFuzz(), data);
    }

    @Override
    public void decode(byte[] data) throws IOException {
        DmsgEntry entry = DmsgEntry.parse(new String(data, StandardCharsets.UTF_8));
        entry.signedBytes();
        entry.json();
        if (!entry.signature().isEmpty()) {
            entry.verified();
        }
    }

    @Override
    public List<byte[]> samples() {
        List<byte[]> all = new ArrayList<>();
        Vectors.each(Vectors.load("dmsg/entries.json"), "entries").stream()
                .filter(v -> v.has("json"))
                .limit(3)
                .forEach(v -> all.add(Vectors.text(v, "json").getBytes(StandardCharsets.UTF_8)));
        return all;
    }

    @Override
    public long allowance() {
        return 4 << 20; // curve arithmetic makes many short-lived numbers
    }
}
