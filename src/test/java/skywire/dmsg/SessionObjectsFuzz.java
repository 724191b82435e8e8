package skywire.dmsg;

import java.io.IOException;
import java.util.List;
import skywire.fuzz.Decoder;
import skywire.fuzz.Hostile;
import skywire.noise.TestCiphers;
import skywire.platform.Deadline;
import skywire.testkit.ReplayLink;

/** Encrypted objects on a session, one after the other. */
public final class SessionObjectsFuzz implements Decoder {
    private static final byte[] KEY = new byte[32];

    public static void fuzzerTestOneInput(byte[] data) {
        Hostile.feed(new SessionObjectsFuzz(), data);
    }

    private static SessionObjects objects() {
        return new SessionObjects(TestCiphers.sender(KEY), TestCiphers.receiver(KEY));
    }

    @Override
    public void decode(byte[] data) throws IOException {
        var link = new ReplayLink(data, 1500);
        SessionObjects objects = objects();
        for (int left = data.length; left > 0; ) {
            left -= objects.read(link, Deadline.NEVER).bytes().length + 26; // length, nonce and tag
        }
    }

    @Override
    public List<byte[]> samples() throws IOException {
        var link = new ReplayLink(new byte[0], 1);
        SessionObjects objects = objects();
        objects.write(link, SignedObject.of(new byte[300]), Deadline.NEVER);
        objects.write(link, SignedObject.of(new byte[5000]), Deadline.NEVER);
        return List.of(link.written());
    }
}
