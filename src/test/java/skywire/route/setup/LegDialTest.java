package skywire.route.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import skywire.control.Progress;
import skywire.directory.Path;
import skywire.key.PublicKey;
import skywire.link.KeyedLink;
import skywire.link.KeyedListener;
import skywire.route.group.GroupKind;
import skywire.route.group.RouteGroup;
import skywire.route.mux.LegInfo;
import skywire.sim.Simulation;
import skywire.testkit.Flow;

/** Legs of real groups between whole visors. */
class LegDialTest {
    private static final int PORT = 3;
    private static final long SIZE = 2_000_000;

    private interface Part {
        void run(Run run) throws Exception;
    }

    /** The first visor and the last, joined by relays and, if so wished, directly. */
    private record Run(Simulation sim, DialWorld world, RouteDialer dialer, KeyedListener listener, int last) {
        Dialled dial(LegWish wish, Progress progress) throws Exception {
            return dialer.dial(world.visor(last).key(), PORT, wish, progress, world.soon());
        }

        Dialled dial(LegWish wish) throws Exception {
            return dial(wish, Progress.NONE);
        }

        void until(Dialled dialled, String count) throws Exception {
            LegKeeper keeper = dialled.legs().orElseThrow();
            sim.until(count, Duration.ofMinutes(3), () -> keeper.count().text().equals(count));
        }

        /** Both ways at once, compared byte by byte. */
        List<Flow> exchange(Dialled dialled, KeyedLink accepted) {
            return List.of(
                    Flow.start(sim, dialled.group(), accepted, SIZE), Flow.start(sim, accepted, dialled.group(), SIZE));
        }

        void arrives(List<Flow> flows) throws Exception {
            for (Flow flow : flows) {
                sim.until("the flow is over", Duration.ofMinutes(3), flow::isOver);
                flow.check();
            }
        }

        /** Whatever was set up is gone everywhere, reservations too. */
        void nothingIsLeft() throws Exception {
            sim.sleep(Duration.ofMinutes(3));
            for (int i = 0; i <= last; i++) {
                if (!world.visor(i).host().isDead()) {
                    assertEquals(0, world.visor(i).left(), "visor " + i);
                }
            }
            assertEquals(0, world.visor(0).node().router().groups().ports().inUse());
            assertEquals(0, world.visor(0).node().router().groups().settingUp());
        }

        int relay(Path path) {
            for (int i = 1; i < last; i++) {
                if (path.relays().contains(world.visor(i).key())) {
                    return i;
                }
            }
            throw new AssertionError("no relay: " + path);
        }
    }

    private static void relays(long seed, int relays, boolean direct, Part part) {
        Simulation.run(seed, Simulation.Options.DEFAULT.leaving(), sim -> {
            try (var world = new DialWorld(sim, relays + 2)) {
                int last = relays + 1;
                for (int relay = 1; relay <= relays; relay++) {
                    world.row(0, relay, last);
                }
                if (direct) {
                    world.join(0, last);
                }
                world.list();
                try (KeyedListener listener =
                        world.visor(last).node().router().groups().listen(PORT)) {
                    part.run(new Run(sim, world, world.dialer(0), listener, last));
                }
            }
        });
    }

    private static void assertDisjoint(LegKeeper keeper) {
        List<Path> paths = new ArrayList<>(keeper.paths().values());
        for (int i = 0; i < paths.size(); i++) {
            for (int j = 0; j < i; j++) {
                assertTrue(PathGraph.disjoint(paths.get(i), paths.get(j)), paths.toString());
            }
        }
    }

    @Test
    void fourLegsOverFourRelays() {
        for (long seed = 1; seed <= 5; seed++) {
            relays(seed, 5, false, run -> {
                var told = new ArrayList<String>();
                Dialled dialled = run.dial(LegWish.of(4), (stage, text) -> told.add(stage + ": " + text));
                assertEquals("adding legs: 3 more, in the background", told.getLast());
                assertEquals(GroupKind.FULL, dialled.group().kind());
                KeyedLink accepted = run.listener().accept();
                run.until(dialled, "4 of 4");
                LegKeeper keeper = dialled.legs().orElseThrow();
                assertDisjoint(keeper);
                assertEquals(
                        keeper.paths().keySet(),
                        dialled.group().legs().stream()
                                .map(LegInfo::id)
                                .collect(java.util.stream.Collectors.toCollection(java.util.LinkedHashSet::new)));
                assertEquals(4, ((RouteGroup) accepted).legs().size());
                run.arrives(run.exchange(dialled, accepted));
                dialled.group().close();
                run.nothingIsLeft();
            });
        }
    }

    @Test
    void aKilledRelayIsReplacedAndNoByteIsLost() {
        for (long seed = 1; seed <= 5; seed++) {
            relays(seed, 6, false, run -> {
                Dialled dialled = run.dial(LegWish.of(4));
                KeyedLink accepted = run.listener().accept();
                run.until(dialled, "4 of 4");
                LegKeeper keeper = dialled.legs().orElseThrow();
                List<Flow> flows = run.exchange(dialled, accepted);
                run.sim().sleep(Duration.ofMillis(100));
                int dead = run.relay(new ArrayList<>(keeper.paths().values()).get(1));
                run.world().visor(dead).host().kill();
                run.sim()
                        .until(
                                "it is noticed",
                                Duration.ofMinutes(1),
                                () -> keeper.paths().values().stream().noneMatch(path -> run.relay(path) == dead));
                run.until(dialled, "4 of 4");
                assertDisjoint(keeper);
                run.arrives(flows);
                dialled.group().close();
                run.nothingIsLeft();
            });
        }
    }

    /** The one that everything began with is a leg like the others. */
    @Test
    void theFirstRelayMayDieToo() {
        for (long seed = 1; seed <= 5; seed++) {
            relays(seed, 3, false, run -> {
                Dialled dialled = run.dial(LegWish.of(2));
                KeyedLink accepted = run.listener().accept();
                run.until(dialled, "2 of 2");
                int dead = run.relay(dialled.path());
                List<Flow> flows = run.exchange(dialled, accepted);
                run.sim().sleep(Duration.ofMillis(100));
                run.world().visor(dead).host().kill();
                run.arrives(flows);
                run.until(dialled, "2 of 2");
                assertFalse(dialled.legs().orElseThrow().paths().containsValue(dialled.path()));
                dialled.group().close();
                run.nothingIsLeft();
            });
        }
    }

    @Test
    void aSilentRelayIsReplacedToo() {
        for (long seed = 1; seed <= 5; seed++) {
            relays(seed, 5, false, run -> {
                Dialled dialled = run.dial(LegWish.of(3));
                KeyedLink accepted = run.listener().accept();
                run.until(dialled, "3 of 3");
                List<Flow> flows = run.exchange(dialled, accepted);
                run.sim().sleep(Duration.ofMillis(100));
                int dead = run.relay(
                        new ArrayList<>(dialled.legs().orElseThrow().paths().values()).get(2));
                run.world().visor(dead).host().unplug();
                run.arrives(flows);
                run.sim()
                        .until(
                                "it is noticed",
                                Duration.ofMinutes(3),
                                () -> dialled.legs().orElseThrow().paths().values().stream()
                                        .noneMatch(path -> run.relay(path) == dead));
                run.until(dialled, "3 of 3");
                dialled.group().close();
                run.nothingIsLeft();
            });
        }
    }

    @Test
    void partOfItIsKeptAndTheDirectWayIsALegToo() {
        relays(1, 2, true, run -> {
            Dialled dialled = run.dial(LegWish.of(4));
            KeyedLink accepted = run.listener().accept();
            run.until(dialled, "3 of 4: there is no other way of 1 to 3 hops");
            LegKeeper keeper = dialled.legs().orElseThrow();
            assertEquals(
                    List.of(1, 2, 2),
                    keeper.paths().values().stream().map(Path::length).sorted().toList());
            run.arrives(run.exchange(dialled, accepted));
            run.world().visors.forEach(v -> assertEquals(List.of(), keeper.failures()));
            dialled.group().close();
            run.nothingIsLeft();
        });
    }

    @Test
    void hopsHoldForEveryLeg() {
        relays(1, 3, true, run -> {
            Dialled dialled = run.dial(LegWish.of(4).withHops(2, 2));
            run.listener().accept();
            run.until(dialled, "3 of 4: there is no other way of 2 hops");
            dialled.group().close();
            run.nothingIsLeft();
        });
    }

    /** It is in the list, and nobody has noticed yet that it is dead. */
    @Test
    void whoCannotBeReachedMakesRoomForAnother() {
        relays(1, 6, false, run -> {
            run.world().visor(2).host().unplug();
            run.world().visor(3).host().unplug();
            Dialled dialled = run.dial(LegWish.of(4));
            KeyedLink accepted = run.listener().accept();
            run.until(dialled, "4 of 4");
            run.arrives(run.exchange(dialled, accepted));
            List<PublicKey> dead =
                    List.of(run.world().visor(2).key(), run.world().visor(3).key());
            dialled.legs()
                    .orElseThrow()
                    .paths()
                    .values()
                    .forEach(path -> assertFalse(dead.contains(path.relays().getFirst())));
            dialled.group().close();
            run.nothingIsLeft();
        });
    }

    @Test
    void transportsThatComeBackAreLegsAgain() {
        relays(1, 4, false, run -> {
            Dialled dialled = run.dial(LegWish.of(4));
            KeyedLink accepted = run.listener().accept();
            run.until(dialled, "4 of 4");
            var transports = run.world().visor(0).node().transports();
            List<Flow> flows = run.exchange(dialled, accepted);
            for (LegInfo leg : dialled.group().legs()) {
                if (!leg.primary()) {
                    transports.remove(leg.id());
                }
            }
            run.sim().sleep(Duration.ofSeconds(1));
            assertEquals(1, dialled.legs().orElseThrow().count().actual());
            for (int relay = 1; relay <= 4; relay++) {
                run.world().join(0, relay);
            }
            Duration then = run.sim().elapsed();
            run.until(dialled, "4 of 4");
            assertTrue(run.sim().elapsed().minus(then).toSeconds() < 5);
            run.arrives(flows);
            dialled.group().close();
            run.nothingIsLeft();
        });
    }

    @Test
    void wantsLessAndMore() {
        relays(1, 6, false, run -> {
            Dialled dialled = run.dial(LegWish.of(4));
            KeyedLink accepted = run.listener().accept();
            run.until(dialled, "4 of 4");
            LegKeeper keeper = dialled.legs().orElseThrow();
            List<Flow> flows = run.exchange(dialled, accepted);
            keeper.want(LegWish.of(2));
            run.sim()
                    .until(
                            "two are gone",
                            Duration.ofMinutes(1),
                            () -> dialled.group().legs().size() == 2
                                    && ((RouteGroup) accepted).legs().size() == 2);
            assertEquals("2 of 2", keeper.count().text());
            keeper.want(LegWish.of(6));
            run.until(dialled, "6 of 6");
            run.arrives(flows);
            assertNotEquals(0, keeper.paths().size());
            dialled.group().close();
            run.nothingIsLeft();
        });
    }

    /** The far end closes while legs are being set up. */
    @Test
    void nothingIsLeftOfLegsThatCameTooLate() {
        for (long millis = 0; millis < 400; millis += 20) {
            long wait = millis;
            relays(millis, 5, false, run -> {
                Dialled dialled = run.dial(LegWish.of(4));
                KeyedLink accepted = run.listener().accept();
                run.sim().sleep(Duration.ofMillis(wait));
                (wait % 40 == 0 ? accepted : dialled.group()).close();
                run.nothingIsLeft();
            });
        }
    }
}
