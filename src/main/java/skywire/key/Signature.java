package skywire.key;

import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECPoint;
import skywire.bytes.Hex;
import skywire.bytes.MalformedException;

/** A recoverable ECDSA signature: {@code r(32) || s(32) || recovery id(1)} (spec crypto §2). Immutable. */
public final class Signature {
    /** Length of the binary form. */
    public static final int BYTES = 65;

    /** 65 zero bytes: "not signed" on the wire. Verifies nothing. */
    public static final Signature NONE = new Signature(new byte[BYTES]);

    private final byte[] bytes;

    private Signature(byte[] bytes) {
        this.bytes = bytes;
    }

    static Signature of(BigInteger r, BigInteger s, int recovery) {
        byte[] out = new byte[BYTES];
        System.arraycopy(Curve.bytes32(r), 0, out, 0, 32);
        System.arraycopy(Curve.bytes32(s), 0, out, 32, 32);
        out[64] = (byte) recovery;
        return new Signature(out);
    }

    /**
     * The signature of 65 bytes; whether they can verify at all is decided by {@link #verifies}.
     *
     * @throws MalformedException if the length is another
     */
    public static Signature of(byte[] bytes) throws MalformedException {
        if (bytes.length != BYTES) {
            throw new MalformedException("a signature has " + BYTES + " bytes, not " + bytes.length);
        }
        return new Signature(bytes.clone());
    }

    /**
     * The signature of 130 hex digits, either case.
     *
     * @throws MalformedException if it is anything else
     */
    public static Signature parse(String hex) throws MalformedException {
        return of(Hex.parse(hex));
    }

    /** The 65 bytes, a copy. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** 130 lower-case hex digits. */
    public String hex() {
        return Hex.of(bytes);
    }

    /**
     * Whether the key signed the payload. The recovery id must be right as well: old peers verify by recovering the key,
     * and what one node takes for signed another must not refuse (spec crypto §2).
     */
    public boolean verifies(PublicKey key, byte[] payload) {
        BigInteger r = new BigInteger(1, Arrays.copyOfRange(bytes, 0, 32));
        BigInteger s = new BigInteger(1, Arrays.copyOfRange(bytes, 32, 64));
        int recovery = bytes[64];
        if (key.isNull() || !inOrder(r) || !inOrder(s) || s.testBit(255) || (recovery & ~3) != 0) {
            return false;
        }
        BigInteger e = new BigInteger(1, Curve.sha256(payload));
        BigInteger w = s.modInverse(Curve.N);
        ECPoint nonce = ECAlgorithms.sumOfTwoMultiplies(
                        Curve.G,
                        e.multiply(w).mod(Curve.N),
                        key.point(),
                        r.multiply(w).mod(Curve.N))
                .normalize();
        if (nonce.isInfinity()) {
            return false;
        }
        BigInteger x = nonce.getAffineXCoord().toBigInteger();
        int actual = (nonce.getAffineYCoord().testBitZero() ? 1 : 0) | (x.compareTo(Curve.N) >= 0 ? 2 : 0);
        return x.mod(Curve.N).equals(r) && actual == recovery;
    }

    private static boolean inOrder(BigInteger n) {
        return n.signum() > 0 && n.compareTo(Curve.N) < 0;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Signature s && Arrays.equals(bytes, s.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The same as {@link #hex}. */
    @Override
    public String toString() {
        return hex();
    }
}
