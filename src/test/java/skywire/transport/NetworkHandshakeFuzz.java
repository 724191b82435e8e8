package skywire.transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import skywire.fuzz.Decoder;
import skywire.fuzz.Hostile;
import skywire.key.SecretKey;
import skywire.platform.Deadline;
import skywire.testkit.FixedRandom;
import skywire.testkit.ReplayLink;
import skywire.testkit.Vectors;
import skywire.testkit.WithRandom;

/** The handshake on a TCP link between visors, as the side that was dialled hears it. */
public final class NetworkHandshakeFuzz implements Decoder {
    private static final com.google.gson.JsonObject RECORDED = Vectors.load("routing/network_handshake.json");
    private static final byte[] NONCE = nonce();

    public static void fuzzerTestOneInput(byte[] data) {
        Hostile.feed(new NetworkHandshakeFuzz(), data);
    }

    @Override
    public void decode(byte[] data) throws IOException {
        SecretKey own =
                SecretKey.parse(Vectors.text(RECORDED.getAsJsonObject("keys").getAsJsonObject("B"), "sk"));
        NetworkHandshake.respond(
                new ReplayLink(data, 1500),
                own.publicKey(),
                port -> port == Carrier.PORT,
                new WithRandom(new FixedRandom().then(NONCE)),
                Deadline.NEVER);
    }

    private static byte[] said(String by) {
        var all = new ByteArrayOutputStream();
        Vectors.each(Vectors.each(RECORDED, "cases").getFirst(), "handshake_events").stream()
                .filter(event -> Vectors.text(event, "from").equals(by))
                .forEach(event -> all.writeBytes(Vectors.hex(event, "bytes")));
        return all.toByteArray();
    }

    /** The nonce that the recorded responder drew, so that the recorded signature fits. */
    private static byte[] nonce() {
        Matcher numbers =
                Pattern.compile("\\[([0-9,]+)\\]").matcher(new String(said("responder"), StandardCharsets.UTF_8));
        numbers.find();
        String[] words = numbers.group(1).split(",");
        byte[] nonce = new byte[words.length];
        for (int i = 0; i < nonce.length; i++) {
            nonce[i] = (byte) Integer.parseInt(words[i]);
        }
        return nonce;
    }

    @Override
    public List<byte[]> samples() {
        return List.of(said("initiator"));
    }

    @Override
    public long allowance() {
        return 8 << 20; // curve arithmetic makes many short-lived numbers
    }
}
