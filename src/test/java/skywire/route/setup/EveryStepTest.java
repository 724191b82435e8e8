package skywire.route.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import skywire.link.KeyedListener;
import skywire.platform.Failure;
import skywire.sim.SimHost;
import skywire.sim.Simulation;

/**
 * A dial over three hops, in which somebody dies: each visor and the setup node, in steps shorter than any message takes
 * on its way, so that each message is once the last one sent and once the last one that arrived.
 */
@Tag("whole")
class EveryStepTest {
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);
    private static final Duration STEP = Duration.ofMillis(4);
    private static final int SETUP_NODE = 4;
    private static final int PORT = 3;

    /** What came of one dial. */
    private record Outcome(boolean dialled, Duration took) {}

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, SETUP_NODE})
    void noRuleIsLeftWhoeverIsKilled(int victim) {
        everyStep(victim, false);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, SETUP_NODE})
    void noRuleIsLeftWhoeverLosesPower(int victim) {
        everyStep(victim, true);
    }

    private static void everyStep(int victim, boolean silently) {
        Duration all = dial(-1, Duration.ZERO, false).took();
        int failed = 0;
        int dialled = 0;
        for (Duration at = Duration.ZERO; at.compareTo(all.plus(STEP)) < 0; at = at.plus(STEP)) {
            if (dial(victim, at, silently).dialled()) {
                dialled++;
            } else {
                failed++;
            }
        }
        assertTrue(failed > 10, "only " + failed + " dials failed");
        assertTrue(dialled > 0 || victim == 0, "all dials failed, also those that were over");
    }

    private static Outcome dial(int victim, Duration at, boolean silently) {
        var outcome = new Outcome[1];
        Simulation.run(1, Simulation.Options.DEFAULT.leaving(), sim -> {
            try (var world = new DialWorld(sim, 4)) {
                world.row(0, 1, 2, 3);
                world.list();
                KeyedListener listener = world.visor(3).node().router().groups().listen(PORT);
                SimHost dead = victim < 0
                        ? null
                        : victim == SETUP_NODE
                                ? world.setupHost
                                : world.visor(victim).host();
                boolean[] happened = new boolean[1];
                sim.go("executioner", () -> {
                    sim.sleep(at);
                    if (dead != null) {
                        happened[0] = true;
                        kill(dead, silently);
                    }
                });
                var result = new Dialled[1];
                var over = new boolean[1];
                Duration began = sim.elapsed();
                // on a machine of its own: the visor that dials may be the one that dies
                world.visor(0).host().start("dial", () -> {
                    try {
                        var settings = new RouteDialer.Settings(3, 3, KEEP_ALIVE);
                        result[0] = world.dialer(0, settings, List.of(world.setupKey))
                                .dial(world.visor(3).key(), PORT, world.soon());
                    } catch (IOException e) {
                        sim.note("dial failed: " + Failure.text(e));
                    }
                    over[0] = true;
                });
                sim.until("the dial is over", Duration.ofMinutes(2), () -> over[0] || victim == 0 && happened[0]);
                outcome[0] = new Outcome(result[0] != null, sim.elapsed().minus(began));
                sim.until("the end", Duration.ofMinutes(2), () -> happened[0] || victim < 0);
                check(world, victim, silently, result[0]);
                listener.close();
            }
        });
        return outcome[0];
    }

    private static void kill(SimHost host, boolean silently) {
        if (silently) {
            host.unplug();
        } else {
            host.kill();
        }
    }

    private static void check(DialWorld world, int victim, boolean silently, Dialled dialled) throws Exception {
        List<DialWorld.Visor> alive = new ArrayList<>(world.visors);
        if (victim >= 0 && victim < SETUP_NODE) {
            alive.remove(victim);
        }
        if (!silently && victim < SETUP_NODE && dialled == null && victim >= 0) {
            // the neighbours and the setup node have noticed, so everything can be taken back at once
            world.sim.sleep(Duration.ofSeconds(1));
            assertNoRules(alive, "at once");
        }
        if (dialled != null && victim != 0) {
            dialled.group().close();
        }
        world.sim.sleep(KEEP_ALIVE.plusSeconds(10));
        assertNoRules(alive, "after the rules' time");
        for (DialWorld.Visor visor : alive) {
            var groups = visor.node().router().groups();
            assertEquals(0, groups.settingUp());
            assertEquals(List.of(), groups.list());
            assertEquals(0, groups.ports().inUse());
        }
    }

    private static void assertNoRules(List<DialWorld.Visor> alive, String when) {
        for (DialWorld.Visor visor : alive) {
            assertEquals(List.of(), visor.node().router().table().list(), when + " at " + visor.host());
        }
    }
}
