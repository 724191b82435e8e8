package skywire.route.setup;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import skywire.directory.Path;
import skywire.entry.TransportEntry;
import skywire.key.PublicKey;
import skywire.packet.Hop;

/** A small network, all of whose paths are found by trying everything. */
final class PathGraph {
    static final PublicKey SELF = SimDmsg.key("visor 0");

    final List<PublicKey> visors = new ArrayList<>();
    final List<TransportEntry> transports = new ArrayList<>();

    PathGraph(int visors) {
        for (int i = 0; i < visors; i++) {
            this.visors.add(SimDmsg.key("visor " + i));
        }
    }

    /** Any network of so many visors, one in five transports over dmsg, some in parallel. */
    static PathGraph random(SplittableRandom dice, int visors) {
        var graph = new PathGraph(visors);
        double density = 0.2 + 0.6 * dice.nextDouble();
        for (int a = 0; a < visors; a++) {
            for (int b = a + 1; b < visors; b++) {
                for (String type : List.of("stcpr", "sudph", "dmsg")) {
                    double chance = type.equals("stcpr") ? density : 0.2;
                    if (dice.nextDouble() < chance) {
                        graph.join(a, b, type);
                    }
                }
            }
        }
        return graph;
    }

    void join(int a, int b, String type) {
        transports.add(TransportEntry.of(visors.get(a), visors.get(b), type, TransportEntry.USER));
    }

    void row(int... which) {
        for (int i = 1; i < which.length; i++) {
            join(which[i - 1], which[i], "stcpr");
        }
    }

    PublicKey visor(int i) {
        return visors.get(i);
    }

    PublicKey goal() {
        return visors.getLast();
    }

    List<TransportEntry> own() {
        return transports.stream().filter(t -> t.hasEdge(SELF)).toList();
    }

    /** The path over these visors, with the first transport there is. */
    Path path(int... which) {
        List<Hop> hops = new ArrayList<>();
        for (int i = 1; i < which.length; i++) {
            PublicKey from = visor(which[i - 1]);
            PublicKey to = visor(which[i]);
            UUID id = transports.stream()
                    .filter(t -> t.hasEdge(from) && t.hasEdge(to))
                    .findFirst()
                    .orElseThrow()
                    .id();
            hops.add(new Hop(id, from, to));
        }
        return new Path(hops);
    }

    /** Every path without loops and without dmsg from the first visor to the last. */
    List<Path> all(int minHops, int maxHops) {
        List<Path> found = new ArrayList<>();
        extend(SELF, new ArrayList<>(), new LinkedHashSet<>(List.of(SELF)), maxHops, found);
        found.removeIf(path -> path.length() < minHops);
        return found;
    }

    private void extend(PublicKey at, List<Hop> hops, Set<PublicKey> visited, int left, List<Path> found) {
        if (at.equals(goal())) {
            found.add(new Path(hops));
            return;
        }
        for (TransportEntry transport : transports) {
            if (left > 0 && transport.hasEdge(at) && !transport.type().equals("dmsg")) {
                PublicKey next = transport.other(at);
                if (visited.add(next)) {
                    hops.add(new Hop(transport.id(), at, next));
                    extend(next, hops, visited, left - 1, found);
                    hops.removeLast();
                    visited.remove(next);
                }
            }
        }
    }

    static boolean disjoint(Path a, Path b) {
        return a.relays().stream().noneMatch(b.relays()::contains)
                && !a.hops().getFirst().transport().equals(b.hops().getFirst().transport())
                && !a.hops().getLast().transport().equals(b.hops().getLast().transport());
    }

    /** The greatest number of paths of the list that are disjoint from each other. */
    static int most(List<Path> paths) {
        int best = 0;
        for (int i = 0; i < paths.size(); i++) {
            Path one = paths.get(i);
            best = Math.max(
                    best,
                    1
                            + most(paths.subList(i + 1, paths.size()).stream()
                                    .filter(other -> disjoint(one, other))
                                    .toList()));
        }
        return best;
    }
}
