package skywire.transport;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import skywire.fuzz.Decoder;
import skywire.fuzz.Hostile;
import skywire.key.SecretKey;
import skywire.platform.Deadline;
import skywire.testkit.InlinePlatform;
import skywire.testkit.ReplayLink;
import skywire.testkit.Vectors;

/** The settlement of a transport, as the side that was dialled hears it. */
public final class SettlementFuzz implements Decoder {
    private static final com.google.gson.JsonObject RECORDED = Vectors.load("routing/settlement_handshake.json");

    public static void fuzzerTestOneInput(byte[] data) {
        Hostile.feed(new SettlementFuzz(), data);
    }

    private static SecretKey key(String name) throws IOException {
        return SecretKey.parse(Vectors.text(RECORDED.getAsJsonObject("keys").getAsJsonObject(name), "sk"));
    }

    @Override
    public void decode(byte[] data) throws IOException {
        var link = new CarrierLink(new ReplayLink(data, 1500), key("A").publicKey(), Carrier.PORT, 50_000);
        Settlement.respond(link, key("B"), "stcpr", id -> true, new InlinePlatform(), Deadline.NEVER);
    }

    @Override
    public List<byte[]> samples() {
        List<byte[]> good = new ArrayList<>();
        var first = Vectors.each(RECORDED, "cases").getFirst();
        good.add(Vectors.hex(Vectors.each(first, "events").getFirst(), "bytes"));
        return good;
    }

    @Override
    public long allowance() {
        return 8 << 20; // curve arithmetic makes many short-lived numbers
    }
}
