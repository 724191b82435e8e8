package skywire.app.socks;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What an exit may connect to: the public Internet. Loopback, private, link-local (with the cloud's metadata service),
 * shared, multicast and reserved networks are refused unless allowed by name, also in the guise of an IPv6 address that
 * stands for an IPv4 one. It is asked about addresses, never names, right before they are dialled. Immutable.
 */
public final class TargetFilter {
    private static final int SMTP = 25;

    private static final List<AddressRange> REFUSED = ranges(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "::/16",
            "64:ff9b:1::/48",
            "100::/64",
            "2001::/32",
            "2001:db8::/32",
            "3fff::/20",
            "fc00::/7",
            "fe80::/10",
            "fec0::/10",
            "ff00::/8");

    /** IPv6 networks whose addresses carry an IPv4 one, and where in them it begins. */
    private static final List<Guise> GUISES = List.of(
            new Guise(AddressRange.parse("::/96"), 12),
            new Guise(AddressRange.parse("64:ff9b::/96"), 12),
            new Guise(AddressRange.parse("2002::/16"), 2));

    private record Guise(AddressRange range, int at) {}

    private final List<AddressRange> allowed;
    private final List<InetAddress> own;

    /**
     * A filter.
     *
     * @param allowed networks that are open although they would be refused
     * @param own public addresses of this machine, refused so that its own services are not reached from inside
     */
    public TargetFilter(List<AddressRange> allowed, List<InetAddress> own) {
        this.allowed = List.copyOf(allowed);
        this.own = List.copyOf(own);
    }

    /** A filter that knows no addresses of this machine. */
    public TargetFilter(List<AddressRange> allowed) {
        this(allowed, List.of());
    }

    /** The same, and these addresses of this machine are refused as well. */
    TargetFilter withOwn(List<InetAddress> addresses) {
        return new TargetFilter(
                allowed, Stream.concat(own.stream(), addresses.stream()).toList());
    }

    private static List<AddressRange> ranges(String... texts) {
        return Stream.of(texts).map(AddressRange::parse).toList();
    }

    /** Whether this address and port may be dialled. */
    public boolean permits(InetAddress address, int port) {
        if (port == 0 || port == SMTP) {
            return false;
        }
        if (allowed.stream().anyMatch(range -> range.contains(address))) {
            return true;
        }
        if (REFUSED.stream().anyMatch(range -> range.contains(address)) || own.contains(address)) {
            return false;
        }
        InetAddress inside = inside(address);
        return inside == null || permits(inside, port);
    }

    /** The IPv4 address that an IPv6 one carries, null if none. */
    private static InetAddress inside(InetAddress address) {
        byte[] bytes = address.getAddress();
        for (Guise guise : GUISES) {
            if (guise.range.contains(address)) {
                try {
                    return InetAddress.getByAddress(Arrays.copyOfRange(bytes, guise.at, guise.at + 4));
                } catch (UnknownHostException e) {
                    throw new AssertionError(e); // four bytes always are an address
                }
            }
        }
        return null;
    }
}
