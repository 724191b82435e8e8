package skywire.link;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import skywire.fuzz.Decoder;
import skywire.fuzz.Hostile;
import skywire.key.SecretKey;
import skywire.noise.Pattern;
import skywire.platform.Deadline;
import skywire.testkit.InlinePlatform;
import skywire.testkit.ReplayLink;

/** The first message of a handshake, of either pattern, as the side that was dialled sees it. */
public final class HandshakeFuzz implements Decoder {
    private static final SecretKey CLIENT = SecretKey.fromSeed("client".getBytes(StandardCharsets.UTF_8));
    private static final SecretKey SERVER = SecretKey.fromSeed("server".getBytes(StandardCharsets.UTF_8));

    public static void fuzzerTestOneInput(byte[] data) {
        Hostile.feed(new HandshakeFuzz(), data);
    }

    @Override
    public void decode(byte[] data) throws IOException {
        IOException refused = null;
        for (Pattern pattern : Pattern.values()) {
            var link = new ReplayLink(data, 1500);
            try {
                SecureLink.responder(link, pattern, SERVER, CLIENT.publicKey(), new InlinePlatform(), Deadline.NEVER);
                return;
            } catch (IOException e) {
                refused = e;
                if (link.written().length > 0) {
                    return; // the first message was good, its sequel depends on ours
                }
            }
        }
        throw refused;
    }

    @Override
    public List<byte[]> samples() {
        List<byte[]> first = new ArrayList<>();
        for (Pattern pattern : Pattern.values()) {
            var link = new ReplayLink(new byte[0], 1);
            try {
                SecureLink.initiator(link, pattern, CLIENT, SERVER.publicKey(), new InlinePlatform(), Deadline.NEVER);
            } catch (IOException e) {
                first.add(link.written()); // nobody answered
            }
        }
        return first;
    }

    @Override
    public long allowance() {
        return 8 << 20; // curve arithmetic makes many short-lived numbers
    }
}
