package skywire.dmsg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static skywire.testkit.Vectors.each;
import static skywire.testkit.Vectors.hex;
import static skywire.testkit.Vectors.text;

import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import skywire.key.SecretKey;
import skywire.link.SecureLink;
import skywire.noise.Handshake;
import skywire.noise.Pattern;
import skywire.noise.TestCiphers;
import skywire.platform.Deadline;
import skywire.testkit.ReplayLink;
import skywire.testkit.Vectors;

/** Two clients at a recorded server, read from the bytes on the wire to the payload of their stream. */
class SessionVectorsTest {
    private static final JsonObject FILE = Vectors.load("dmsg/session.json");
    private static final JsonObject STREAM = FILE.getAsJsonObject("kk_stream");
    private static final int DIALLER = 1; // number of the connection of client A
    private static final int HANDSHAKE = 2 + 49; // a frame of the session handshake with a key and a tag
    private static final int CONFIRMATION = 2 + 65;

    private static SecretKey secret(String name) throws Exception {
        return SecretKey.of(hex(FILE.getAsJsonObject(name), "secret"));
    }

    private static SecretKey ephemeral(byte[] key) throws Exception {
        for (JsonObject pair : each(FILE, "ephemeral_keys")) {
            if (Arrays.equals(hex(pair, "public"), key)) {
                return SecretKey.of(hex(pair, "secret"));
            }
        }
        throw new AssertionError("no such ephemeral key");
    }

    /** All that went over a connection in one direction. */
    private static ByteBuffer said(int connection, boolean up) {
        var all = new ByteArrayOutputStream();
        for (JsonObject chunk : each(FILE, "chunks")) {
            boolean sameWay = text(chunk, "direction").equals(up ? "client_to_server" : "server_to_client");
            if (chunk.has("bytes") && chunk.get("connection").getAsInt() == connection && sameWay) {
                all.writeBytes(hex(chunk, "bytes"));
            }
        }
        return ByteBuffer.wrap(all.toByteArray());
    }

    private static byte[] frame(ByteBuffer from) {
        byte[] body = new byte[from.getShort() & 0xffff];
        from.get(body);
        return body;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void repeatsTheSessionHandshakeByteForByte(int connection) throws Exception {
        ByteBuffer up = said(connection, true);
        ByteBuffer down = said(connection, false);
        byte[] first = frame(up);
        byte[] second = frame(down);
        SecretKey client = secret(connection == DIALLER ? "client_a" : "client_b");
        SecretKey server = secret("server");
        Handshake dials = TestCiphers.handshake(
                Pattern.XK, true, client, server.publicKey(), ephemeral(Arrays.copyOf(first, 33)));
        Handshake answers =
                TestCiphers.handshake(Pattern.XK, false, server, null, ephemeral(Arrays.copyOf(second, 33)));
        assertArrayEquals(first, dials.write(new byte[0]));
        answers.read(first);
        assertArrayEquals(second, answers.write(new byte[0]));
        dials.read(second);
        byte[] third = frame(up);
        assertArrayEquals(third, dials.write(new byte[0]));
        answers.read(third);
        assertEquals(client.publicKey(), answers.remoteKey());
        assertEquals(HANDSHAKE + CONFIRMATION, up.position());
        JsonObject session = each(FILE, "xk_sessions").get(connection);
        assertArrayEquals(hex(session, "handshake_hash"), TestCiphers.hash(dials));
        assertArrayEquals(hex(session, "handshake_hash"), TestCiphers.hash(answers));
    }

    /** The data of each yamux stream in one direction of a connection. */
    private static Map<Integer, ByteArrayOutputStream> streams(int connection, boolean up) {
        ByteBuffer said = said(connection, up);
        said.position(up ? HANDSHAKE + CONFIRMATION : HANDSHAKE);
        Map<Integer, ByteArrayOutputStream> streams = new TreeMap<>();
        while (said.hasRemaining()) {
            assertEquals(0, said.get(), "version of yamux");
            int type = said.get();
            said.getShort();
            var stream = streams.computeIfAbsent(said.getInt(), id -> new ByteArrayOutputStream());
            byte[] payload = new byte[type == 0 ? said.getInt() : Math.min(0, said.getInt())];
            said.get(payload);
            stream.writeBytes(payload);
        }
        return streams;
    }

    /** The stream as one side of the server saw it: behind the object that began it, encrypted end to end. */
    private static ReplayLink behindObject(int connection, boolean up, byte[] object) throws Exception {
        String field = connection == DIALLER ? "connection_1_yamux_stream" : "connection_0_yamux_stream";
        byte[] data = streams(connection, up).get(STREAM.get(field).getAsInt()).toByteArray();
        JsonObject session = each(FILE, "xk_sessions").get(connection);
        byte[] key = hex(session, up ? "client_to_server_key" : "server_to_client_key");
        var link = new ReplayLink(data, 1000);
        SignedObject read =
                new SessionObjects(TestCiphers.sender(key), TestCiphers.receiver(key)).read(link, Deadline.NEVER);
        assertArrayEquals(object, noiseMessage(read));
        return link;
    }

    /** Of a request or, if it is none, a response. */
    private static byte[] noiseMessage(SignedObject object) throws Exception {
        try {
            StreamRequest request = StreamRequest.read(object);
            request.verify(object);
            return request.noiseMessage();
        } catch (java.io.IOException e) {
            StreamResponse response = StreamResponse.read(object);
            assertEquals(true, response.accepted());
            return response.noiseMessage();
        }
    }

    @Test
    void readsTheStreamEndToEnd() throws Exception {
        byte[] request = hex(STREAM, "noise_message_1");
        byte[] response = hex(STREAM, "noise_message_2");
        SecretKey a = secret("client_a");
        SecretKey b = secret("client_b");
        for (int connection : new int[] {0, 1}) {
            Handshake dials =
                    TestCiphers.handshake(Pattern.KK, true, a, b.publicKey(), ephemeral(Arrays.copyOf(request, 33)));
            Handshake answers =
                    TestCiphers.handshake(Pattern.KK, false, b, a.publicKey(), ephemeral(Arrays.copyOf(response, 33)));
            assertArrayEquals(request, dials.write(new byte[0]));
            answers.read(request);
            assertArrayEquals(response, answers.write(new byte[0]));
            dials.read(response);
            assertArrayEquals(hex(STREAM, "handshake_hash"), TestCiphers.hash(dials));
            boolean upIsFromA = connection == DIALLER;
            checkPayload(SecureLink.over(
                    behindObject(connection, upIsFromA, request), answers.sender(), answers.receiver()));
            checkPayload(
                    SecureLink.over(behindObject(connection, !upIsFromA, response), dials.sender(), dials.receiver()));
        }
    }

    private static void checkPayload(SecureLink link) throws Exception {
        byte[] payload = new byte[FILE.get("payload_length").getAsInt()];
        link.readFully(payload, 0, payload.length, Deadline.NEVER);
        for (int i = 0; i < payload.length; i++) {
            assertEquals((byte) (7 * i + (i >> 8)), payload[i]);
        }
        assertArrayEquals(
                hex(FILE, "payload_sha256"),
                MessageDigest.getInstance("SHA-256").digest(payload));
        assertEquals(-1, link.read(new byte[1], 0, 1, Deadline.NEVER));
    }
}
