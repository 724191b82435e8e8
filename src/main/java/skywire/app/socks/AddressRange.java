package skywire.app.socks;

import java.net.InetAddress;

/**
 * A network such as {@code 10.0.0.0/8} or {@code fc00::/7}.
 *
 * @param base its first address
 * @param bits how many leading bits belong to the network
 */
public record AddressRange(InetAddress base, int bits) {
    /**
     * Parses {@code address/bits}, or a single address.
     *
     * @throws IllegalArgumentException with one clear sentence
     */
    public static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        try {
            String literal = slash < 0 ? text : text.substring(0, slash);
            if (!literal.matches("\\d+(\\.\\d+){3}|.*:.*")) {
                throw new IllegalArgumentException("short forms mean different things to different people");
            }
            InetAddress base = InetAddress.ofLiteral(literal);
            int most = base.getAddress().length * 8;
            int bits = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
            if (bits >= 0 && bits <= most) {
                return new AddressRange(base, bits);
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw new IllegalArgumentException("\"" + text + "\" is not a network such as 10.0.0.0/8 or fc00::/7");
    }

    /** Whether the address is in it; one of the other family never is. */
    public boolean contains(InetAddress address) {
        byte[] a = address.getAddress();
        byte[] b = base.getAddress();
        if (a.length != b.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >> (i & 7);
            if ((a[i >> 3] & mask) != (b[i >> 3] & mask)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return base.getHostAddress() + "/" + bits;
    }
}
