package skywire.yamux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import skywire.testkit.Vectors;

/** The recorded exchange of the reference: its client against our server, frame by frame. */
@Timeout(20)
class YamuxVectorsTest {
    private static final int TRANSFER = 300_000;

    private static byte[] recorded(JsonObject frame) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(HexFormat.of().parseHex(frame.get("header").getAsString()));
        if (frame.get("type").getAsString().equals("data")) {
            bytes.writeBytes(
                    frame.has("payload")
                            ? HexFormat.of().parseHex(frame.get("payload").getAsString())
                            : new byte[frame.get("length").getAsInt()]);
        }
        return bytes.toByteArray();
    }

    @Test
    void speaksAsTheReferenceDoes() throws IOException {
        JsonObject vectors = Vectors.load("dmsg/yamux.json");
        List<byte[]> input = new ArrayList<>();
        for (JsonElement e : vectors.getAsJsonArray("client_to_server_frames")) {
            input.add(recorded(e.getAsJsonObject()));
        }
        try (Pair pair = Pair.links()) {
            YamuxSession server = pair.server(Pair.CONFIG);
            List<String> said = new ArrayList<>();
            send(pair, input, 0, 2); // SYN 1, "hello"
            YamuxStream one = server.accept();
            assertArrayEquals("hello".getBytes(StandardCharsets.US_ASCII), read(one, 5));
            said.add(frame(pair, 0));
            one.write("world".getBytes(StandardCharsets.US_ASCII), Pair.soon());
            said.add(frame(pair, 5));
            YamuxStream two = server.open(Pair.soon());
            said.add(frame(pair, 0));
            two.write("from server".getBytes(StandardCharsets.US_ASCII), Pair.soon());
            said.add(frame(pair, 11));
            send(pair, input, 2, 4); // ACK 2, ping
            said.add(frame(pair, 0));
            Thread transfer = Pair.PLATFORM.start("test/transfer", () -> transfer(pair, input));
            assertArrayEquals(new byte[TRANSFER], read(one, TRANSFER));
            assertEquals(-1, one.read(new byte[1], 0, 1, Pair.soon()));
            assertEquals(-1, two.read(new byte[1], 0, 1, Pair.soon()));
            one.close();
            two.close();
            join(transfer);
            said.add(frame(pair, 0));
            said.add(frame(pair, 0));
            Pair.PLATFORM.start("test/ping", () -> answerPing(pair, input, said));
            server.ping(Pair.soon());
            server.goAway();
            String last = frame(pair, 0);
            said.add(last);
            assertEquals(expected(vectors), said);
        }
    }

    /** The recorded server frames without the window updates, whose sizes depend on who is quicker. */
    private static List<String> expected(JsonObject vectors) {
        List<String> frames = new ArrayList<>();
        for (JsonElement e : vectors.getAsJsonArray("server_to_client_frames")) {
            JsonObject frame = e.getAsJsonObject();
            if (!frame.get("type").getAsString().equals("window_update")
                    || !frame.get("flags").isJsonNull()) {
                frames.add(HexFormat.of().formatHex(recorded(frame)));
            }
        }
        return frames;
    }

    private static void transfer(Pair pair, List<byte[]> input) {
        try {
            send(pair, input, 4, 5); // most of the transfer
            var update = new byte[Frame.HEADER]; // the peer may not send more before this
            pair.near.readFully(update, 0, update.length, Pair.soon());
            assertEquals(Frame.WINDOW_UPDATE, Frame.type(update, 0));
            send(pair, input, 5, 8); // the rest, both FINs
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void answerPing(Pair pair, List<byte[]> input, List<String> said) {
        try {
            said.add(frame(pair, 0));
            send(pair, input, 8, 9);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void send(Pair pair, List<byte[]> input, int from, int to) throws IOException {
        for (byte[] frame : input.subList(from, to)) {
            pair.near.write(frame, Pair.soon());
        }
    }

    /** The next frame that is not a plain window update. */
    private static String frame(Pair pair, int payload) throws IOException {
        var b = new byte[Frame.HEADER + payload];
        while (true) {
            pair.near.readFully(b, 0, Frame.HEADER, Pair.soon());
            if (Frame.type(b, 0) != Frame.WINDOW_UPDATE || Frame.flags(b, 0) != 0) {
                pair.near.readFully(b, Frame.HEADER, payload, Pair.soon());
                return HexFormat.of().formatHex(b);
            }
        }
    }

    private static byte[] read(YamuxStream stream, int n) throws IOException {
        var b = new byte[n];
        stream.readFully(b, 0, n, Pair.soon());
        return b;
    }
}
