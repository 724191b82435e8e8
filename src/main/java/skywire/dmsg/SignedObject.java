package skywire.dmsg;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.key.Signature;
import skywire.platform.Failure;

/**
 * Gob bytes and a signature over them, kept byte for byte: whoever forwards one must not change it (spec dmsg §4.2).
 * Immutable by agreement: the arrays are not copied.
 */
public final class SignedObject {
    private final byte[] bytes;

    private SignedObject(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Takes the bytes of the wire; nothing but the length is checked.
     *
     * @throws Failure {@link DmsgError#OBJECT_INVALID} if there is nothing behind the signature
     */
    public static SignedObject of(byte[] bytes) throws Failure {
        if (bytes.length <= Signature.BYTES) {
            throw DmsgError.OBJECT_INVALID.failure();
        }
        return new SignedObject(bytes);
    }

    /** Signs gob bytes. */
    public static SignedObject sign(byte[] gob, SecretKey key) {
        byte[] bytes = Arrays.copyOf(key.sign(gob).bytes(), Signature.BYTES + gob.length);
        System.arraycopy(gob, 0, bytes, Signature.BYTES, gob.length);
        return new SignedObject(bytes);
    }

    /** Signature and gob. */
    public byte[] bytes() {
        return bytes;
    }

    /** The gob bytes. */
    public byte[] gob() {
        return Arrays.copyOfRange(bytes, Signature.BYTES, bytes.length);
    }

    /** SHA-256 of signature and gob: what a response names its request by. */
    public byte[] hash() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    /** Whether the owner of the key signed it. */
    public boolean verifies(PublicKey key) {
        try {
            return Signature.of(Arrays.copyOf(bytes, Signature.BYTES)).verifies(key, gob());
        } catch (skywire.bytes.MalformedException e) {
            return false;
        }
    }
}
