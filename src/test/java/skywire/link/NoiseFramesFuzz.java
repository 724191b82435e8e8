package skywire.link;

import java.io.IOException;
import java.util.List;
import skywire.fuzz.Decoder;
import skywire.fuzz.Hostile;
import skywire.noise.TestCiphers;
import skywire.platform.Deadline;
import skywire.testkit.ReplayLink;

/** Frames of an encrypted link. */
public final class NoiseFramesFuzz implements Decoder {
    private static final byte[] KEY = new byte[32];

    public static void fuzzerTestOneInput(byte[] data) {
        Hostile.feed(new NoiseFramesFuzz(), data);
    }

    @Override
    public void decode(byte[] data) throws IOException {
        var link = SecureLink.over(new ReplayLink(data, 1500), TestCiphers.sender(KEY), TestCiphers.receiver(KEY));
        byte[] plain = new byte[1000];
        while (link.read(plain, 0, plain.length, Deadline.NEVER) > 0) {}
    }

    @Override
    public List<byte[]> samples() throws IOException {
        var sink = new ReplayLink(new byte[0], 1);
        var link = SecureLink.over(sink, TestCiphers.sender(KEY), TestCiphers.receiver(KEY));
        link.write(new byte[1], Deadline.NEVER);
        link.write(new byte[100], Deadline.NEVER);
        byte[] small = sink.written();
        link.write(new byte[9000], Deadline.NEVER);
        return List.of(small, sink.written());
    }
}
