package skywire.route.setup;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import skywire.entry.TransportEntry;
import skywire.key.PublicKey;
import skywire.packet.PathEnds;

/** Of many transports, those that a path of so many hops between two visors can have; there are many searches in these. */
final class Between {
    private final Map<PublicKey, List<PublicKey>> neighbours = new LinkedHashMap<>();
    private final List<TransportEntry> transports;

    private Between(Collection<TransportEntry> all) {
        this.transports = all.stream().filter(TransportEntry::isConsistent).toList();
        for (TransportEntry transport : transports) {
            neighbours.computeIfAbsent(transport.low(), v -> new ArrayList<>()).add(transport.high());
            neighbours.computeIfAbsent(transport.high(), v -> new ArrayList<>()).add(transport.low());
        }
    }

    /** Those of the transports that may be part of such a path. */
    static List<TransportEntry> of(Collection<TransportEntry> all, PathEnds ends, int maxHops) {
        var between = new Between(all);
        Map<PublicKey, Integer> here = between.distances(ends.src(), maxHops);
        Map<PublicKey, Integer> there = between.distances(ends.dst(), maxHops);
        return between.transports.stream()
                .filter(t -> joins(here, t.low(), there, t.high(), maxHops)
                        || joins(here, t.high(), there, t.low(), maxHops))
                .toList();
    }

    private static boolean joins(
            Map<PublicKey, Integer> here, PublicKey from, Map<PublicKey, Integer> there, PublicKey to, int maxHops) {
        return here.containsKey(from) && there.containsKey(to) && here.get(from) + 1 + there.get(to) <= maxHops;
    }

    private Map<PublicKey, Integer> distances(PublicKey from, int most) {
        Map<PublicKey, Integer> known = new LinkedHashMap<>();
        Deque<PublicKey> open = new ArrayDeque<>(List.of(from));
        known.put(from, 0);
        while (!open.isEmpty()) {
            PublicKey at = open.remove();
            if (known.get(at) == most) {
                continue;
            }
            for (PublicKey next : neighbours.getOrDefault(at, List.of())) {
                if (known.putIfAbsent(next, known.get(at) + 1) == null) {
                    open.add(next);
                }
            }
        }
        return known;
    }
}
