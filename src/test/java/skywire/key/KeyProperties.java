package skywire.key;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import skywire.bytes.MalformedException;

class KeyProperties {
    @Property(tries = 50)
    void everySignatureVerifiesAndNoFlippedBitDoes(
            @ForAll @Size(min = 1, max = 40) byte[] seed, @ForAll byte[] payload, @ForAll @IntRange(max = 519) int bit)
            throws Exception {
        SecretKey key = SecretKey.fromSeed(seed);
        Signature signature = key.sign(payload);
        assertTrue(signature.verifies(key.publicKey(), payload));
        byte[] bad = signature.bytes();
        bad[bit / 8] ^= (byte) (1 << bit % 8);
        assertFalse(Signature.of(bad).verifies(key.publicKey(), payload));
        assertFalse(signature.verifies(key.publicKey(), Arrays.copyOf(payload, payload.length + 1)));
    }

    @Property(tries = 50)
    void bothSidesShareOneSecret(@ForAll @Size(min = 1, max = 8) byte[] a, @ForAll @Size(min = 1, max = 8) byte[] b)
            throws Exception {
        SecretKey one = SecretKey.fromSeed(a);
        SecretKey two = SecretKey.fromSeed(b);
        assertArrayEquals(one.ecdh(two.publicKey()), two.ecdh(one.publicKey()));
        assertEquals(one.publicKey(), PublicKey.parse(one.publicKey().hex().toUpperCase(java.util.Locale.ROOT)));
    }

    @Property(tries = 500)
    void anyBytesGiveAKeyOrAClearRefusal(@ForAll @Size(33) byte[] bytes, @ForAll boolean odd) {
        bytes[0] = (byte) (odd ? 3 : 2);
        try {
            assertArrayEquals(bytes, PublicKey.of(bytes).bytes());
        } catch (MalformedException e) {
            assertFalse(e.getMessage().isBlank());
        }
    }
}
