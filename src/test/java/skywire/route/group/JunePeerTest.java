package skywire.route.group;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import skywire.packet.Handshake;
import skywire.platform.Failure;
import skywire.route.mux.LegInfo;
import skywire.testkit.JuneStyle;
import skywire.testkit.JuneStyle.Answer;
import skywire.testkit.World;

/** Our multiplexed groups with a peer of June 2026, as long as nothing goes wrong (mux §1 to §3, tags [06]). */
class JunePeerTest {
    private static final int MIB = 1 << 20;

    @ParameterizedTest
    @CsvSource({"REAL,true", "REAL,false", "SIMULATED,true", "SIMULATED,false"})
    void agreesOnSequencedDataAndAcknowledgements(World world, boolean dialled) throws Exception {
        world.play(platform -> {
            try (JuneBench bench = JuneBench.open(platform, JuneStyle.JUNE, dialled, 1)) {
                assertEquals(GroupKind.COMPATIBLE, bench.group.kind());
                assertEquals(JuneStyle.MUX | JuneStyle.SACK, bench.peer.agreed());
                Handshake said = bench.peer.handshakes().getFirst();
                assertTrue(said.encrypt());
                assertEquals(3, said.capabilities() & 7, "mux and SACK, and no cascade: " + said.capabilities());
                assertEquals(1, bench.group.legs().size());
                assertTrue(bench.group.legs().getFirst().primary());
                bench.toJune(100_000, 1).join();
                bench.fromJune(100_000, 2).join();
                bench.assertNoViolations();
                bench.closeGroup();
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
        "REAL,true,true",
        "REAL,false,false",
        "SIMULATED,true,true",
        "SIMULATED,false,true",
        "SIMULATED,true,false",
        "SIMULATED,false,false"
    })
    void isPlainWithAPeerWithoutTheCapability(World world, boolean dialled, boolean old) throws Exception {
        world.play(platform -> {
            JuneStyle style = old ? JuneStyle.JUNE.old() : JuneStyle.JUNE.capabilities(0);
            try (JuneBench bench = JuneBench.open(platform, style, dialled, 1)) {
                assertEquals(GroupKind.PLAIN, bench.group.kind());
                assertFalse(bench.peer.isMux());
                bench.toJune(MIB, 1).join();
                bench.fromJune(MIB, 2).join();
                refusesAnotherLeg(bench);
                bench.toJune(1000, 3).join();
                bench.assertNoViolations();
                bench.closeGroup();
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"REAL,true", "SIMULATED,true", "SIMULATED,false"})
    void keepsOneLegWithAPeerThatCannotRepair(World world, boolean dialled) throws Exception {
        world.play(platform -> {
            JuneStyle style = JuneStyle.JUNE.capabilities(JuneStyle.MUX);
            try (JuneBench bench = JuneBench.open(platform, style, dialled, 1)) {
                bench.toJune(MIB, 1).join();
                bench.fromJune(MIB, 2).join();
                refusesAnotherLeg(bench);
                bench.toJune(1000, 3).join();
                assertEquals(0, bench.june.watch().count("sacks received"));
                bench.assertNoViolations();
            }
        });
    }

    private static void refusesAnotherLeg(JuneBench bench) {
        if (bench.group.isDialled()) {
            Failure no = assertThrows(Failure.class, bench::addLeg);
            assertEquals(Failure.Kind.REFUSED, no.kind(), no.getMessage());
        }
        assertEquals(1, bench.group.legs().size());
    }

    @ParameterizedTest
    @CsvSource({
        "REAL,true,1",
        "REAL,true,2",
        "REAL,true,4",
        "REAL,false,1",
        "REAL,false,2",
        "REAL,false,4",
        "SIMULATED,true,1",
        "SIMULATED,true,2",
        "SIMULATED,true,4",
        "SIMULATED,false,1",
        "SIMULATED,false,2",
        "SIMULATED,false,4"
    })
    void carriesBytesBothWays(World world, boolean dialled, int legs) throws Exception {
        world.play(platform -> {
            try (JuneBench bench = JuneBench.open(platform, JuneStyle.JUNE, dialled, legs)) {
                bench.toJune(MIB, 1).join();
                bench.fromJune(MIB, 2).join();
                JuneBench.Task there = bench.toJune(MIB / 2, 3);
                bench.fromJune(MIB / 2, 4).join();
                there.join();
                bench.assertNoViolations();
                bench.closeGroup();
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"SIMULATED,true,1", "SIMULATED,false,5", "REAL,true,5"})
    void takesBlocksOfPacketsLegByLeg(World world, boolean dialled, int block) throws Exception {
        world.play(platform -> {
            JuneStyle style = JuneStyle.JUNE.block(block).frugal();
            try (JuneBench bench = JuneBench.open(platform, style, dialled, 3)) {
                bench.fromJune(MIB, 1).join();
                bench.eachPeerLeg(leg -> assertTrue(leg.dataSent() > 50, "sent " + leg.dataSent()));
                bench.assertNoViolations();
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
        "REAL,true,ON_PRIMARY",
        "REAL,false,NEVER",
        "SIMULATED,true,ON_LEG",
        "SIMULATED,true,ON_PRIMARY",
        "SIMULATED,true,NEVER",
        "SIMULATED,false,ON_LEG",
        "SIMULATED,false,ON_PRIMARY",
        "SIMULATED,false,NEVER"
    })
    void provesALegToAPeerHoweverItAnnouncesItsOwn(World world, boolean announces, Answer answer) throws Exception {
        world.play(platform -> {
            try (JuneBench bench = JuneBench.open(platform, JuneStyle.JUNE.legs(announces, answer), true, 2)) {
                assertEquals(GroupKind.COMPATIBLE, bench.group.kind());
                assertTrue(bench.peer.legs().get(1).isReady());
                assertTrue(bench.peer.handshakes().size() >= 2, "no Handshake on the leg");
                bench.toJune(200_000, 1).join();
                bench.fromJune(200_000, 2).join();
                bench.assertNoViolations();
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void aLegTheyAddIsReadyAtBothEnds(World world) throws Exception {
        world.play(platform -> {
            try (JuneBench bench = JuneBench.open(platform, JuneStyle.JUNE, false, 2)) {
                assertTrue(bench.peer.legs().get(1).isReady(), "they have heard nothing on the leg");
                bench.fromJune(200_000, 1).join();
                assertTrue(bench.peer.legs().get(1).dataSent() > 0);
                bench.assertNoViolations();
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void aLegThatTheyNeverHearOfIsGivenUp(World world) throws Exception {
        world.play(platform -> {
            try (JuneBench bench = JuneBench.open(platform, JuneStyle.JUNE, true, 1)) {
                int rules = bench.ours.router().table().size();
                bench.june.onLeg(leg -> {
                    leg.incoming().blackHole(true);
                    leg.outgoing().blackHole(true);
                });
                JuneBench.Task there = bench.toJune(MIB, 1);
                assertThrows(Failure.class, bench::addLeg);
                there.join();
                bench.fromJune(MIB, 2).join();
                assertEquals(0, bench.peer.legs().get(1).dataReceived());
                bench.await(
                        "rules of the leg to go",
                        () -> bench.ours.router().table().size() == rules);
                assertEquals(
                        1, bench.group.legs().stream().filter(l -> !isGone(l)).count());
                bench.assertNoViolations();
            }
        });
    }

    /** Nothing gets through on the new leg for now: a Close on it, of any code, would end their whole group. */
    @ParameterizedTest
    @EnumSource(names = "SIMULATED")
    void aLegThatIsGivenUpHereIsNotClosedThere(World world) throws Exception {
        world.play(platform -> {
            try (JuneBench bench = JuneBench.open(platform, JuneStyle.JUNE, true, 1)) {
                bench.june.onLeg(leg -> {
                    leg.outgoing().blackHole(true);
                    leg.incoming().blackHole(true);
                });
                assertThrows(Failure.class, bench::addLeg);
                platform.clock().sleep(Duration.ofSeconds(1));
                assertFalse(bench.peer.isClosed());
                assertFalse(bench.group.isClosed());
                bench.assertNoViolations();
            }
        });
    }

    private static boolean isGone(LegInfo leg) {
        return leg.state() == skywire.route.mux.LegState.DEAD;
    }

    @ParameterizedTest
    @CsvSource({"REAL,true", "REAL,false", "SIMULATED,true", "SIMULATED,false"})
    void answersPingsOnAnyLeg(World world, boolean dialled) throws Exception {
        world.play(platform -> {
            try (JuneBench bench = JuneBench.open(platform, JuneStyle.JUNE, dialled, 3)) {
                for (int leg = 0; leg < 3; leg++) {
                    bench.peer.ping(leg, bench.soon());
                }
                assertTrue(bench.group.ping(bench.soon()).isPositive());
                bench.peer.keepAlive();
                bench.peer.ping(0, bench.soon());
                bench.assertNoViolations();
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"REAL,true", "REAL,false", "SIMULATED,true", "SIMULATED,false"})
    void ourCloseIsUnderstoodWithItsReason(World world, boolean dialled) throws Exception {
        world.play(platform -> {
            try (JuneBench bench = JuneBench.open(platform, JuneStyle.JUNE, dialled, 3)) {
                bench.group.close("enough for today");
                assertEquals(-1, bench.peer.read(new byte[1], bench.soon()));
                assertEquals(Optional.of("enough for today"), bench.peer.errorText());
                bench.closeGroup();
                bench.assertNoViolations();
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"REAL,true", "REAL,false", "SIMULATED,true", "SIMULATED,false"})
    void theirCloseIsAnOrderlyEndAfterTheirData(World world, boolean dialled) throws Exception {
        world.play(platform -> {
            try (JuneBench bench = JuneBench.open(platform, JuneStyle.JUNE, dialled, 1)) {
                byte[] last = JuneBench.bytes(50_000, 1);
                bench.peer.write(last, bench.soon());
                bench.peer.close();
                byte[] got = new byte[last.length];
                bench.group.readFully(got, 0, got.length, bench.soon());
                assertArrayEquals(last, got);
                assertEquals(-1, bench.group.read(got, 0, 1, bench.soon()));
                bench.peer.awaitClosedBack();
                bench.closeGroup();
                bench.assertNoViolations();
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"REAL,true", "REAL,false", "SIMULATED,true", "SIMULATED,false"})
    void aRemovedLegIsNotSpokenOfAndStillListenedTo(World world, boolean dialled) throws Exception {
        world.play(platform -> {
            try (JuneBench bench = JuneBench.open(platform, JuneStyle.JUNE, dialled, 3)) {
                bench.toJune(200_000, 1).join();
                UUID second = bench.group.legs().stream()
                        .filter(l -> !l.primary())
                        .findFirst()
                        .orElseThrow()
                        .id();
                bench.group.removeLeg(second);
                bench.toJune(400_000, 2).join();
                bench.fromJune(400_000, 3).join(); // nobody told them: they go on sending on it
                assertFalse(bench.peer.isClosed());
                bench.assertNoViolations();
                bench.closeGroup();
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"SIMULATED,true", "SIMULATED,false"})
    void anIdleGroupKeepsItsLegs(World world, boolean dialled) throws Exception {
        world.play(platform -> {
            try (JuneBench bench = JuneBench.open(platform, JuneStyle.JUNE, dialled, 3)) {
                bench.toJune(50_000, 1).join();
                platform.clock().sleep(Duration.ofMinutes(5));
                bench.awaitLegs(3); // pings are answered, all on index 0
                bench.toJune(200_000, 2).join();
                bench.fromJune(200_000, 3).join();
                bench.assertNoViolations();
            }
        });
    }
}
