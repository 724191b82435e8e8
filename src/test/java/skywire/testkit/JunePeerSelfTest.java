package skywire.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import skywire.link.KeyedListener;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;
import skywire.route.group.RouteGroup;
import skywire.testkit.RouteNet.Node;

/** The script itself: two peers of June 2026 against each other, with the defects they are known for. */
class JunePeerSelfTest {
    private static final int PORT = 3;
    private static final int LOCAL = 50_000;

    /** Two scripted visors with a group over these legs. */
    private record Pair(
            Platform platform, JuneNet net, JunePeer a, JunePeer b, JuneGroup dialled, JuneGroup accepted, int legs)
            implements AutoCloseable {
        static Pair open(Platform platform, JuneStyle style, int legs) throws Exception {
            return open(platform, style, legs, g -> {});
        }

        static Pair open(Platform platform, JuneStyle style, int legs, Tuning first) throws Exception {
            var net = new JuneNet(platform);
            JunePeer a = net.june("a", style);
            JunePeer b = net.june("b", style);
            List<List<Node>> paths = net.paths(a.node(), b.node(), legs, true);
            JuneNet.Laid laid = net.lay(paths.getFirst(), LOCAL, PORT);
            JuneGroup dialled = a.initiate(laid.descriptor(), laid.june(), soon(platform));
            JuneGroup accepted = b.accept(soon(platform));
            for (List<Node> path : paths.subList(1, legs)) {
                a.addLeg(dialled, net.lay(path, LOCAL, PORT).june());
            }
            first.tune(dialled);
            return new Pair(platform, net, a, b, dialled, accepted, legs);
        }

        /**
         * All legs carry data both ways only once both ends have heard of each other on each. An announcement that comes
         * before the dialler has its rules is lost; data makes up for it.
         */
        void awaitLegs() throws IOException {
            Deadline limit = soon(platform);
            for (JuneGroup group : List.of(dialled, accepted)) {
                while (group.legs().size() < legs || !group.legs().stream().allMatch(JuneLeg::isReady)) {
                    limit.check("legs");
                    converse(1, 20_000);
                }
            }
        }

        /** A conversation in which neither side gets far ahead of the other: these peers have no window. */
        void converse(int rounds, int bytes) throws IOException {
            for (int i = 0; i < rounds; i++) {
                pass(dialled, accepted, bytes, i);
                pass(accepted, dialled, bytes, -i - 1);
            }
        }

        void pass(JuneGroup from, JuneGroup to, int n, long seed) throws IOException {
            byte[] sent = bytes(n, seed);
            from.write(sent, soon(platform));
            byte[] got = new byte[n];
            to.readFully(got, soon(platform));
            assertArrayEquals(sent, got);
        }

        void assertNoViolations() {
            assertEquals(List.of(), a.watch().violations());
            assertEquals(List.of(), b.watch().violations());
        }

        @Override
        public void close() {
            net.close();
        }
    }

    private interface Tuning {
        void tune(JuneGroup dialled) throws IOException;
    }

    private static Deadline soon(Platform platform) {
        return platform.clock().in(Duration.ofSeconds(20));
    }

    private static byte[] bytes(int n, long seed) {
        byte[] bytes = new byte[n];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @CsvSource({"REAL,1,1", "REAL,2,1", "REAL,4,1", "SIMULATED,1,1", "SIMULATED,2,1", "SIMULATED,4,1", "SIMULATED,4,5"})
    void carriesBytesBothWaysOverLegs(World world, int legs, int block) throws Exception {
        world.play(platform -> {
            try (Pair pair = Pair.open(platform, JuneStyle.JUNE.block(block), legs)) {
                pair.awaitLegs();
                pair.converse(10, 60_000);
                for (JuneGroup group : List.of(pair.dialled, pair.accepted)) {
                    assertTrue(group.isMux());
                    group.legs().forEach(leg -> assertTrue(leg.dataSent() >= 10, "a leg that sent " + leg.dataSent()));
                }
                pair.assertNoViolations();
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"REAL,1", "REAL,2", "SIMULATED,1", "SIMULATED,2", "SIMULATED,4"})
    void repairsWhatWasLostBeforeOtherData(World world, int legs) throws Exception {
        world.play(platform -> {
            try (Pair pair = Pair.open(platform, JuneStyle.JUNE, legs)) {
                pair.awaitLegs();
                for (JuneGroup group : List.of(pair.dialled, pair.accepted)) {
                    group.legs().forEach(leg -> {
                        int sent = leg.outgoing().data();
                        leg.outgoing().lose(sent + 2, sent + 3);
                        leg.outgoing().repeat(sent + 1, sent + 4);
                    });
                }
                pair.converse(2, 200_000);
                assertTrue(pair.a.watch().count("resent") >= 2 * legs, pair.a.watch()::toString);
                assertTrue(pair.b.watch().count("resent") >= 2 * legs, pair.b.watch()::toString);
                pair.assertNoViolations();
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = "SIMULATED")
    void neverRepairsTheLastPacket(World world) throws Exception {
        world.play(platform -> {
            try (Pair pair = Pair.open(platform, JuneStyle.JUNE, 1)) {
                JuneLeg leg = pair.dialled.legs().getFirst();
                leg.outgoing().lose(leg.outgoing().data() + 1);
                pair.dialled.write(new byte[10], soon(platform));
                Failure end = assertThrows(
                        Failure.class,
                        () -> pair.accepted.read(new byte[10], platform.clock().in(Duration.ofMinutes(5))));
                assertEquals(Failure.Kind.TIMEOUT, end.kind());
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = "SIMULATED")
    void flushesPastAGapAndBreaksItsStream(World world) throws Exception {
        world.play(platform -> {
            try (Pair pair = Pair.open(platform, JuneStyle.JUNE, 2)) {
                pair.awaitLegs();
                pair.accepted.legs().get(1).incoming().hold();
                pair.dialled.write(bytes(200 * 4070, 1), soon(platform));
                assertThrows(IOException.class, () -> pair.accepted.readFully(new byte[200 * 4070], soon(platform)));
                assertTrue(
                        pair.b.watch().violations().stream().anyMatch(v -> v.startsWith("flushed past a gap")),
                        pair.b.watch()::toString);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = "SIMULATED")
    void keepsNoMoreThan128PacketsForSendingAgain(World world) throws Exception {
        world.play(platform -> {
            try (Pair pair = Pair.open(platform, JuneStyle.JUNE, 1)) {
                pair.pass(pair.dialled, pair.accepted, 200 * 4070, 1);
                assertEquals(JuneSender.BUFFER, pair.dialled.kept()); // in order: there was no SACK
                assertEquals(201 - JuneSender.BUFFER, pair.a.watch().count("unstored"));
                JuneLeg leg = pair.dialled.legs().getFirst();
                leg.outgoing().lose(leg.outgoing().data() + 1);
                pair.dialled.write(bytes(20 * 4070, 2), soon(platform));
                assertThrows(Failure.class, () -> pair.accepted.readFully(new byte[20 * 4070], soon(platform)));
            }
        });
    }

    @Test
    void theSackStateBeginsAsIfSequenceNumber0HadArrived() {
        var watch = new JuneWatch();
        var receiver = new JuneReceiver(watch);
        assertEquals(List.of(), receiver.receive(1, new byte[1]));
        assertTrue(receiver.sackDue());
        assertEquals(1, receiver.last());
        assertEquals(0, receiver.bitmap());
        receiver.receive(3, new byte[1]);
        assertEquals(1, receiver.last());
        assertEquals(2, receiver.bitmap());
        assertEquals(2, receiver.receive(0, new byte[1]).size());
        assertFalse(receiver.sackDue());
        assertEquals(List.of(), receiver.receive(0, new byte[1]));
        assertFalse(receiver.sackDue());
        assertEquals(List.of(), watch.violations());
    }

    @Test
    void bearsSixtyThreePacketsOutOfOrderAndNotOneMore() {
        var watch = new JuneWatch();
        var receiver = new JuneReceiver(watch);
        for (int seq = 1; seq < JuneReceiver.REORDER; seq++) {
            receiver.receive(seq, new byte[1]);
        }
        assertEquals(List.of(), watch.violations());
        assertEquals(63, watch.most("reordered"));
        assertEquals(64, receiver.receive(64, new byte[1]).size());
        assertEquals(1, watch.violations().size());
    }

    @Test
    void sendsAgainAtOnceAllOfTheWindowThatIsMissing() {
        var watch = new JuneWatch();
        var sender = new JuneSender(watch, JuneStyle.JUNE);
        var frugal = new JuneSender(watch, JuneStyle.JUNE.frugal());
        for (int i = 0; i < 80; i++) {
            sender.number(new byte[1]);
            frugal.number(new byte[1]);
        }
        var missing = new ArrayList<Long>();
        sender.acknowledged(9, 0b101).forEach(n -> missing.add(n.seq()));
        assertEquals(62, missing.size());
        assertEquals(11, missing.get(0));
        assertEquals(13, missing.get(1));
        assertEquals(73, missing.getLast());
        assertEquals(68, sender.kept());
        assertEquals(11, frugal.acknowledged(9, 0b101).getFirst().seq());
        assertEquals(1, frugal.acknowledged(9, 0b101).size());
        assertEquals(List.of(), watch.violations());
        sender.acknowledged(80, 0);
        assertEquals(1, watch.violations().size());
    }

    @ParameterizedTest
    @EnumSource
    void answersPingsOfEveryLegAndClosesBothEnds(World world) throws Exception {
        world.play(platform -> {
            try (Pair pair = Pair.open(platform, JuneStyle.JUNE, 3)) {
                pair.awaitLegs();
                for (int leg = 0; leg < 3; leg++) {
                    pair.dialled.ping(leg, soon(platform));
                    pair.accepted.ping(leg, soon(platform));
                }
                pair.dialled.keepAlive();
                pair.accepted.close();
                assertEquals(-1, pair.dialled.read(new byte[1], soon(platform)));
                pair.accepted.awaitClosedBack();
                assertTrue(pair.dialled.isClosed());
                pair.assertNoViolations();
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void aLegWithoutAnnouncementIsReadyOnceDataComes(World world) throws Exception {
        world.play(platform -> {
            JuneStyle quiet = JuneStyle.JUNE.legs(false, JuneStyle.Answer.NEVER);
            try (Pair pair = Pair.open(platform, quiet, 2)) {
                JuneGroup first = pair.dialled;
                JuneGroup second = pair.accepted;
                assertFalse(first.legs().get(1).isReady()); // the other end said nothing
                pair.pass(first, second, 20_000, 1);
                assertEquals(0, first.legs().get(1).dataSent());
                Deadline limit = soon(platform);
                while (!second.legs().get(1).isReady()) { // the announcement of the dialler is on its way
                    limit.check("announcement");
                    platform.clock().sleep(Duration.ofMillis(1));
                }
                pair.pass(second, first, 50_000, 1);
                assertTrue(first.legs().get(1).isReady());
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void aLegWhoseTransportEndsIsLeftOut(World world) throws Exception {
        world.play(platform -> {
            try (Pair pair = Pair.open(platform, JuneStyle.JUNE, 3)) {
                pair.awaitLegs();
                for (JuneGroup group : List.of(pair.dialled, pair.accepted)) {
                    group.legs().get(2).incoming().relaysAreSilent();
                }
                pair.converse(2, 60_000);
                pair.a.transports().remove(pair.dialled.legs().get(2).transport());
                pair.converse(2, 60_000);
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"REAL,true", "REAL,false", "SIMULATED,true", "SIMULATED,false"})
    void isAPlainPeerToThoseThatDoNotOfferMore(World world, boolean old) throws Exception {
        world.play(platform -> {
            try (var net = new JuneNet(platform)) {
                Node ours = net.ours("ours");
                JunePeer june = net.june("june", old ? JuneStyle.JUNE.old() : JuneStyle.JUNE);
                List<Node> path = net.paths(ours, june.node(), 1, false).getFirst();
                int local = ours.router().groups().ports().take();
                RouteGroup group = ours.router()
                        .groups()
                        .initiate(RouteNet.SETUP, net.lay(path, local, PORT).edge(), soon(platform));
                talk(platform, group, june.accept(soon(platform)));
                try (KeyedListener listener = ours.router().groups().listen(PORT)) {
                    JuneNet.Laid laid = net.lay(path.reversed(), LOCAL, PORT);
                    JuneGroup dialled = june.initiate(laid.descriptor(), laid.june(), soon(platform));
                    talk(platform, (RouteGroup) listener.accept(), dialled);
                }
                assertEquals(List.of(), june.watch().violations());
            }
        });
    }

    private static void talk(Platform platform, RouteGroup ours, JuneGroup june) throws IOException {
        byte[] question = bytes(100_000, 1);
        ours.write(question, soon(platform));
        byte[] got = new byte[question.length];
        june.readFully(got, soon(platform));
        assertArrayEquals(question, got);
        june.write(question, soon(platform));
        ours.readFully(got, 0, got.length, soon(platform));
        assertArrayEquals(question, got);
        ours.ping(soon(platform));
        june.ping(0, soon(platform));
        ours.close();
        assertEquals(-1, june.read(got, soon(platform)));
    }
}
