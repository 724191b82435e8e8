package skywire.noise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skywire.testkit.Vectors.each;
import static skywire.testkit.Vectors.hex;
import static skywire.testkit.Vectors.text;

import com.google.gson.JsonObject;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import skywire.bytes.Hex;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.Failure;
import skywire.testkit.Vectors;

/** Recorded handshakes and frames, byte for byte. */
class NoiseVectorsTest {
    @ParameterizedTest
    @EnumSource(Pattern.class)
    void repeatsTheRecordedHandshakeAndFrames(Pattern pattern) throws Exception {
        JsonObject v = Vectors.load(pattern == Pattern.KK ? "dmsg/noise_kk.json" : "dmsg/noise_xk.json");
        Handshake initiator = side(pattern, v, true);
        Handshake responder = side(pattern, v, false);
        assertArrayEquals(hex(v, "h_after_premessages"), initiator.hash());
        assertArrayEquals(hex(v, "h_after_premessages"), responder.hash());
        for (JsonObject m : each(v, "messages")) {
            boolean byInitiator = text(m, "from").equals("initiator");
            Handshake from = byInitiator ? initiator : responder;
            Handshake to = byInitiator ? responder : initiator;
            byte[] message = from.write(new byte[0]);
            assertArrayEquals(hex(m, "message"), message);
            assertEquals(0, to.read(message).length);
            assertArrayEquals(hex(m, "h_after_sender"), from.hash());
            assertArrayEquals(hex(m, "h_after_receiver"), to.hash());
        }
        assertArrayEquals(hex(v, "handshake_hash"), initiator.hash());
        assertEquals(initiator.remoteKey().hex(), text(v.getAsJsonObject("responder"), "static_public"));
        assertEquals(responder.remoteKey().hex(), text(v.getAsJsonObject("initiator"), "static_public"));
        frames(v, initiator, responder);
    }

    private static Handshake side(Pattern pattern, JsonObject v, boolean initiator) throws Exception {
        JsonObject me = v.getAsJsonObject(initiator ? "initiator" : "responder");
        PublicKey peer = PublicKey.of(hex(v.getAsJsonObject(initiator ? "responder" : "initiator"), "static_public"));
        return Handshake.withEphemeral(
                pattern,
                initiator,
                SecretKey.of(hex(me, "static_secret")),
                initiator || pattern == Pattern.KK ? peer : null,
                SecretKey.of(hex(me, "ephemeral_secret")));
    }

    private static void frames(JsonObject v, Handshake initiator, Handshake responder) throws Exception {
        Map<String, SendCipher> senders = new LinkedHashMap<>();
        senders.put("initiator", initiator.sender());
        senders.put("responder", responder.sender());
        Map<String, ReceiveCipher> receivers = new LinkedHashMap<>(); // by sender
        receivers.put("initiator", responder.receiver());
        receivers.put("responder", initiator.receiver());
        Map<String, Long> last = new LinkedHashMap<>();
        for (JsonObject f : each(v, "transport_frames")) {
            String from = text(f, "from");
            byte[] expected = plaintext(f);
            byte[] body = senders.get(from).seal(expected);
            if (f.has("frame_body")) {
                assertArrayEquals(hex(f, "frame_body"), body);
            } else {
                assertEquals(
                        text(f, "frame_body_sha256"),
                        Hex.of(MessageDigest.getInstance("SHA-256").digest(body)));
            }
            byte[] plain = new byte[body.length];
            int n = receivers.get(from).open(body, 0, body.length, plain, 0);
            assertArrayEquals(expected, Arrays.copyOf(plain, n));
            last.merge(from, 1L, Long::sum);
            assertEquals(f.get("nonce").getAsLong(), last.get(from));
        }
        assertTrue(last.get("initiator") >= 1 && last.get("responder") >= 1);
        assertThrows(IllegalStateException.class, initiator::sender);
    }

    private static byte[] plaintext(JsonObject frame) {
        if (frame.has("plaintext")) {
            return hex(frame, "plaintext");
        }
        byte[] plain = new byte[frame.get("plaintext_length").getAsInt()];
        Arrays.fill(plain, hex(frame, "plaintext_fill_byte")[0]);
        return plain;
    }

    @Test
    void decryptsTheRecordedSessionObjects() throws Exception {
        JsonObject v = Vectors.load("dmsg/session.json");
        for (JsonObject s : each(v, "xk_sessions")) {
            int connection = s.get("connection").getAsInt();
            var fromClient = new ReceiveCipher(hex(s, "client_to_server_key"));
            var fromServer = new ReceiveCipher(hex(s, "server_to_client_key"));
            var toServer = new SendCipher(hex(s, "client_to_server_key"));
            var toClient = new SendCipher(hex(s, "server_to_client_key"));
            int seen = 0;
            for (JsonObject o : each(v, "objects")) {
                if (o.get("connection").getAsInt() != connection) {
                    continue;
                }
                boolean up = text(o, "direction").equals("client_to_server");
                byte[] body = (up ? toServer : toClient).seal(hex(o, "signed_object"));
                assertTrue(recorded(v, connection, up).contains(Hex.of(body)));
                ReceiveCipher receiver = up ? fromClient : fromServer;
                assertArrayEquals(hex(o, "signed_object"), receiver.openAny(body));
                Failure again = assertThrows(Failure.class, () -> receiver.openAny(body));
                assertEquals(Failure.Kind.UNTRUSTED, again.kind());
                seen++;
            }
            assertFalse(seen == 0);
        }
    }

    private static String recorded(JsonObject v, int connection, boolean up) {
        var all = new StringBuilder();
        for (JsonObject c : each(v, "chunks")) {
            if (!c.has("bytes")) {
                continue;
            }
            boolean sameWay = text(c, "direction").equals(up ? "client_to_server" : "server_to_client");
            if (c.get("connection").getAsInt() == connection && sameWay) {
                all.append(text(c, "bytes"));
            }
        }
        return all.toString();
    }
}
