package skywire.yamux;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import skywire.fuzz.Decoder;
import skywire.fuzz.Hostile;
import skywire.platform.Failure;
import skywire.testkit.InlinePlatform;
import skywire.testkit.ReplayLink;
import skywire.testkit.Vectors;

/** What a yamux session hears, frame headers and data, with two streams of its own open. */
public final class YamuxFuzz implements Decoder {
    public static void fuzzerTestOneInput(byte[] data) {
        Hostile.feed(new YamuxFuzz(), data);
    }

    @Override
    public void decode(byte[] data) throws IOException {
        var world = new InlinePlatform();
        var link = new ReplayLink(data, 1500);
        List<YamuxStream> accepted = new ArrayList<>();
        YamuxSession session = YamuxSession.open(world, "fuzz", link, Side.SERVER, YamuxConfig.SERVER, accepted::add);
        session.open(world.in(java.time.Duration.ofSeconds(1)));
        session.open(world.in(java.time.Duration.ofSeconds(1)));
        world.run("fuzz/reader");
        Failure why = session.ended();
        if (!session.isClosed()) {
            throw new AssertionError("the reader has ended, the session has not");
        }
        if (why.getMessage().contains(" failed: ")) {
            throw new AssertionError("a bug ended the session", why);
        }
        if (session.streamCount() != 0) {
            throw new AssertionError("streams are left");
        }
        if (why.kind() != Failure.Kind.CLOSED_THERE) {
            throw why;
        }
    }

    @Override
    public List<byte[]> samples() {
        var vectors = Vectors.load("dmsg/yamux.json");
        byte[] small = HexFormat.of().parseHex(Vectors.text(vectors, "client_to_server_bytes_without_large_payloads"));
        var talk = new ByteArrayOutputStream();
        talk.writeBytes(frame(Frame.DATA, Frame.SYN, 1, 5, 'h', 'e', 'l', 'l', 'o'));
        talk.writeBytes(frame(Frame.WINDOW_UPDATE, Frame.ACK, 2, 0));
        talk.writeBytes(frame(Frame.DATA, 0, 2, 3, 1, 2, 3));
        talk.writeBytes(frame(Frame.WINDOW_UPDATE, 0, 1, 1000));
        talk.writeBytes(frame(Frame.PING, Frame.SYN, 0, 7));
        talk.writeBytes(frame(Frame.DATA, Frame.FIN, 1, 0));
        talk.writeBytes(frame(Frame.WINDOW_UPDATE, Frame.RST, 2, 0));
        talk.writeBytes(frame(Frame.GO_AWAY, 0, 0, 0));
        // of the recorded frames only those before the large transfer, whose data was left out
        return List.of(talk.toByteArray(), java.util.Arrays.copyOf(small, 12 + 17 + 12));
    }

    private static byte[] frame(int type, int flags, int id, int length, int... payload) {
        byte[] bytes = new byte[Frame.HEADER + payload.length];
        Frame.put(bytes, 0, type, flags, id, length);
        for (int i = 0; i < payload.length; i++) {
            bytes[Frame.HEADER + i] = (byte) payload[i];
        }
        return bytes;
    }

    @Override
    public long allowance() {
        return 256 * 1024; // a large array to read into, once much comes
    }
}
