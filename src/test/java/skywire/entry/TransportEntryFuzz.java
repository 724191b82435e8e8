package skywire.entry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import skywire.fuzz.Decoder;
import skywire.fuzz.Hostile;
import skywire.testkit.Vectors;

/** Transport entries with their signatures, as posted to a transport discovery. */
public final class TransportEntryFuzz implements Decoder {
    public static void fuzzerTestOneInput(byte[] data) {
        Hostile.feed(new TransportEntryFuzz(), data);
    }

    @Override
    public void decode(byte[] data) throws IOException {
        SignedTransportEntry entry = SignedTransportEntry.parse(new String(data, StandardCharsets.UTF_8));
        entry.isValid();
        entry.json();
    }

    @Override
    public List<byte[]> samples() {
        var first = Vectors.each(Vectors.load("routing/signed_entries.json"), "cases")
                .getFirst();
        return List.of(Vectors.text(first, "signed_by_both_json").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public long allowance() {
        return 8 << 20; // curve arithmetic makes many short-lived numbers
    }
}
