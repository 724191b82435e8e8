package skywire.route.group;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import skywire.sim.Simulation;
import skywire.testkit.JuneFaults;
import skywire.testkit.JuneGroup;
import skywire.testkit.JuneLeg;
import skywire.testkit.JuneStyle;
import skywire.testkit.World;

/**
 * Our multiplexed groups with a peer of June 2026 when packets are lost, late or double, and when legs die. What that peer
 * can repair is limited: it keeps its first 128 unacknowledged packets only, so that what it sends here is not longer.
 */
class JuneFaultsTest {
    private static final int MIB = 1 << 20;
    private static final int REPAIRABLE = 100 * 4070;

    private static void lose(JuneFaults faults, int... ahead) {
        for (int n : ahead) {
            faults.lose(faults.data() + n);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "REAL,true,1",
        "REAL,true,2",
        "REAL,false,4",
        "SIMULATED,true,1",
        "SIMULATED,true,2",
        "SIMULATED,true,4",
        "SIMULATED,false,1",
        "SIMULATED,false,2",
        "SIMULATED,false,4"
    })
    void repairsWhatIsLostOnTheWayThere(World world, boolean dialled, int legs) throws Exception {
        world.play(platform -> {
            try (JuneBench bench = JuneBench.open(platform, JuneStyle.JUNE, dialled, legs)) {
                bench.eachPeerLeg(leg -> lose(leg.incoming(), 1, 4, 5, 6, 20, 21, 40));
                bench.toJune(MIB, 1).join();
                bench.toJune(100, 2).join();
                bench.assertNoViolations();
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"REAL,true", "SIMULATED,true", "SIMULATED,false"})
    void repairsALostTail(World world, boolean dialled) throws Exception {
        world.play(platform -> {
            try (JuneBench bench = JuneBench.open(platform, JuneStyle.JUNE, dialled, 2)) {
                for (int i = 0; i < 3; i++) {
                    bench.eachPeerLeg(leg -> lose(leg.incoming(), 1)); // nothing comes after it that would tell
                    bench.toJune(100, i).join();
                }
                bench.assertNoViolations();
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
        "REAL,true,1",
        "REAL,true,2",
        "REAL,false,4",
        "SIMULATED,true,1",
        "SIMULATED,true,2",
        "SIMULATED,true,4",
        "SIMULATED,false,1",
        "SIMULATED,false,2",
        "SIMULATED,false,4"
    })
    void asksForWhatIsLostOnTheWayHere(World world, boolean dialled, int legs) throws Exception {
        world.play(platform -> {
            try (JuneBench bench = JuneBench.open(platform, JuneStyle.JUNE, dialled, legs)) {
                bench.eachPeerLeg(leg -> lose(leg.outgoing(), 2, 3, 8));
                bench.fromJune(REPAIRABLE, 1).join();
                assertTrue(bench.june.watch().count("resent") >= 3 * legs, bench.june.watch()::toString);
                bench.fromJune(REPAIRABLE, 2).join();
                bench.assertNoViolations();
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"REAL,true,1", "SIMULATED,true,1", "SIMULATED,false,1", "SIMULATED,true,2"})
    void asksAgainIfWhatWasSentAgainIsLostToo(World world, boolean dialled, int legs) throws Exception {
        world.play(platform -> {
            try (JuneBench bench = JuneBench.open(platform, JuneStyle.JUNE.frugal(), dialled, legs)) {
                long next = bench.june.watch().count("sent");
                bench.eachPeerLeg(leg -> leg.outgoing().loseNumber(next + 2, 4));
                bench.fromJune(20 * 4070, 1).join(); // they have no timer: each repetition is ours to ask for
                assertTrue(bench.june.watch().count("resent") >= 5 - legs, bench.june.watch()::toString);
                bench.assertNoViolations();
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"REAL,true,1", "SIMULATED,true,1", "SIMULATED,false,1", "SIMULATED,true,2"})
    void repeatsWhatIsLostAgain(World world, boolean dialled, int legs) throws Exception {
        world.play(platform -> {
            try (JuneBench bench = JuneBench.open(platform, JuneStyle.JUNE, dialled, legs)) {
                long next =
                        bench.june.watch().count("data") - bench.june.watch().count("repeats");
                bench.eachPeerLeg(leg -> leg.incoming().loseNumber(next + 2, 3));
                bench.toJune(40 * 4070, 1).join();
                bench.toJune(100, 2).join();
                bench.assertNoViolations();
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"REAL,true,2", "SIMULATED,true,1", "SIMULATED,true,2", "SIMULATED,false,4"})
    void mindsNoPacketThatComesTwice(World world, boolean dialled, int legs) throws Exception {
        world.play(platform -> {
            try (JuneBench bench = JuneBench.open(platform, JuneStyle.JUNE, dialled, legs)) {
                bench.eachPeerLeg(leg -> {
                    for (int n = 1; n < 30; n += 2) {
                        leg.incoming().repeat(leg.incoming().data() + n);
                        leg.outgoing().repeat(leg.outgoing().data() + n);
                    }
                });
                JuneBench.Task there = bench.toJune(MIB, 1);
                bench.fromJune(REPAIRABLE, 2).join();
                there.join();
                bench.assertNoViolations();
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
        "REAL,true,1",
        "REAL,true,2",
        "REAL,false,2",
        "SIMULATED,true,1",
        "SIMULATED,true,2",
        "SIMULATED,true,4",
        "SIMULATED,false,2",
        "SIMULATED,false,4"
    })
    void keepsTheLimitsWhileALegIsLate(World world, boolean dialled, int legs) throws Exception {
        world.play(platform -> {
            try (JuneBench bench = JuneBench.open(platform, JuneStyle.JUNE, dialled, legs)) {
                JuneLeg late = bench.peer.legs().getLast();
                late.incoming().hold();
                JuneBench.Task there = bench.toJune(2 * MIB, 1);
                platform.clock().sleep(Duration.ofMillis(700));
                late.incoming().release();
                there.join();
                bench.toJune(1000, 2).join();
                bench.assertNoViolations();
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"REAL,true,1", "REAL,true,2", "SIMULATED,true,1", "SIMULATED,false,2", "SIMULATED,true,4"})
    void waitsForALateLegOfTheirs(World world, boolean dialled, int legs) throws Exception {
        world.play(platform -> {
            try (JuneBench bench = JuneBench.open(platform, JuneStyle.JUNE, dialled, legs)) {
                JuneLeg late = bench.peer.legs().getLast();
                late.outgoing().hold();
                JuneBench.Task here = bench.fromJune(MIB, 1);
                platform.clock().sleep(Duration.ofMillis(700));
                late.outgoing().release();
                here.join();
                bench.assertNoViolations();
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"20,true", "20,false", "200,true", "200,false"})
    void keepsTheLimitsOverLegsOfDifferentDelays(int millis, boolean dialled) {
        for (long seed = 0; seed < 5; seed++) {
            Simulation.run(seed, sim -> {
                try (JuneBench bench = JuneBench.bare(sim, JuneStyle.JUNE)) {
                    bench.open(dialled);
                    for (int i = 1; i < 4; i++) {
                        sim.faults().within(Duration.ofMillis(millis / i), Duration.ofMillis(i), 10_000_000);
                        bench.addLeg();
                    }
                    bench.awaitLegs(4);
                    bench.group.width(4, 4);
                    bench.toJune(MIB, 1).join();
                    bench.fromJune(MIB, 2).join();
                    bench.assertNoViolations();
                }
            });
        }
    }

    @ParameterizedTest
    @CsvSource({"REAL,true", "REAL,false", "SIMULATED,true", "SIMULATED,false"})
    void goesOnWhenALegDiesOnTheWayThere(World world, boolean dialled) throws Exception {
        world.play(platform -> {
            try (JuneBench bench = JuneBench.open(platform, JuneStyle.JUNE, dialled, 3)) {
                JuneLeg dying = bench.peer.legs().get(1);
                dying.incoming().relaysAreSilent();
                dying.incoming().in(10, () -> bench.june.transports().remove(dying.transport()));
                bench.toJune(MIB, 1).join();
                bench.toJune(MIB, 2).join();
                bench.assertNoViolations();
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"REAL,true", "REAL,false", "SIMULATED,true", "SIMULATED,false"})
    void goesOnWhenALegDiesOnTheWayHere(World world, boolean dialled) throws Exception {
        world.play(platform -> {
            try (JuneBench bench = JuneBench.open(platform, JuneStyle.JUNE, dialled, 3)) {
                JuneLeg dying = bench.peer.legs().get(1);
                dying.incoming().relaysAreSilent();
                dying.outgoing().in(10, () -> bench.june.transports().remove(dying.transport()));
                bench.fromJune(REPAIRABLE, 1).join();
                bench.fromJune(REPAIRABLE, 2).join();
                bench.toJune(MIB, 2).join();
                bench.assertNoViolations();
            }
        });
    }

    /** They send acknowledgements and pongs on index 0 only, and take a dead one out after five idle minutes. */
    @Disabled(
            "not built: what is under way when the leg of its answers dies is not repeated on a leg of which nothing is heard")
    @ParameterizedTest
    @CsvSource({"REAL,true", "REAL,false", "SIMULATED,true", "SIMULATED,false"})
    void goesOnWhenTheLegOfTheirAnswersDies(World world, boolean dialled) throws Exception {
        world.play(platform -> {
            try (JuneBench bench = JuneBench.open(platform, JuneStyle.JUNE, dialled, 2)) {
                JuneLeg primary = bench.peer.legs().getFirst();
                primary.incoming().in(10, () -> bench.june.transports().remove(primary.transport()));
                bench.toJune(MIB, 1).join();
                bench.fromJune(REPAIRABLE, 2).join();
                bench.peer.prune();
                bench.toJune(MIB, 3).join();
                bench.fromJune(REPAIRABLE, 4).join();
                bench.assertNoViolations();
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"REAL,true", "SIMULATED,true", "SIMULATED,false"})
    void goesRoundALegThatSwallowsEverything(World world, boolean dialled) throws Exception {
        world.play(platform -> {
            try (JuneBench bench = JuneBench.open(platform, JuneStyle.JUNE, dialled, 2)) {
                JuneLeg hole = bench.peer.legs().get(1);
                hole.incoming().in(5, () -> hole.incoming().blackHole(true));
                bench.toJune(MIB, 1).join();
                hole.outgoing().blackHole(true);
                bench.fromJune(REPAIRABLE, 2).join();
                bench.assertNoViolations();
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = "SIMULATED")
    void sendsOnTheirAnswersAreWorthTheirCost(World world) throws Exception {
        world.play(platform -> {
            for (JuneStyle style : new JuneStyle[] {JuneStyle.JUNE, JuneStyle.JUNE.frugal()}) {
                try (JuneBench bench = JuneBench.open(platform, style, true, 4)) {
                    bench.fromJune(MIB, 1).join();
                    long sent = bench.june.watch().count("sent");
                    long resent = bench.june.watch().count("resent");
                    assertTrue(resent <= 3 * sent, "sent " + sent + ", and again " + resent);
                    JuneGroup peer = bench.peer;
                    assertTrue(peer.kept() <= 128);
                }
            }
        });
    }
}
