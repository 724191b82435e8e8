package skywire.dmsg;

import skywire.bytes.MalformedException;
import skywire.key.PublicKey;

/**
 * A port of a key: {@code <66 hex digits>:<port>}.
 *
 * @param key whose port
 * @param port 1 to 65535, 0 where none is said
 */
public record DmsgAddress(PublicKey key, int port) implements Comparable<DmsgAddress> {
    private static final String SCHEME = "dmsg://";

    /** Checks the range of the port. */
    public DmsgAddress {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port " + port);
        }
    }

    /**
     * Parses {@code key}, {@code key:port} or either with {@code dmsg://} before it; a missing port, {@code ~} and 0 mean
     * none.
     *
     * @throws MalformedException with one clear sentence
     */
    public static DmsgAddress parse(String text) throws MalformedException {
        String address = text.startsWith(SCHEME) ? text.substring(SCHEME.length()) : text;
        int colon = address.indexOf(':');
        PublicKey key = PublicKey.parse(colon < 0 ? address : address.substring(0, colon));
        String port = colon < 0 ? "~" : address.substring(colon + 1);
        if (port.equals("~")) {
            return new DmsgAddress(key, 0);
        }
        if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65535) {
            throw new MalformedException("a dmsg port is a number from 1 to 65535");
        }
        return new DmsgAddress(key, Integer.parseInt(port));
    }

    @Override
    public int compareTo(DmsgAddress other) {
        int byKey = key.compareTo(other.key);
        return byKey != 0 ? byKey : Integer.compare(port, other.port);
    }

    /** {@code <66 hex digits>:<port>}, with {@code ~} for no port. */
    @Override
    public String toString() {
        return key.hex() + ":" + (port == 0 ? "~" : Integer.toString(port));
    }
}
