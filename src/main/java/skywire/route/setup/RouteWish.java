package skywire.route.setup;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import skywire.directory.Path;
import skywire.key.PublicKey;
import skywire.packet.Hop;

/**
 * Which paths are wanted.
 *
 * @param minHops least number of transports
 * @param maxHops greatest number of transports
 * @param relays visors that must not be in between
 * @param transports transports that must not be used
 */
public record RouteWish(int minHops, int maxHops, Set<PublicKey> relays, Set<UUID> transports) {
    /** Copies the sets. */
    public RouteWish {
        relays = new LinkedHashSet<>(relays);
        transports = new LinkedHashSet<>(transports);
    }

    /** Any path of so many hops. */
    public static RouteWish hops(int minHops, int maxHops) {
        return new RouteWish(minHops, maxHops, Set.of(), Set.of());
    }

    /** The same, with these relays left out instead. */
    RouteWish without(Set<PublicKey> others) {
        return new RouteWish(minHops, maxHops, others, transports);
    }

    /** Whether the path is one of those wanted. */
    public boolean allows(Path path) {
        if (path.length() < minHops || path.length() > maxHops) {
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
