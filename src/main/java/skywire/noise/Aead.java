package skywire.noise;

import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import skywire.platform.Failure;

/** ChaCha20-Poly1305 under one key with counted nonces, of the JDK. Not thread-safe. */
final class Aead {
    static final int TAG = 16;

    private static final byte[] NO_DATA = new byte[0];

    private final Cipher cipher;
    private final SecretKeySpec key;
    private final byte[] iv = new byte[12]; // 4 zero bytes, then the counter little-endian

    Aead(byte[] key) {
        try {
            this.cipher = Cipher.getInstance("ChaCha20-Poly1305");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no ChaCha20-Poly1305", e);
        }
        this.key = new SecretKeySpec(key, "ChaCha20");
    }

    /** Writes ciphertext and tag, {@code len + 16} bytes, to {@code out}; input and output must not overlap. */
    void seal(long nonce, byte[] associated, byte[] in, int off, int len, byte[] out, int outOff) {
        try {
            init(Cipher.ENCRYPT_MODE, nonce, associated);
            cipher.doFinal(in, off, len, out, outOff);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("encryption failed", e);
        }
    }

    /** Writes the {@code len - 16} bytes of plaintext to {@code out}, which may be the place of the ciphertext. */
    void open(long nonce, byte[] associated, byte[] in, int off, int len, byte[] out, int outOff) throws Failure {
        try {
            init(Cipher.DECRYPT_MODE, nonce, associated);
            cipher.doFinal(in, off, len, out, outOff);
        } catch (AEADBadTagException e) {
            throw new Failure(Failure.Kind.UNTRUSTED, "message does not authenticate", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("decryption failed", e);
        }
    }

    private void init(int mode, long nonce, byte[] associated) throws GeneralSecurityException {
        for (int i = 0; i < 8; i++) {
            iv[4 + i] = (byte) (nonce >>> (8 * i));
        }
        cipher.init(mode, key, new IvParameterSpec(iv));
        if (associated.length > 0) {
            cipher.updateAAD(associated);
        }
    }

    static byte[] noData() {
        return NO_DATA;
    }
}
