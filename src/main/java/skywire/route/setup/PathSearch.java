package skywire.route.setup;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import skywire.directory.Path;
import skywire.entry.TransportEntry;
import skywire.key.PublicKey;
import skywire.packet.Hop;
import skywire.packet.PathEnds;

/**
 * Finds short paths without loops in a set of transports: by length, among equals in an order of chance, so that not
 * everybody takes the same relay. The work is bounded, whatever a directory lists. One search per object; one thread.
 */
final class PathSearch {
    /** Steps of a search; enough for any path of few hops among thousands of transports. */
    static final int MOST_STEPS = 200_000;

    private final RouteWish wish;
    private final Random random;
    private final Map<PublicKey, Map<PublicKey, TransportEntry>> graph = new TreeMap<>();
    private final List<Path> found = new ArrayList<>();
    private Map<PublicKey, Integer> distance = Map.of(); // to the destination
    private int most;
    private int steps;

    PathSearch(List<TransportEntry> transports, RouteWish wish, Random random) {
        this.wish = wish;
        this.random = random;
        for (TransportEntry transport : transports) {
            if (transport.isConsistent()
                    && !transport.low().equals(transport.high())
                    && !wish.transports().contains(transport.id())
                    && (wish.dmsg() || !RouteWish.isDmsg(transport.type()))) {
                link(transport.low(), transport.high(), transport);
                link(transport.high(), transport.low(), transport);
            }
        }
    }

    /** Between two visors the best of several transports counts. */
    private void link(PublicKey from, PublicKey to, TransportEntry transport) {
        graph.computeIfAbsent(from, key -> new TreeMap<>()).merge(to, transport, PathSearch::better);
    }

    private static TransportEntry better(TransportEntry a, TransportEntry b) {
        int rank = Integer.compare(rank(a.type()), rank(b.type()));
        return rank < 0 || rank == 0 && a.id().compareTo(b.id()) <= 0 ? a : b;
    }

    private static int rank(String type) {
        return switch (type) {
            case "stcpr" -> 0;
            case "stcp" -> 1;
            case "sudph" -> 2;
            case "dmsg" -> 3;
            default -> 4;
        };
    }

    /** Up to {@code most} paths, shortest first. */
    List<Path> find(PathEnds ends, int most) {
        this.most = most;
        if (ends.src().equals(ends.dst())) {
            return List.of();
        }
        distance = distances(ends);
        Integer shortest = distance.get(ends.src());
        if (shortest == null) {
            return List.of();
        }
        for (int length = Math.max(wish.minHops(), shortest); length <= wish.maxHops() && !done(); length++) {
            Set<PublicKey> visited = new LinkedHashSet<>(List.of(ends.src()));
            extend(ends.src(), ends.dst(), length, visited, new ArrayDeque<>());
        }
        return found;
    }

    private boolean done() {
        return found.size() >= most || steps >= MOST_STEPS;
    }

    private Map<PublicKey, Integer> distances(PathEnds ends) {
        Map<PublicKey, Integer> known = new LinkedHashMap<>();
        Deque<PublicKey> open = new ArrayDeque<>();
        known.put(ends.dst(), 0);
        open.add(ends.dst());
        while (!open.isEmpty()) {
            PublicKey at = open.remove();
            for (PublicKey next : graph.getOrDefault(at, Map.of()).keySet()) {
                if (!known.containsKey(next)
                        && (next.equals(ends.src()) || !wish.relays().contains(next))) {
                    known.put(next, known.get(at) + 1);
                    if (!next.equals(ends.src())) {
                        open.add(next);
                    }
                }
            }
        }
        return known;
    }

    /** Looks for the rest of a path that is {@code left} hops long, where it can still arrive. */
    private void extend(PublicKey at, PublicKey goal, int left, Set<PublicKey> visited, Deque<Hop> hops) {
        if (at.equals(goal)) {
            if (left == 0) {
                found.add(new Path(List.copyOf(hops)));
            }
            return;
        }
        for (PublicKey next : shuffled(graph.getOrDefault(at, Map.of()))) {
            if (done()) {
                return;
            }
            steps++;
            if (distance.getOrDefault(next, Integer.MAX_VALUE) <= left - 1 && visited.add(next)) {
                UUID transport = graph.get(at).get(next).id();
                hops.addLast(new Hop(transport, at, next));
                extend(next, goal, left - 1, visited, hops);
                hops.removeLast();
                visited.remove(next);
            }
        }
    }

    private List<PublicKey> shuffled(Map<PublicKey, TransportEntry> neighbours) {
        List<PublicKey> list = new ArrayList<>(neighbours.keySet());
        Collections.shuffle(list, random);
        return list;
    }
}
