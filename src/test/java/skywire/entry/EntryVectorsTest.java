package skywire.entry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.key.Signature;
import skywire.platform.Failure;
import skywire.testkit.Vectors;

/** Entries, ids and request signatures against recorded values. */
class EntryVectorsTest {
    @Test
    void dmsgEntries() throws Exception {
        for (JsonObject v : Vectors.each(Vectors.load("dmsg/entries.json"), "entries")) {
            DmsgEntry entry = DmsgEntry.parse(Vectors.text(v, "json"));
            assertEquals(Vectors.text(v, "json"), entry.json(), Vectors.text(v, "case"));
            if (!v.get("verify").getAsBoolean()) {
                assertEquals(
                        Failure.Kind.UNTRUSTED,
                        assertThrows(Failure.class, entry::verified).kind());
                continue;
            }
            assertArrayEquals(Vectors.hex(v, "signed_bytes"), entry.signedBytes());
            assertEquals(entry, entry.verified());
            DmsgEntry own = entry.sign(SecretKey.parse(Vectors.text(v, "secret")));
            assertEquals(own, own.verified());
        }
    }

    @Test
    void transportIds() throws Exception {
        for (JsonObject v : Vectors.each(Vectors.load("routing/transport_ids.json"), "cases")) {
            PublicKey a = PublicKey.parse(Vectors.text(v, "a"));
            PublicKey b = PublicKey.parse(Vectors.text(v, "b"));
            TransportEntry entry = TransportEntry.of(a, b, Vectors.text(v, "type"), TransportEntry.USER);
            assertEquals(Vectors.text(v, "id"), entry.id().toString());
            assertEquals(
                    v.getAsJsonArray("sorted_edges").get(0).getAsString(),
                    entry.low().hex());
            assertTrue(entry.isConsistent());
            assertEquals(b, entry.other(a));
        }
    }

    @Test
    void signedTransportEntries() throws Exception {
        JsonObject file = Vectors.load("routing/signed_entries.json");
        for (JsonObject v : Vectors.each(file, "cases")) {
            PublicKey initiator = key(file, v, "initiator");
            PublicKey responder = key(file, v, "responder");
            SignedTransportEntry half = SignedTransportEntry.parse(Vectors.text(v, "signed_by_initiator_json"));
            assertEquals(Vectors.text(v, "entry_json"), half.entry().json() + "\n");
            assertEquals(Vectors.text(v, "signed_by_initiator_json"), half.json() + "\n");
            assertArrayEquals(Vectors.hex(v, "to_binary"), half.entry().signedBytes());
            assertTrue(half.isSignedBy(initiator));
            assertEquals(initiator.equals(responder), half.isSignedBy(responder));
            SignedTransportEntry both = SignedTransportEntry.parse(Vectors.text(v, "signed_by_both_json"));
            assertEquals(Vectors.text(v, "signed_by_both_json"), both.json() + "\n");
            assertTrue(both.isValid());
            SignedTransportEntry own = half.sign(secret(file, Vectors.text(v, "responder")));
            assertTrue(own.isValid());
        }
    }

    @Test
    void requestSignatures() throws Exception {
        JsonObject file = Vectors.load("routing/httpauth.json");
        for (JsonObject v : Vectors.each(file, "cases")) {
            JsonObject headers = v.getAsJsonObject("headers");
            byte[] body = Vectors.text(v, "body").getBytes(StandardCharsets.UTF_8);
            long nonce = Long.parseUnsignedLong(Vectors.text(headers, HttpAuth.NONCE_HEADER));
            var auth = new HttpAuth(
                    PublicKey.parse(Vectors.text(headers, HttpAuth.KEY_HEADER)),
                    nonce,
                    Signature.parse(Vectors.text(headers, HttpAuth.SIGNATURE_HEADER)));
            assertTrue(auth.verifies(body));
            assertEquals(Vectors.text(v, "nonce"), auth.nonceText());
            assertFalse(new HttpAuth(auth.key(), nonce + 1, auth.signature()).verifies(body));
            assertTrue(HttpAuth.sign(secret(file, Vectors.text(v, "key")), nonce, body)
                    .verifies(body));
        }
    }

    private static PublicKey key(JsonObject file, JsonObject v, String role) throws Exception {
        return secret(file, Vectors.text(v, role)).publicKey();
    }

    private static SecretKey secret(JsonObject file, String name) throws Exception {
        return SecretKey.parse(Vectors.text(file.getAsJsonObject("keys").getAsJsonObject(name), "sk"));
    }
}
