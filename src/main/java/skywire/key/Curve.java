package skywire.key;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/** The curve secp256k1 and the few operations on it that keys and signatures are made of. */
final class Curve {
    private static final X9ECParameters SECP256K1 = CustomNamedCurves.getByName("secp256k1");

    /** Order of the group. */
    static final BigInteger N = SECP256K1.getN();

    /** Half of the order; signatures made here have {@code s} at most this. */
    static final BigInteger HALF_N = N.shiftRight(1);

    /** Generator. */
    static final ECPoint G = SECP256K1.getG();

    private Curve() {}

    /** {@code k * G}, with a table of the generator. */
    static ECPoint timesG(BigInteger k) {
        return new FixedPointCombMultiplier().multiply(G, k).normalize();
    }

    /**
     * The point of 33 compressed bytes.
     *
     * @throws IllegalArgumentException if they are not a point, also where x is not below the field prime
     */
    static ECPoint decode(byte[] compressed) {
        return SECP256K1.getCurve().decodePoint(compressed);
    }

    /** The same point, normalized as the given one, with nothing attached. */
    static ECPoint copy(ECPoint point) {
        return point.getCurve()
                .createPoint(
                        point.getAffineXCoord().toBigInteger(),
                        point.getAffineYCoord().toBigInteger());
    }

    /** Unsigned 32 big-endian bytes. */
    static byte[] bytes32(BigInteger n) {
        byte[] signed = n.toByteArray();
        byte[] out = new byte[32];
        int len = Math.min(32, signed.length);
        System.arraycopy(signed, signed.length - len, out, 32 - len, len);
        return out;
    }

    static byte[] sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
