package skywire.noise;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import skywire.platform.Failure;

/** The running hash, chaining key and handshake cipher of one Noise handshake. Not thread-safe. */
final class SymmetricState {
    private static final int HASH = 32;

    private byte[] hash;
    private byte[] chainingKey;
    private Aead cipher; // null until the first key is mixed in
    private long nonce;

    /** The state after hashing the protocol name (longer than a hash) and the empty prologue. */
    SymmetricState(String protocolName) {
        hash = sha256(protocolName.getBytes(StandardCharsets.US_ASCII));
        chainingKey = hash;
        mixHash(new byte[0]);
    }

    void mixHash(byte[] data) {
        hash = sha256(hash, data);
    }

    void mixKey(byte[] secret) {
        byte[][] keys = hkdf(chainingKey, secret);
        chainingKey = keys[0];
        cipher = new Aead(keys[1]);
        nonce = 0;
    }

    byte[] encryptAndHash(byte[] plain) {
        byte[] out = plain;
        if (cipher != null) {
            out = new byte[plain.length + Aead.TAG];
            cipher.seal(nonce++, hash, plain, 0, plain.length, out, 0);
        }
        mixHash(out);
        return out;
    }

    byte[] decryptAndHash(byte[] sealed) throws Failure {
        byte[] out = sealed;
        if (cipher != null) {
            out = new byte[sealed.length - Aead.TAG];
            cipher.open(nonce++, hash, sealed, 0, sealed.length, out, 0);
        }
        mixHash(sealed);
        return out;
    }

    /** Bytes an encrypted field is longer than its plaintext at this point. */
    int overhead() {
        return cipher == null ? 0 : Aead.TAG;
    }

    /** The two transport keys. */
    byte[][] split() {
        return hkdf(chainingKey, new byte[0]);
    }

    byte[] hash() {
        return hash.clone();
    }

    void wipe() {
        Arrays.fill(chainingKey, (byte) 0);
        cipher = null;
    }

    private static byte[][] hkdf(byte[] salt, byte[] material) {
        byte[] temp = hmac(salt, material, new byte[0]);
        byte[] first = hmac(temp, new byte[] {1}, new byte[0]);
        byte[] second = hmac(temp, first, new byte[] {2});
        return new byte[][] {first, second};
    }

    private static byte[] hmac(byte[] key, byte[] a, byte[] b) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update(a);
            mac.update(b);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HmacSHA256", e);
        }
    }

    private static byte[] sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            byte[] out = digest.digest();
            assert out.length == HASH;
            return out;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }
}
