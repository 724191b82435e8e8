package skywire.key;

import java.util.Arrays;
import org.bouncycastle.math.ec.ECPoint;
import skywire.bytes.Hex;
import skywire.bytes.MalformedException;

/**
 * A node's address: a point of secp256k1, 33 bytes compressed, 66 hex digits as text (spec crypto §1).
 *
 * <p>Immutable. Equality is by value. {@link #NULL} stands for "absent" on the wire and is no valid point.
 */
public final class PublicKey implements Comparable<PublicKey> {
    /** Length of the binary form. */
    public static final int BYTES = 33;

    /** The all-zero key, "absent" on the wire. */
    public static final PublicKey NULL = new PublicKey(new byte[BYTES], null);

    private final byte[] compressed;
    private final ECPoint point; // null for NULL only

    private PublicKey(byte[] compressed, ECPoint point) {
        this.compressed = compressed;
        this.point = point;
    }

    static PublicKey of(ECPoint point) {
        ECPoint normal = point.normalize();
        return new PublicKey(normal.getEncoded(true), normal);
    }

    /**
     * The key of 33 bytes; all zero gives {@link #NULL}.
     *
     * @throws MalformedException if the length is another or the bytes are no point of the curve
     */
    public static PublicKey of(byte[] bytes) throws MalformedException {
        if (bytes.length != BYTES) {
            throw new MalformedException("a public key has " + BYTES + " bytes, not " + bytes.length);
        }
        if (Arrays.equals(bytes, NULL.compressed)) {
            return NULL;
        }
        if (bytes[0] != 2 && bytes[0] != 3) {
            throw new MalformedException("a public key begins with 02 or 03");
        }
        try {
            return new PublicKey(bytes.clone(), Curve.decode(bytes));
        } catch (IllegalArgumentException e) {
            throw new MalformedException("not a point of the curve");
        }
    }

    /**
     * The key of its hex text in either case. Text of zeros only, also empty text, gives {@link #NULL} (spec crypto §1).
     *
     * @throws MalformedException if it is not 66 hex digits of a valid point
     */
    public static PublicKey parse(String hex) throws MalformedException {
        if (hex.chars().allMatch(c -> c == '0')) {
            return NULL;
        }
        if (hex.length() != 2 * BYTES) {
            throw new MalformedException(
                    "a public key has " + 2 * BYTES + " hex digits, this has " + hex.length() + " characters");
        }
        return of(Hex.parse(hex));
    }

    /** Whether this is {@link #NULL}. */
    public boolean isNull() {
        return point == null;
    }

    /** The 33 bytes, a copy. */
    public byte[] bytes() {
        return compressed.clone();
    }

    /** 66 lower-case hex digits. */
    public String hex() {
        return Hex.of(compressed);
    }

    /** The first 8 hex digits, for people. */
    public String brief() {
        return hex().substring(0, 8);
    }

    /**
     * The point for one calculation: the library hangs tables of some kilobytes on points it multiplies, which must not
     * stay with every key we know. A null key is a bug here, since callers check {@link #isNull} at the edge.
     */
    ECPoint point() {
        if (point == null) {
            throw new IllegalStateException("the null key has no point");
        }
        return Curve.copy(point);
    }

    /** Unsigned order of the bytes. */
    @Override
    public int compareTo(PublicKey other) {
        return Arrays.compareUnsigned(compressed, other.compressed);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof PublicKey k && Arrays.equals(compressed, k.compressed);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(compressed);
    }

    /** The same as {@link #hex}. */
    @Override
    public String toString() {
        return hex();
    }
}
