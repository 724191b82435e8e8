package skywire.route.setup;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import skywire.directory.Path;
import skywire.entry.TransportEntry;
import skywire.key.PublicKey;
import skywire.packet.PathEnds;

/**
 * Chooses paths for further legs of a group (mux §5.1): no two legs share a relay, nor a transport at either end, since
 * the other end refuses a leg that arrives there by a transport it has a leg on already; none has a dmsg transport. Ways
 * by another local network than that of an end or of another leg are taken first, then short ones. One thread.
 *
 * <p>As paths have no loops, two that share no relay can share a transport only if both are that one transport.
 */
final class LegPlanner {
    /** Other choices tried if the first one falls short: the shortest path may be the one that is in the way. */
    static final int MOST_ROUNDS = 10;

    private static final int MOST_EXPLAINED = 64;

    private final PublicKey self;
    private final List<TransportEntry> all;
    private final Places places;
    private final Random random;

    /**
     * @param own live transports of this visor: a path begins with one of them
     * @param listed transports that are registered; of those of this visor only {@code own} counts
     */
    LegPlanner(
            PublicKey self, List<TransportEntry> own, Collection<TransportEntry> listed, Places places, Random random) {
        this.self = self;
        this.all = new ArrayList<>(own);
        listed.stream().filter(t -> !t.hasEdge(self)).forEach(all::add);
        this.places = places;
        this.random = random;
    }

    /** As many paths as are wanted, or all that can be found. */
    LegPlan plan(LegPlan.Task task) {
        return new Search(task).plan();
    }

    /** One plan. */
    private final class Search {
        final LegPlan.Task task;
        final PathEnds ends;
        final List<TransportEntry> withDmsg;
        final List<TransportEntry> usable;

        Search(LegPlan.Task task) {
            this.task = task;
            this.ends = new PathEnds(self, task.remote());
            this.withDmsg = Between.of(all, ends, task.maxHops());
            this.usable =
                    withDmsg.stream().filter(t -> !RouteWish.isDmsg(t.type())).toList();
        }

        LegPlan plan() {
            List<Path> best = List.of();
            int possible = Math.min(task.wanted(), bound());
            for (int round = 0; round < MOST_ROUNDS && best.size() < possible; round++) {
                List<Path> tried = oneByOne(round > 0);
                best = tried.size() > best.size() ? tried : best;
            }
            return new LegPlan(best, best.size() < task.wanted() ? shortfall(best) : "");
        }

        /** No more legs than there are free transports at either end, to visors that are no relay of a leg. */
        private int bound() {
            var claims = new Claims(task.taken());
            claims.hold(task.held());
            int here = 0;
            int there = 0;
            for (TransportEntry transport : usable) {
                if (task.minHops() == 1 || !transport.hasEdge(ends.src()) || !transport.hasEdge(ends.dst())) {
                    here += transport.hasEdge(ends.src()) && claims.allow(transport, ends.src()) ? 1 : 0;
                    there += transport.hasEdge(ends.dst()) && claims.allow(transport, ends.dst()) ? 1 : 0;
                }
            }
            return Math.min(here, there);
        }

        private List<Path> oneByOne(boolean byChance) {
            var claims = new Claims(task.taken());
            claims.hold(task.held());
            var chosen = new ArrayList<Path>();
            while (chosen.size() < task.wanted()) {
                List<Path> candidates = elsewhere(claims);
                if (candidates.isEmpty()) {
                    candidates = find(usable, claims, LocalRoutes.MOST_PATHS);
                }
                if (candidates.isEmpty()) {
                    break;
                }
                Path next = candidates.get(byChance ? random.nextInt(candidates.size()) : 0);
                chosen.add(next);
                claims.add(next);
            }
            return chosen;
        }

        /** Paths over local networks that no leg and no end is in. */
        private List<Path> elsewhere(Claims claims) {
            Set<PublicKey> used = new LinkedHashSet<>(claims.relays);
            used.add(ends.src());
            used.add(ends.dst());
            Set<PublicKey> beside = places.beside(used);
            if (beside.isEmpty()) {
                return List.of(); // nothing is known, so that this would find what the next search finds
            }
            var apart = new Claims(List.of());
            apart.relays.addAll(claims.relays);
            apart.relays.addAll(beside);
            apart.transports.addAll(claims.transports);
            return find(usable, apart, LocalRoutes.MOST_PATHS);
        }

        private List<Path> find(List<TransportEntry> transports, Claims claims, int most) {
            var wish = new RouteWish(task.minHops(), task.maxHops(), claims.relays, claims.transports);
            return new PathSearch(transports, wish, random).find(ends, most);
        }

        /** Why there are not enough. */
        private String shortfall(List<Path> chosen) {
            var legs = new ArrayList<>(task.taken());
            legs.addAll(chosen);
            var claims = new Claims(legs);
            if (!find(usable, claims, 1).isEmpty()) {
                return "the only other ways failed a short time ago";
            }
            if (!find(withDmsg, claims, 1).isEmpty()) {
                return "the only other ways use dmsg";
            }
            List<Path> others = find(usable, new Claims(List.of()), MOST_EXPLAINED + legs.size()).stream()
                    .filter(path -> legs.stream().noneMatch(leg -> leg.relays().equals(path.relays())))
                    .toList();
            if (others.isEmpty()) {
                return "there is no other way of " + hops();
            }
            var shared = new LinkedHashSet<>(claims.relays);
            others.forEach(path -> shared.retainAll(path.relays()));
            if (shared.isEmpty() || others.size() >= MOST_EXPLAINED) {
                return "no disjoint path left: each other one passes a relay of another leg";
            }
            return "no disjoint path left: all others pass " + shared.getFirst().brief();
        }

        private String hops() {
            boolean exact = task.minHops() == task.maxHops();
            String range = exact ? "" : task.minHops() + " to ";
            return range + task.maxHops() + (task.maxHops() == 1 ? " hop" : " hops");
        }
    }

    /** What may not be used again. */
    private static final class Claims {
        final Set<PublicKey> relays = new LinkedHashSet<>();
        final Set<UUID> transports = new LinkedHashSet<>();

        Claims(List<Path> paths) {
            paths.forEach(this::add);
        }

        void add(Path path) {
            relays.addAll(path.relays());
            transports.add(path.hops().getFirst().transport());
            transports.add(path.hops().getLast().transport());
        }

        void hold(LegPlan.Held held) {
            relays.addAll(held.relays());
            transports.addAll(held.transports());
        }

        boolean allow(TransportEntry transport, PublicKey end) {
            return !transports.contains(transport.id()) && !relays.contains(transport.other(end));
        }
    }
}
