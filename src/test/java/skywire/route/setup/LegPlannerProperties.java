package skywire.route.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import skywire.directory.Path;
import skywire.key.PublicKey;

/** Plans in networks at random, compared with all the paths there are. */
class LegPlannerProperties {
    private static final int MOST_VISORS = 7;

    private static final class Run {
        final SplittableRandom dice;
        final PathGraph graph;
        final int minHops;
        final int maxHops;
        final List<Path> all;
        final List<Path> taken = new ArrayList<>();
        final LegPlan.Held held;

        Run(long seed) {
            dice = new SplittableRandom(seed);
            graph = PathGraph.random(dice, dice.nextInt(3, MOST_VISORS + 1));
            minHops = dice.nextInt(1, 4);
            maxHops = minHops + dice.nextInt(4);
            all = graph.all(minHops, maxHops);
            int legs = dice.nextInt(3);
            for (int i = 0; i < legs; i++) {
                List<Path> free = all.stream().filter(this::isFree).toList();
                if (!free.isEmpty()) {
                    taken.add(free.get(dice.nextInt(free.size())));
                }
            }
            Set<PublicKey> relays = new LinkedHashSet<>();
            Set<UUID> transports = new LinkedHashSet<>();
            if (dice.nextInt(3) == 0) {
                relays.add(graph.visor(dice.nextInt(1, graph.visors.size() - 1)));
            }
            if (dice.nextInt(3) == 0 && !graph.own().isEmpty()) {
                transports.add(graph.own().get(dice.nextInt(graph.own().size())).id());
            }
            held = new LegPlan.Held(relays, transports);
        }

        boolean isFree(Path path) {
            return taken.stream().allMatch(leg -> PathGraph.disjoint(path, leg));
        }

        boolean isHeld(Path path) {
            return path.relays().stream().anyMatch(held.relays()::contains)
                    || path.hops().stream().anyMatch(hop -> held.transports().contains(hop.transport()));
        }

        LegPlan plan(int wanted, Places places) {
            var task = new LegPlan.Task(graph.goal(), wanted, minHops, maxHops, taken, held);
            return new LegPlanner(PathGraph.SELF, graph.own(), graph.transports, places, new Random(dice.nextLong()))
                    .plan(task);
        }
    }

    @Property(tries = 1_000)
    void pathsAreDisjointAndFewerOnlyIfThereAreNoMore(@ForAll long seed) {
        var run = new Run(seed);
        int wanted = run.dice.nextInt(1, 6);
        LegPlan plan = run.plan(wanted, somePlaces(run));

        assertTrue(plan.paths().size() <= wanted);
        List<Path> usable = run.all.stream()
                .filter(path -> run.isFree(path) && !run.isHeld(path))
                .toList();
        for (Path path : plan.paths()) {
            assertTrue(usable.contains(path), "not a path that may be used: " + path);
        }
        for (int i = 0; i < plan.paths().size(); i++) {
            for (int j = 0; j < i; j++) {
                assertTrue(PathGraph.disjoint(plan.paths().get(i), plan.paths().get(j)));
            }
        }
        assertEquals(plan.paths().size() < wanted, !plan.shortfall().isEmpty(), plan.shortfall());
        if (plan.paths().size() < wanted) {
            for (Path path : usable) {
                assertFalse(plan.paths().stream().allMatch(leg -> PathGraph.disjoint(path, leg)), "not found: " + path);
            }
        }
    }

    @Property(tries = 100)
    void itIsHardlyEverPossibleToFindMore(@ForAll long seed) {
        int found = 0;
        int possible = 0;
        var seeds = new SplittableRandom(seed);
        for (int i = 0; i < 20; i++) {
            var run = new Run(seeds.nextLong());
            List<Path> usable = run.all.stream()
                    .filter(path -> run.isFree(path) && !run.isHeld(path))
                    .toList();
            if (usable.size() > 40) {
                continue; // trying everything takes too long
            }
            found += run.plan(MOST_VISORS, new Places(List.of())).paths().size();
            possible += PathGraph.most(usable);
        }
        assertTrue(found <= possible);
        assertTrue(found >= possible - 1, found + " of " + possible);
    }

    /** The reason names a relay only if it is part of every path that is left. */
    @Property(tries = 1_000)
    void whatIsSaidOfTheOthersIsTrue(@ForAll long seed) {
        var run = new Run(seed);
        LegPlan plan = run.plan(MOST_VISORS, new Places(List.of()));
        String why = plan.shortfall();
        List<Path> others = new ArrayList<>(run.all);
        List<Path> legs = new ArrayList<>(run.taken);
        legs.addAll(plan.paths());
        others.removeIf(path -> legs.stream().anyMatch(leg -> leg.relays().equals(path.relays())));
        int at = why.indexOf("all others pass ");
        if (at >= 0) {
            String relay = why.substring(at + "all others pass ".length());
            assertFalse(others.isEmpty());
            for (Path path : others) {
                assertTrue(path.relays().stream().anyMatch(r -> r.brief().equals(relay)), why + ": " + path);
            }
        } else if (why.startsWith("there is no other way")) {
            assertEquals(List.of(), others, why);
        } else if (why.endsWith("use dmsg")) {
            assertTrue(others.stream().noneMatch(path -> legs.stream().allMatch(leg -> PathGraph.disjoint(path, leg))));
        } else if (why.startsWith("the only other ways failed")) {
            assertTrue(run.all.stream().anyMatch(path -> run.isFree(path) && run.isHeld(path)), why);
        }
    }

    /** Some of the visors are in one of two local networks. */
    private static Places somePlaces(Run run) {
        List<Surroundings.Sighting> seen = new ArrayList<>();
        for (PublicKey visor : run.graph.visors) {
            if (run.dice.nextInt(3) > 0) {
                seen.add(new Surroundings.Sighting(visor, "10.0." + run.dice.nextInt(2) + ".7:1"));
            }
        }
        return new Places(seen);
    }
}
