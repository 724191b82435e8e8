package skywire.route.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import skywire.directory.Path;
import skywire.key.PublicKey;
import skywire.route.group.RouteGroup;
import skywire.sim.Simulation;

class LegKeeperTest {
    private interface Part {
        void run(Simulation sim, ModelGroup group) throws Exception;
    }

    /** A group whose first leg goes over the first of so many relays; what is started must have ended with it. */
    private static void relays(int relays, Part part) {
        for (long seed = 1; seed <= 5; seed++) {
            Simulation.run(seed, sim -> {
                var graph = new PathGraph(relays + 2);
                for (int i = 1; i <= relays; i++) {
                    graph.row(0, i, relays + 1);
                }
                var group = new ModelGroup(sim, graph, graph.path(0, 1, relays + 1));
                part.run(sim, group);
                group.close();
            });
        }
    }

    private static void until(Simulation sim, LegKeeper keeper, String count) throws Exception {
        sim.until(count, Duration.ofMinutes(2), () -> keeper.count().text().equals(count));
    }

    private static LegPort.Outcome fails(Path path) {
        return new LegPort.Outcome(path, path.relays().getFirst().brief() + " did not answer", true, path.relays());
    }

    @Test
    void theOthersComeInParallelAndNobodyWaitsForThem() {
        relays(6, (sim, group) -> {
            LegKeeper keeper = group.keep(LegWish.of(4));
            assertEquals(Duration.ZERO, sim.elapsed().truncatedTo(java.time.temporal.ChronoUnit.SECONDS));
            sim.sleep(Duration.ofSeconds(1));
            assertEquals("1 of 4: 3 being set up", keeper.count().text());
            until(sim, keeper, "4 of 4");
            assertTrue(sim.elapsed().toMillis() < 2_500, "one after the other");
            assertEquals(3, group.tried.size());
            assertEquals(4, keeper.paths().size());
            assertEquals(group.first, keeper.paths().values().iterator().next());
        });
    }

    @Test
    void neverMoreThanFourSetUpsAtOnceAndSixteenLegs() {
        relays(20, (sim, group) -> {
            LegKeeper keeper = group.keep(LegWish.of(RouteGroup.MOST_LEGS));
            until(sim, keeper, "16 of 16");
            assertEquals(LegBook.MOST_AT_ONCE, group.mostAtOnce);
            group.park(group.ids().get(3));
            sim.sleep(Duration.ofMinutes(2));
            assertEquals(
                    "15 of 16: 1 parked (no progress for 1 s); no route has more than 16 legs",
                    keeper.count().text());
        });
    }

    @Test
    void whoFailsMakesRoomForTheNext() {
        relays(6, (sim, group) -> {
            group.outcome = path -> path.relays().contains(group.graph.visor(2))
                            || path.relays().contains(group.graph.visor(3))
                    ? fails(path)
                    : LegPort.Outcome.success(path);
            LegKeeper keeper = group.keep(LegWish.of(4));
            until(sim, keeper, "4 of 4");
            assertTrue(sim.elapsed().toSeconds() < 8);
            assertTrue(group.tried.size() <= 5, "tried again: " + group.tried);
            assertEquals(group.tried.size() - 3, keeper.failures().size());
            keeper.failures().forEach(why -> assertTrue(why.endsWith("did not answer"), why));
        });
    }

    @Test
    void whatIsThereIsKeptAndWhatIsMissingSaid() {
        relays(2, (sim, group) -> {
            LegKeeper keeper = group.keep(LegWish.of(4));
            until(sim, keeper, "2 of 4: there is no other way of 1 to 4 hops");
            assertEquals(1, group.tried.size());
            assertFalse(keeper.count().isComplete());
        });
    }

    @Test
    void pausesGrowWhileNothingHelps() {
        relays(3, (sim, group) -> {
            group.outcome = LegKeeperTest::fails;
            LegKeeper keeper = group.keep(LegWish.of(3));
            sim.sleep(Duration.ofMinutes(10));
            assertEquals(
                    "1 of 3: the only other ways failed a short time ago",
                    keeper.count().text());
            int often = group.tried.size();
            assertTrue(often >= 8 && often < 40, often + " tries");
            long last =
                    group.triedAt.getLast().minus(group.triedAt.get(often - 3)).toSeconds();
            assertTrue(last >= 30, "pause of " + last + " s");
            group.outcome = LegPort.Outcome::success;
            until(sim, keeper, "3 of 3");
        });
    }

    @Test
    void aFailureOfTheEndEndsTheBurst() {
        relays(8, (sim, group) -> {
            group.outcome = path -> new LegPort.Outcome(path, "the other end did not answer", false, List.of());
            LegKeeper keeper = group.keep(LegWish.of(2));
            sim.sleep(Duration.ofSeconds(60));
            assertEquals("1 of 2: the other end did not answer", keeper.count().text());
            assertTrue(group.tried.size() <= 6, group.tried.size() + " tries");
            assertEquals(1, group.mostAtOnce);
        });
    }

    @Test
    void aDeadLegIsReplacedByAnotherWay() {
        relays(5, (sim, group) -> {
            LegKeeper keeper = group.keep(LegWish.of(3));
            until(sim, keeper, "3 of 3");
            List<Path> before = group.paths();
            Path dead = before.get(1);
            Duration then = sim.elapsed();
            group.die(LegBook.id(dead));
            assertEquals(2, keeper.count().actual());
            until(sim, keeper, "3 of 3");
            assertTrue(sim.elapsed().minus(then).toMillis() < 2_500);
            assertFalse(group.paths().contains(dead));
            assertEquals(4, group.tried.size() + 1);
        });
    }

    @Test
    void theFirstLegIsReplacedToo() {
        relays(3, (sim, group) -> {
            LegKeeper keeper = group.keep(LegWish.of(2));
            until(sim, keeper, "2 of 2");
            group.die(group.ids().getFirst());
            until(sim, keeper, "2 of 2");
            assertEquals(group.ids(), List.copyOf(keeper.paths().keySet()));
        });
    }

    @Test
    void aLegThatDiesAgainAndAgainIsLeftAloneForLonger() {
        relays(2, (sim, group) -> {
            LegKeeper keeper = group.keep(LegWish.of(2));
            sim.go("flapping", () -> {
                for (int i = 0; i < 300; i++) {
                    sim.sleep(Duration.ofSeconds(1));
                    if (group.ids().size() > 1) {
                        group.die(group.over(2));
                    }
                }
            });
            sim.sleep(Duration.ofMinutes(5));
            assertTrue(group.tried.size() < 12, group.tried.size() + " set-ups");
            until(sim, keeper, "2 of 2");
        });
    }

    @Test
    void aParkedLegDoesNotCountAndIsTooMuchWhenItComesBack() {
        relays(5, (sim, group) -> {
            LegKeeper keeper = group.keep(LegWish.of(3));
            until(sim, keeper, "3 of 3");
            UUID parked = group.ids().get(1);
            group.park(parked);
            sim.sleep(Duration.ofMillis(500));
            assertEquals(
                    "2 of 3: 1 parked (no progress for 1 s); 1 being set up",
                    keeper.count().text());
            until(sim, keeper, "3 of 3");
            UUID newest = group.ids().getLast();
            group.back(parked);
            sim.sleep(Duration.ofSeconds(29));
            assertEquals(new LegCount(3, 3, 0, 1, ""), keeper.count());
            assertEquals(List.of(), group.retired);
            sim.sleep(Duration.ofSeconds(2));
            assertEquals(List.of(newest), group.retired);
            assertEquals(new LegCount(3, 3, 0, 0, ""), keeper.count());
            sim.sleep(Duration.ofMinutes(2));
            assertEquals(3, group.ids().size());
        });
    }

    @Test
    void parkedRelaysAreNotTakenAgain() {
        relays(2, (sim, group) -> {
            LegKeeper keeper = group.keep(LegWish.of(2));
            until(sim, keeper, "2 of 2");
            group.park(group.ids().get(1));
            sim.sleep(Duration.ofSeconds(40));
            assertEquals(
                    "1 of 2: 1 parked (no progress for 1 s); there is no other way of 1 to 4 hops",
                    keeper.count().text());
            assertEquals(1, group.tried.size());
        });
    }

    @Test
    void wantsMoreAndLess() {
        relays(8, (sim, group) -> {
            LegKeeper keeper = group.keep(LegWish.of(2).withSpares(1));
            until(sim, keeper, "2 of 2 and 1 of 1 spare");
            assertEquals(2, group.forward);
            keeper.want(new LegWish(1, 5, 0, 0, 0));
            assertEquals(1, group.forward);
            assertEquals(5, group.reverse);
            until(sim, keeper, "5 of 5");
            List<UUID> all = group.ids();
            keeper.want(LegWish.of(2));
            until(sim, keeper, "2 of 2");
            sim.sleep(Duration.ofMillis(100));
            assertEquals(all.subList(0, 2), group.ids());
            keeper.want(LegWish.ONE);
            sim.sleep(Duration.ofMillis(100));
            assertEquals(all.subList(0, 1), group.ids());
        });
    }

    @Test
    void aNewTransportIsTriedAtOnce() {
        relays(3, (sim, group) -> {
            UUID gone = group.graph.path(0, 3, 4).hops().getFirst().transport();
            group.down.add(gone);
            LegKeeper keeper = group.keep(LegWish.of(3));
            sim.sleep(Duration.ofMinutes(5));
            assertEquals(2, keeper.count().actual());
            group.down.remove(gone);
            Duration then = sim.elapsed();
            until(sim, keeper, "3 of 3");
            assertTrue(sim.elapsed().minus(then).toMillis() < 3_500);
            assertEquals(java.util.Set.<PublicKey>of(group.graph.visor(3)), group.alive);
        });
    }

    @Test
    void everyLegObeysTheHops() {
        Simulation.run(1, sim -> {
            var graph = new PathGraph(8);
            graph.row(0, 7);
            graph.row(0, 1, 2, 7);
            graph.row(0, 3, 4, 7);
            graph.row(0, 5, 7);
            var group = new ModelGroup(sim, graph, graph.path(0, 1, 2, 7));
            LegKeeper keeper = group.keep(LegWish.of(4).withHops(3, 3));
            until(sim, keeper, "2 of 4: there is no other way of 3 hops");
            keeper.want(LegWish.of(4).withHops(2, 0));
            until(sim, keeper, "3 of 4: there is no other way of 2 to 5 hops");
            keeper.want(LegWish.of(4));
            until(sim, keeper, "4 of 4");
            group.close();
        });
    }

    @Test
    void aGroupThatCanHaveNoMoreLegsSaysWhy() {
        relays(3, (sim, group) -> {
            LegKeeper keeper = LegKeeper.start(
                    sim, group, group, group.first, LegWish.of(4), RouteDialer.Settings.DEFAULT, "it takes no more");
            sim.sleep(Duration.ofMinutes(1));
            assertEquals("1 of 4: it takes no more", keeper.count().text());
            assertEquals(List.of(), group.tried);
        });
    }
}
