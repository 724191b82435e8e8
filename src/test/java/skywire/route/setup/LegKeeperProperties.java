package skywire.route.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import skywire.directory.Path;
import skywire.route.group.RouteGroup;
import skywire.sim.Simulation;

/** Legs die, are parked and come back, transports come and go, wishes change, all at random; in the end it is as wanted. */
class LegKeeperProperties {
    private static final int STEPS = 40;
    private static final Duration QUIET = Duration.ofMinutes(4);

    @Property(tries = 60)
    void inTheEndThereIsWhatIsWantedOrThereIsNoMore(@ForAll long seed) {
        Simulation.run(seed, sim -> new Run(sim).play());
    }

    private static final class Run {
        final Simulation sim;
        final SplittableRandom dice;
        final PathGraph graph;

        Run(Simulation sim) {
            this.sim = sim;
            this.dice = sim.dice();
            this.graph = PathGraph.random(dice, dice.nextInt(3, 10));
        }

        void play() throws Exception {
            List<Path> all = graph.all(1, 3);
            if (all.isEmpty()) {
                return;
            }
            var group = new ModelGroup(sim, graph, all.get(dice.nextInt(all.size())));
            group.setUpTakes = Duration.ofMillis(dice.nextInt(10, 8_000));
            LegKeeper keeper = group.keep(wish());
            for (int i = 0; i < STEPS; i++) {
                sim.sleep(Duration.ofMillis(dice.nextInt(1, dice.nextInt(5) == 0 ? 40_000 : 2_000)));
                disturb(group, keeper);
                assertTrue(group.mostAtOnce <= LegBook.MOST_AT_ONCE);
                assertTrue(group.ids().size() <= RouteGroup.MOST_LEGS);
                assertDisjoint(group.paths());
            }
            calm(group);
            sim.sleep(QUIET);
            assertSettled(group, keeper);
            group.close();
        }

        private LegWish wish() {
            return new LegWish(dice.nextInt(1, 5), dice.nextInt(1, 5), dice.nextInt(2), 0, 0);
        }

        private void disturb(ModelGroup group, LegKeeper keeper) {
            List<UUID> ids = group.ids();
            UUID leg = ids.get(dice.nextInt(ids.size()));
            switch (dice.nextInt(8)) {
                case 0 -> {
                    if (ids.size() > 1) {
                        group.die(leg);
                    }
                }
                case 1 -> group.park(leg);
                case 2 -> group.back(leg);
                case 3 -> keeper.want(wish());
                case 4 ->
                    group.down.add(
                            graph.own().get(dice.nextInt(graph.own().size())).id());
                case 5 -> group.down.clear();
                case 6 ->
                    group.outcome = path -> dice.nextInt(3) == 0
                            ? new LegPort.Outcome(path, "it failed", dice.nextBoolean(), List.of())
                            : LegPort.Outcome.success(path);
                default -> group.setUpTakes = Duration.ofMillis(dice.nextInt(10, 8_000));
            }
        }

        private void calm(ModelGroup group) {
            group.down.clear();
            group.outcome = LegPort.Outcome::success;
            group.ids().forEach(group::back);
        }

        private static void assertDisjoint(List<Path> legs) {
            for (int i = 0; i < legs.size(); i++) {
                for (int j = 0; j < i; j++) {
                    assertTrue(PathGraph.disjoint(legs.get(i), legs.get(j)), legs.toString());
                }
            }
        }

        private void assertSettled(ModelGroup group, LegKeeper keeper) {
            LegCount count = keeper.count();
            assertEquals(group.ids(), List.copyOf(keeper.paths().keySet()));
            assertTrue(group.ids().size() <= keeper.wish().total(), count.text());
            if (!count.isComplete()) {
                int longest = group.first.length() + LegWish.LONGER;
                for (Path path : graph.all(1, longest)) {
                    assertTrue(
                            group.paths().stream().anyMatch(leg -> !PathGraph.disjoint(path, leg)),
                            count.text() + ", although there is " + path);
                }
                assertTrue(!count.reason().isEmpty() && !count.reason().contains("set up"), count.text());
            }
        }
    }
}
