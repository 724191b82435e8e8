package skywire.noise;

import skywire.key.PublicKey;
import skywire.key.SecretKey;

/** Ciphers with a known key and handshakes with a known ephemeral key, for tests of other packages. */
public final class TestCiphers {
    private TestCiphers() {}

    /** A sender that begins with the first nonce. */
    public static SendCipher sender(byte[] key) {
        return new SendCipher(key);
    }

    /** A receiver that has seen nothing yet. */
    public static ReceiveCipher receiver(byte[] key) {
        return new ReceiveCipher(key);
    }

    /** A handshake that draws this ephemeral key; {@code remote} is null where it is not known yet. */
    public static Handshake handshake(
            Pattern pattern, boolean initiator, SecretKey own, PublicKey remote, SecretKey ephemeral) {
        return Handshake.withEphemeral(pattern, initiator, own, remote, ephemeral);
    }

    /** The hash that a finished handshake has come to. */
    public static byte[] hash(Handshake handshake) {
        return handshake.hash();
    }
}
