package skywire.key;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import org.junit.jupiter.api.Test;
import skywire.bytes.MalformedException;
import skywire.testkit.Vectors;

/** Keys, signatures and ECDH against recorded values. */
class KeyVectorsTest {
    @Test
    void publicKeyOfSecret() throws Exception {
        for (JsonObject v : Vectors.each(Vectors.load("dmsg/keys.json"), "from_secret")) {
            SecretKey secret = SecretKey.parse(Vectors.text(v, "secret"));
            assertEquals(Vectors.text(v, "public"), secret.publicKey().hex());
            assertEquals(Vectors.text(v, "secret"), secret.hex());
        }
    }

    @Test
    void keyOfSeed() {
        for (JsonObject v : Vectors.each(Vectors.load("dmsg/keys.json"), "from_seed")) {
            SecretKey secret = SecretKey.fromSeed(Vectors.hex(v, "seed_hex"));
            assertEquals(Vectors.text(v, "secret"), secret.hex());
            assertEquals(Vectors.text(v, "public"), secret.publicKey().hex());
        }
    }

    @Test
    void malformedKeysAreRefused() throws Exception {
        for (JsonObject v : Vectors.each(Vectors.load("dmsg/keys.json"), "public_validity")) {
            byte[] bytes = Vectors.hex(v, "public");
            if (v.get("accepted").getAsBoolean()) {
                assertArrayEquals(bytes, PublicKey.of(bytes).bytes());
            } else if (Vectors.text(v, "public").chars().allMatch(c -> c == '0')) {
                assertTrue(PublicKey.of(bytes).isNull());
            } else {
                assertThrows(MalformedException.class, () -> PublicKey.of(bytes), Vectors.text(v, "public"));
            }
        }
        for (JsonObject v : Vectors.each(Vectors.load("dmsg/keys.json"), "secret_validity")) {
            assertThrows(MalformedException.class, () -> SecretKey.of(Vectors.hex(v, "secret")));
        }
    }

    @Test
    void sharedSecret() throws Exception {
        for (JsonObject v : Vectors.each(Vectors.load("dmsg/ecdh.json"), "cases")) {
            byte[] expected = Vectors.hex(v, "ecdh_sha256_of_compressed_point");
            assertArrayEquals(expected, secret(v, "secret_a").ecdh(publicKey(v, "public_b")));
            assertArrayEquals(expected, secret(v, "secret_b").ecdh(publicKey(v, "public_a")));
        }
    }

    @Test
    void recordedSignaturesVerify() throws Exception {
        for (JsonObject v : Vectors.each(Vectors.load("dmsg/signatures.json"), "valid")) {
            byte[] payload = Vectors.hex(v, "payload");
            assertTrue(Signature.of(Vectors.hex(v, "signature")).verifies(publicKey(v, "public"), payload));
            Signature own = secret(v, "secret").sign(payload);
            assertTrue(own.verifies(publicKey(v, "public"), payload));
        }
    }

    @Test
    void tamperedSignaturesHaveTheRecordedVerdict() throws Exception {
        for (JsonObject v : Vectors.each(Vectors.load("dmsg/signatures.json"), "tampered")) {
            Signature signature = Signature.of(Vectors.hex(v, "signature"));
            boolean verdict = signature.verifies(publicKey(v, "public"), Vectors.hex(v, "payload"));
            assertEquals(v.get("verify").getAsBoolean(), verdict, Vectors.text(v, "case"));
        }
    }

    @Test
    void textOfASecretKeyDoesNotShowIt() throws Exception {
        SecretKey key = SecretKey.fromSeed(new byte[] {1});
        assertFalse(key.toString().contains(key.hex().substring(0, 8)));
        assertEquals(key, SecretKey.parse(key.hex()));
    }

    private static SecretKey secret(JsonObject v, String field) throws MalformedException {
        return SecretKey.parse(Vectors.text(v, field));
    }

    private static PublicKey publicKey(JsonObject v, String field) throws MalformedException {
        return PublicKey.parse(Vectors.text(v, field));
    }
}
