package skywire.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skywire.testkit.Vectors.each;
import static skywire.testkit.Vectors.hex;
import static skywire.testkit.Vectors.text;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import skywire.entry.SignedTransportEntry;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.link.SecureLink;
import skywire.noise.Pattern;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;
import skywire.testkit.FixedRandom;
import skywire.testkit.ReplayLink;
import skywire.testkit.Vectors;
import skywire.testkit.WithRandom;

/** Recorded transport set-ups: either side is played against the other side's bytes. */
class HandshakeVectorsTest {
    private static final JsonObject NETWORK = Vectors.load("routing/network_handshake.json");
    private static final JsonObject SETTLEMENT = Vectors.load("routing/settlement_handshake.json");
    private static final Deadline LIMIT = Platform.system().clock().in(Duration.ofMinutes(1));

    private static SecretKey secret(JsonObject file, String name) throws IOException {
        return SecretKey.parse(text(file.getAsJsonObject("keys").getAsJsonObject(name), "sk"));
    }

    private static byte[] said(JsonObject parent, String events, String by) {
        var all = new ByteArrayOutputStream();
        for (JsonObject event : each(parent, events)) {
            if (text(event, "from").equals(by)) {
                all.writeBytes(hex(event, "bytes"));
            }
        }
        return all.toByteArray();
    }

    static Stream<JsonObject> calls() {
        return each(NETWORK, "cases").stream().filter(c -> !text(c, "name").startsWith("address_resolver"));
    }

    @ParameterizedTest
    @MethodSource("calls")
    void answersARecordedCallByteForByte(JsonObject call) throws Exception {
        byte[] recorded = said(call, "handshake_events", "responder");
        byte[] nonce = nonce(recorded);
        var platform = new WithRandom(new FixedRandom().then(nonce));
        var link = new ReplayLink(said(call, "handshake_events", "initiator"), 9);
        SecretKey own = secret(NETWORK, "B");
        if (text(call, "responder_error").isEmpty()) {
            NetworkHandshake.End caller =
                    NetworkHandshake.respond(link, own.publicKey(), p -> p == Carrier.PORT, platform, LIMIT);
            assertEquals(secret(NETWORK, "A").publicKey(), caller.key());
            assertEquals(49153, caller.port());
        } else {
            Failure refused = assertThrows(
                    Failure.class,
                    () -> NetworkHandshake.respond(link, own.publicKey(), p -> p == Carrier.PORT, platform, LIMIT));
            assertEquals(Failure.Kind.REFUSED, refused.kind());
        }
        assertArrayEquals(recorded, link.written());
    }

    private static byte[] nonce(byte[] responder) {
        String line = new String(responder, StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElseThrow();
        JsonArray numbers = JsonParser.parseString(line).getAsJsonObject().getAsJsonArray("Nonce");
        byte[] nonce = new byte[numbers.size()];
        for (int i = 0; i < nonce.length; i++) {
            nonce[i] = numbers.get(i).getAsByte();
        }
        return nonce;
    }

    @ParameterizedTest
    @MethodSource("calls")
    void callsAsRecordedUpToTheSignature(JsonObject call) throws Exception {
        var link = new ReplayLink(said(call, "handshake_events", "responder"), 7);
        PublicKey to = secret(NETWORK, "B").publicKey();
        if (text(call, "initiator_error").isEmpty()) {
            NetworkHandshake.initiate(link, secret(NETWORK, "A"), 49153, to, LIMIT);
            String ours = new String(link.written(), StandardCharsets.UTF_8);
            String theirs = new String(said(call, "handshake_events", "initiator"), StandardCharsets.UTF_8);
            assertEquals(withoutSignature(theirs), withoutSignature(ours));
        } else {
            Failure refused = assertThrows(
                    Failure.class, () -> NetworkHandshake.initiate(link, secret(NETWORK, "A"), 49153, to, LIMIT));
            assertTrue(refused.getMessage().contains("not listening on given port"));
        }
    }

    private static String withoutSignature(String text) {
        return text.replaceAll("\"Sig\":\"[0-9a-f]{130}\"", "\"Sig\":\"\"");
    }

    @Test
    void everyChangedBitOfACallIsRefused() throws Exception {
        JsonObject call = calls().findFirst().orElseThrow();
        byte[] good = said(call, "handshake_events", "initiator");
        byte[] nonce = nonce(said(call, "handshake_events", "responder"));
        PublicKey own = secret(NETWORK, "B").publicKey();
        for (int i = 0; i < good.length; i += 5) {
            byte[] bad = good.clone();
            bad[i] ^= 1;
            var platform = new WithRandom(new FixedRandom().then(nonce));
            assertThrows(
                    IOException.class,
                    () -> NetworkHandshake.respond(
                            new ReplayLink(bad, 500), own, p -> p == Carrier.PORT, platform, LIMIT),
                    "byte " + i);
        }
    }

    @Test
    void theEncryptionAfterwardsIsTheRecordedOne() throws Exception {
        JsonObject noise = calls().findFirst().orElseThrow().getAsJsonObject("noise_kk");
        for (boolean dials : List.of(true, false)) {
            String me = dials ? "initiator" : "responder";
            String peer = dials ? "responder" : "initiator";
            JsonObject ephemeral = each(noise, "ephemeral_keys").get(dials ? 0 : 1);
            var platform = new WithRandom(new FixedRandom().then(hex(ephemeral, "sk")));
            var link = new ReplayLink(said(noise, "events", peer), 100);
            SecretKey own = secret(NETWORK, dials ? "A" : "B");
            PublicKey remote = secret(NETWORK, dials ? "B" : "A").publicKey();
            SecureLink secure = dials
                    ? SecureLink.initiator(link, Pattern.KK, own, remote, platform, LIMIT)
                    : SecureLink.responder(link, Pattern.KK, own, remote, platform, LIMIT);
            for (JsonObject plain : each(noise, "plaintexts")) {
                byte[] bytes = hex(plain, "bytes");
                if (text(plain, "from").equals(me)) {
                    secure.write(bytes, LIMIT);
                } else {
                    byte[] got = new byte[bytes.length];
                    secure.readFully(got, 0, got.length, LIMIT);
                    assertArrayEquals(bytes, got);
                }
            }
            assertArrayEquals(said(noise, "events", me), link.written());
        }
    }

    static Stream<JsonObject> settlements() {
        return each(SETTLEMENT, "cases").stream();
    }

    @ParameterizedTest
    @MethodSource("settlements")
    void settlesAsRecorded(JsonObject c) throws Exception {
        SecretKey initiator = secret(SETTLEMENT, text(c, "initiator"));
        SecretKey responder = secret(SETTLEMENT, text(c, "responder"));
        var asked = new ReplayLink(said(c, "events", "initiator"), 50);
        var toInitiator = new CarrierLink(asked, initiator.publicKey(), 1, Carrier.PORT);
        boolean good = text(c, "responder_error").isEmpty();
        if (good) {
            SignedTransportEntry entry = Settlement.respond(
                    toInitiator,
                    responder,
                    text(c, "responder_type"),
                    id -> true,
                    Platform.system().clock(),
                    LIMIT);
            assertTrue(entry.isValid());
        } else {
            assertThrows(
                    IOException.class,
                    () -> Settlement.respond(
                            toInitiator,
                            responder,
                            text(c, "responder_type"),
                            id -> true,
                            Platform.system().clock(),
                            LIMIT));
        }
        assertArrayEquals(said(c, "events", "responder"), asked.written());
        dial(c, initiator, responder, good);
    }

    private static void dial(JsonObject c, SecretKey initiator, SecretKey responder, boolean good) throws Exception {
        var answered = new ReplayLink(said(c, "events", "responder"), 50);
        var toResponder = new CarrierLink(answered, responder.publicKey(), Carrier.PORT, 1);
        String type = text(c, "initiator_type");
        if (good) {
            SignedTransportEntry entry = Settlement.initiate(
                    toResponder, initiator, type, Platform.system().clock(), LIMIT);
            assertTrue(entry.isSignedBy(initiator.publicKey()));
            String ours = new String(answered.written(), StandardCharsets.UTF_8);
            String theirs = new String(said(c, "events", "initiator"), StandardCharsets.UTF_8);
            assertEquals(theirs.replaceAll("[0-9a-f]{130}", "S"), ours.replaceAll("[0-9a-f]{130}", "S"));
        } else {
            Failure refused = assertThrows(
                    Failure.class,
                    () -> Settlement.initiate(
                            toResponder, initiator, type, Platform.system().clock(), LIMIT));
            assertEquals(Failure.Kind.REFUSED, refused.kind());
        }
    }

    @Test
    void linesAreBounded() {
        byte[] endless = new byte[Lines.LONGEST + 1];
        Arrays.fill(endless, (byte) 'x');
        Failure tooLong = assertThrows(Failure.class, () -> Lines.read(new ReplayLink(endless, 1), LIMIT));
        assertEquals(Failure.Kind.MALFORMED, tooLong.kind());
    }
}
