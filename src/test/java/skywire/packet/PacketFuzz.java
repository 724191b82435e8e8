package skywire.packet;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import skywire.fuzz.Decoder;
import skywire.fuzz.Hostile;
import skywire.platform.Deadline;
import skywire.testkit.ReplayLink;
import skywire.testkit.Vectors;

/** A stream of routing packets. */
public final class PacketFuzz implements Decoder {
    public static void fuzzerTestOneInput(byte[] data) {
        Hostile.feed(new PacketFuzz(), data);
    }

    @Override
    public void decode(byte[] data) throws IOException {
        var link = new ReplayLink(data, 1500);
        for (int left = data.length; left > 0; ) {
            Packet packet = Packet.read(link, Deadline.NEVER);
            left -= Packet.HEADER + packet.payload().length;
        }
    }

    @Override
    public List<byte[]> samples() {
        List<byte[]> all = new ArrayList<>();
        for (String file : List.of("routing/packets.json", "routing/packets_2026_derived.json")) {
            Vectors.each(Vectors.load(file), "cases").stream()
                    .filter(v ->
                            v.has("packet") && v.get("packet").getAsString().length() < 2000)
                    .forEach(v -> all.add(Vectors.hex(v, "packet")));
        }
        return all;
    }

    @Override
    public long allowance() {
        return 160 * 1024; // the longest payload, which is read in one piece
    }
}
