package skywire.directory;

import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * Addresses that mean something in one place only: loopback, link-local, private, shared, multicast. A directory of the
 * whole world has no business with them (threats §3). Names are not looked up; those that plainly mean this machine count.
 */
final class LocalAddress {
    private LocalAddress() {}

    /** Whether this host, an address or a name, is one. */
    static boolean is(String host) {
        String name = host.toLowerCase(java.util.Locale.ROOT);
        if (name.matches("(\\d{1,3}\\.){3}\\d{1,3}") || name.contains(":")) {
            try {
                return is(InetAddress.ofLiteral(name));
            } catch (IllegalArgumentException e) {
                return true; // with a zone, say: only this machine knows what it means
            }
        }
        return name.isEmpty()
                || name.matches("[0-9.]*|0x[0-9a-f.x]*") // short forms, which systems read in their own ways
                || name.matches("(.*\\.)?localhost\\.?");
    }

    private static boolean is(InetAddress address) {
        byte[] b = address.getAddress();
        boolean shared = address instanceof Inet4Address && (b[0] & 0xff) == 100 && (b[1] & 0xc0) == 64;
        boolean zero = address instanceof Inet4Address && b[0] == 0;
        boolean unique = !(address instanceof Inet4Address) && (b[0] & 0xfe) == 0xfc;
        return address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()
                || shared
                || zero
                || unique;
    }
}
