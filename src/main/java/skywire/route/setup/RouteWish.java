package skywire.route.setup;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import skywire.directory.Path;
import skywire.entry.TransportId;
import skywire.key.PublicKey;
import skywire.packet.Hop;

/**
 * Which paths are wanted.
 *
 * @param minHops least number of transports
 * @param maxHops greatest number of transports
 * @param relays visors that must not be in between
 * @param transports transports that must not be used
 * @param dmsg whether transports over dmsg may be used
 */
public record RouteWish(int minHops, int maxHops, Set<PublicKey> relays, Set<UUID> transports, boolean dmsg) {
    private static final String DMSG = "dmsg";

    /** Copies the sets. */
    public RouteWish {
        relays = new LinkedHashSet<>(relays);
        transports = new LinkedHashSet<>(transports);
    }

    /** One that may use dmsg. */
    public RouteWish(int minHops, int maxHops, Set<PublicKey> relays, Set<UUID> transports) {
        this(minHops, maxHops, relays, transports, true);
    }

    /** Any path of so many hops. */
    public static RouteWish hops(int minHops, int maxHops) {
        return new RouteWish(minHops, maxHops, Set.of(), Set.of());
    }

    /** The same, with these relays left out instead. */
    RouteWish without(Set<PublicKey> others) {
        return new RouteWish(minHops, maxHops, others, transports, dmsg);
    }

    /** The same, but not over dmsg. */
    RouteWish withoutDmsg() {
        return new RouteWish(minHops, maxHops, relays, transports, false);
    }

    /** Whether that is the type of a transport over dmsg, whose way nobody knows. */
    static boolean isDmsg(String type) {
        return type.equals(DMSG);
    }

    /** Whether a transport over dmsg is part of the path; the id of a transport tells its type. */
    static boolean hasDmsg(Path path) {
        return path.hops().stream().anyMatch(hop -> hop.transport().equals(TransportId.of(hop.from(), hop.to(), DMSG)));
    }

    /** Whether the path is one of those wanted. */
    public boolean allows(Path path) {
        if (path.length() < minHops || path.length() > maxHops || !dmsg && hasDmsg(path)) {
            return false;
        }
        for (int i = 0; i < path.length(); i++) {
            Hop hop = path.hops().get(i);
            if (transports.contains(hop.transport()) || i > 0 && relays.contains(hop.from())) {
                return false;
            }
        }
        return true;
    }
}
