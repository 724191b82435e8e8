package skywire.key;

import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECPoint;
import skywire.bytes.Hex;
import skywire.bytes.MalformedException;

/**
 * A secret scalar of secp256k1 with its public key (spec crypto §1). Immutable.
 *
 * <p>Only {@link #hex} shows the secret, for key files; {@link #toString} does not.
 */
public final class SecretKey {
    /** Length of the binary form. */
    public static final int BYTES = 32;

    private final BigInteger scalar;
    private final PublicKey publicKey;

    private SecretKey(BigInteger scalar) {
        this.scalar = scalar;
        this.publicKey = PublicKey.of(Curve.timesG(scalar));
    }

    /**
     * The key of 32 big-endian bytes.
     *
     * @throws MalformedException if the length is another or the number is not in {@code 1..n-1}
     */
    public static SecretKey of(byte[] bytes) throws MalformedException {
        if (bytes.length != BYTES) {
            throw new MalformedException("a secret key has " + BYTES + " bytes, not " + bytes.length);
        }
        if (!isValid(bytes)) {
            throw new MalformedException("not a secret key: outside the order of the curve");
        }
        return new SecretKey(new BigInteger(1, bytes));
    }

    /**
     * The key of its 64 hex digits, either case.
     *
     * @throws MalformedException as {@link #of}; the message never holds the text
     */
    public static SecretKey parse(String hex) throws MalformedException {
        if (hex.length() != 2 * BYTES) {
            throw new MalformedException(
                    "a secret key has " + 2 * BYTES + " hex digits, this has " + hex.length() + " characters");
        }
        return of(Hex.parse(hex));
    }

    /** A new random key. */
    public static SecretKey generate(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        do {
            random.nextBytes(bytes);
        } while (!isValid(bytes));
        return new SecretKey(new BigInteger(1, bytes));
    }

    /** The key that the network's deterministic generator gives for a seed (spec crypto §1); the seed is not empty. */
    public static SecretKey fromSeed(byte[] seed) {
        byte[] first = Curve.sha256(seed);
        SecretKey one = hashedUntilValid(first);
        SecretKey two = hashedUntilValid(Curve.sha256(first));
        byte[] shared = two.publicKey.point().multiply(one.scalar).normalize().getEncoded(true);
        byte[] next = Curve.sha256(first, shared);
        return hashedUntilValid(Curve.sha256(seed, next));
    }

    private static SecretKey hashedUntilValid(byte[] start) {
        byte[] x = start;
        do {
            x = Curve.sha256(x);
        } while (!isValid(x));
        return new SecretKey(new BigInteger(1, x));
    }

    private static boolean isValid(byte[] bytes) {
        BigInteger n = new BigInteger(1, bytes);
        return n.signum() > 0 && n.compareTo(Curve.N) < 0;
    }

    /** The public half. */
    public PublicKey publicKey() {
        return publicKey;
    }

    /**
     * Signs the SHA-256 of the payload: recoverable ECDSA, low s, nonce by RFC 6979 (spec crypto §2).
     */
    public Signature sign(byte[] payload) {
        byte[] hash = Curve.sha256(payload);
        BigInteger e = new BigInteger(1, hash);
        HMacDSAKCalculator nonces = new HMacDSAKCalculator(new SHA256Digest());
        nonces.init(Curve.N, scalar, hash);
        while (true) {
            BigInteger k = nonces.nextK();
            ECPoint nonce = Curve.timesG(k);
            BigInteger x = nonce.getAffineXCoord().toBigInteger();
            BigInteger r = x.mod(Curve.N);
            BigInteger s =
                    k.modInverse(Curve.N).multiply(e.add(r.multiply(scalar))).mod(Curve.N);
            if (r.signum() == 0 || s.signum() == 0) {
                continue;
            }
            int recovery = (nonce.getAffineYCoord().testBitZero() ? 1 : 0) | (x.compareTo(Curve.N) >= 0 ? 2 : 0);
            if (s.compareTo(Curve.HALF_N) > 0) {
                s = Curve.N.subtract(s);
                recovery ^= 1;
            }
            return Signature.of(r, s, recovery);
        }
    }

    /**
     * The shared secret with another key: SHA-256 of the compressed shared point, 32 bytes (spec crypto §3).
     *
     * @throws MalformedException if the other key is the null key
     */
    public byte[] ecdh(PublicKey other) throws MalformedException {
        if (other.isNull()) {
            throw new MalformedException("no shared secret with the null key");
        }
        return Curve.sha256(other.point().multiply(scalar).normalize().getEncoded(true));
    }

    /** The secret as 64 hex digits; only for key files. */
    public String hex() {
        return Hex.of(Curve.bytes32(scalar));
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof SecretKey k && k.scalar.equals(scalar);
    }

    @Override
    public int hashCode() {
        return publicKey.hashCode();
    }

    /** Names the public key, never the secret. */
    @Override
    public String toString() {
        return "secret of " + publicKey.brief();
    }
}
