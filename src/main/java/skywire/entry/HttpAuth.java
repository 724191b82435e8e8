package skywire.entry;

import java.nio.charset.StandardCharsets;
import skywire.bytes.ByteWriter;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.key.Signature;

/**
 * Who sends a request to a service, shown by a signature over its body and a number that is used once (transport §10).
 * Neither URL nor method is signed.
 *
 * @param key the sender
 * @param nonce the bits of an unsigned 64-bit number
 * @param signature over body and nonce
 */
public record HttpAuth(PublicKey key, long nonce, Signature signature) {
    /** Header with the sender's key in hex. */
    public static final String KEY_HEADER = "SW-Public";

    /** Header with the number in decimal. */
    public static final String NONCE_HEADER = "SW-Nonce";

    /** Header with the signature in hex. */
    public static final String SIGNATURE_HEADER = "SW-Sig";

    /** Signs a request. */
    public static HttpAuth sign(SecretKey sender, long nonce, byte[] body) {
        return new HttpAuth(sender.publicKey(), nonce, sender.sign(signedBytes(body, nonce)));
    }

    /** Whether the signature is the key's over this body and the nonce. */
    public boolean verifies(byte[] body) {
        return signature.verifies(key, signedBytes(body, nonce));
    }

    /** The nonce as the header has it. */
    public String nonceText() {
        return Long.toUnsignedString(nonce);
    }

    private static byte[] signedBytes(byte[] body, long nonce) {
        byte[] digits = Long.toUnsignedString(nonce).getBytes(StandardCharsets.US_ASCII);
        return new ByteWriter(body.length + digits.length)
                .bytes(body)
                .bytes(digits)
                .toBytes();
    }
}
