package skywire.packet;

import skywire.bytes.MalformedException;
import skywire.key.PublicKey;

/**
 * Where a path begins and ends, as the route finder is asked for it (setup §6).
 *
 * @param src the first visor
 * @param dst the last visor, which may be the same
 */
public record PathEnds(PublicKey src, PublicKey dst) {
    private static final int KEY = 66;

    /** The other direction. */
    public PathEnds reversed() {
        return new PathEnds(dst, src);
    }

    /** {@code <source hex>:<destination hex>}. */
    @Override
    public String toString() {
        return src.hex() + ":" + dst.hex();
    }

    /** Parses what {@link #toString} writes. */
    public static PathEnds parse(String text) throws MalformedException {
        if (text.length() != 2 * KEY + 1 || text.charAt(KEY) != ':') {
            throw new MalformedException("not a pair of keys");
        }
        return new PathEnds(PublicKey.parse(text.substring(0, KEY)), PublicKey.parse(text.substring(KEY + 1)));
    }
}
