package skywire.service.routes;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import skywire.directory.Path;
import skywire.entry.TransportEntry;
import skywire.key.PublicKey;
import skywire.packet.Hop;
import skywire.packet.PathEnds;

/**
 * All visors and the transports between them, made once and asked many times. Between two visors one of several
 * transports counts. Immutable, thread-safe.
 */
final class RouteGraph {
    /** Hops of the longest path that is looked for. */
    static final int MOST_HOPS = 64;

    private final List<PublicKey> visors;
    private final Map<PublicKey, Integer> numbers;
    private final int[][] neighbours; // of each visor
    private final UUID[][] links; // the transport to each neighbour

    private RouteGraph(List<PublicKey> visors, Map<PublicKey, Integer> numbers, int[][] neighbours, UUID[][] links) {
        this.visors = visors;
        this.numbers = numbers;
        this.neighbours = neighbours;
        this.links = links;
    }

    /** The graph of these transports; those that are inconsistent or lead back to their beginning are left out. */
    static RouteGraph of(List<TransportEntry> transports) {
        Map<PublicKey, Map<PublicKey, TransportEntry>> table = new TreeMap<>();
        for (TransportEntry entry : transports) {
            if (entry.isConsistent() && !entry.low().equals(entry.high())) {
                link(table, entry.low(), entry.high(), entry);
                link(table, entry.high(), entry.low(), entry);
            }
        }
        List<PublicKey> visors = List.copyOf(table.keySet());
        Map<PublicKey, Integer> numbers = new TreeMap<>();
        visors.forEach(key -> numbers.put(key, numbers.size()));
        int[][] neighbours = new int[visors.size()][];
        UUID[][] links = new UUID[visors.size()][];
        for (int i = 0; i < neighbours.length; i++) {
            Map<PublicKey, TransportEntry> row = table.get(visors.get(i));
            neighbours[i] = row.keySet().stream().mapToInt(numbers::get).toArray();
            links[i] = row.values().stream().map(TransportEntry::id).toArray(UUID[]::new);
        }
        return new RouteGraph(visors, numbers, neighbours, links);
    }

    private static void link(
            Map<PublicKey, Map<PublicKey, TransportEntry>> table, PublicKey from, PublicKey to, TransportEntry entry) {
        table.computeIfAbsent(from, key -> new TreeMap<>()).merge(to, entry, RouteGraph::better);
    }

    /** Direct ones before those through a dmsg server. */
    private static TransportEntry better(TransportEntry a, TransportEntry b) {
        boolean aRelayed = a.type().equals("dmsg");
        boolean bRelayed = b.type().equals("dmsg");
        if (aRelayed != bRelayed) {
            return aRelayed ? b : a;
        }
        return a.id().compareTo(b.id()) <= 0 ? a : b;
    }

    /** Whether the visor has a transport. */
    boolean knows(PublicKey visor) {
        return numbers.containsKey(visor);
    }

    /** How far each visor is from this one; -1 where no way leads. */
    private int[] distances(int to) {
        int[] distance = new int[visors.size()];
        Arrays.fill(distance, -1);
        distance[to] = 0;
        var open = new ArrayDeque<Integer>();
        open.add(to);
        while (!open.isEmpty()) {
            int at = open.remove();
            for (int next : neighbours[at]) {
                if (distance[next] < 0) {
                    distance[next] = distance[at] + 1;
                    open.add(next);
                }
            }
        }
        return distance;
    }

    /**
     * Paths without loops between two visors, shortest first, among equals in an order of chance. A path of a visor to
     * itself goes to a neighbour and back.
     *
     * @param most greatest number of paths
     * @param steps greatest number of transports to try; when they are used up, what was found by then is all
     * @return nothing if no way leads there at all, an empty list if none of these lengths was found
     */
    Optional<List<Path>> paths(PathEnds ends, int minHops, int maxHops, int most, Steps steps, Random random) {
        Integer source = numbers.get(ends.src());
        Integer goal = numbers.get(ends.dst());
        if (source == null || goal == null) {
            return Optional.empty();
        }
        if (source.equals(goal)) {
            return Optional.of(minHops <= 2 && maxHops >= 2 ? thereAndBack(source, most, random) : List.of());
        }
        int[] distance = distances(goal);
        return distance[source] < 0
                ? Optional.empty()
                : Optional.of(new Search(source, goal, distance, most, steps, random).run(minHops, maxHops));
    }

    private List<Path> thereAndBack(int at, int most, Random random) {
        List<Path> found = new ArrayList<>();
        for (int i = 0, begin = random.nextInt(neighbours[at].length); i < neighbours[at].length && i < most; i++) {
            Hop out = hop(at, (begin + i) % neighbours[at].length);
            found.add(new Path(List.of(out, out.reversed())));
        }
        return found;
    }

    private Hop hop(int from, int index) {
        return new Hop(links[from][index], visors.get(from), visors.get(neighbours[from][index]));
    }

    /** What a request may cost: transports that are tried for all its paths together. One thread. */
    static final class Steps {
        private int left;

        Steps(int most) {
            this.left = most;
        }

        boolean take() {
            return left-- > 0;
        }
    }

    /** One search, depth first for each length, and only where the destination can still be reached. One thread. */
    private final class Search {
        private final int source;
        private final int goal;
        private final int most;
        private final Steps steps;
        private final Random random;
        private final int[] distance; // of each visor to the goal
        private final boolean[] visited = new boolean[visors.size()];
        private final ArrayDeque<Hop> hops = new ArrayDeque<>();
        private final List<Path> found = new ArrayList<>();
        private boolean exhausted;

        Search(int source, int goal, int[] distance, int most, Steps steps, Random random) {
            this.source = source;
            this.goal = goal;
            this.most = most;
            this.steps = steps;
            this.random = random;
            this.distance = distance;
        }

        List<Path> run(int minHops, int maxHops) {
            int longest = Math.min(maxHops, Math.min(MOST_HOPS, visors.size() - 1));
            for (int length = Math.max(minHops, distance[source]); length <= longest && !done(); length++) {
                visited[source] = true;
                extend(source, length);
            }
            return found;
        }

        private boolean done() {
            return exhausted || found.size() >= most;
        }

        private void extend(int at, int left) {
            if (at == goal) {
                if (left == 0) {
                    found.add(new Path(List.copyOf(hops)));
                }
                return;
            }
            int count = neighbours[at].length;
            for (int i = 0, begin = random.nextInt(count); i < count && !done(); i++) {
                int index = (begin + i) % count;
                int next = neighbours[at][index];
                exhausted = !steps.take();
                if (!visited[next] && distance[next] <= left - 1) {
                    visited[next] = true;
                    hops.addLast(hop(at, index));
                    extend(next, left - 1);
                    hops.removeLast();
                    visited[next] = false;
                }
            }
        }
    }
}
