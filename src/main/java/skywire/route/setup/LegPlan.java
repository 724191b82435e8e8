package skywire.route.setup;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import skywire.directory.Path;
import skywire.key.PublicKey;

/**
 * Ways for further legs.
 *
 * @param paths disjoint from each other and from the legs there are
 * @param shortfall why there are fewer than wanted, for people; empty if there are not
 */
record LegPlan(List<Path> paths, String shortfall) {
    /** Copies the list. */
    LegPlan {
        paths = List.copyOf(paths);
    }

    /**
     * What is asked for.
     *
     * @param remote the other end
     * @param wanted number of paths
     * @param minHops least number of transports of each
     * @param maxHops greatest number of transports of each
     * @param taken the ways of the legs there are and of those being dialled
     * @param held what failed a short time ago
     */
    record Task(PublicKey remote, int wanted, int minHops, int maxHops, List<Path> taken, Held held) {
        /** Copies the list. */
        Task {
            taken = List.copyOf(taken);
        }

        /** The same, with these relays held too. */
        Task alsoWithout(Set<PublicKey> relays) {
            Set<PublicKey> all = new LinkedHashSet<>(held.relays());
            all.addAll(relays);
            all.remove(remote); // an end is no relay
            return new Task(remote, wanted, minHops, maxHops, taken, new Held(all, held.transports()));
        }
    }

    /** What is left out for a while, and named if that leaves nothing. */
    record Held(Set<PublicKey> relays, Set<UUID> transports) {
        static final Held NOTHING = new Held(Set.of(), Set.of());
    }
}
