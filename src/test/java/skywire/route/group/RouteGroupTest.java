package skywire.route.group;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;
import skywire.route.EdgeRules;
import skywire.sim.SimHost;
import skywire.sim.Simulation;
import skywire.testkit.RouteNet;
import skywire.testkit.RouteNet.Node;
import skywire.testkit.World;

class RouteGroupTest {
    private static Deadline soon(Platform platform) {
        return platform.clock().in(Duration.ofSeconds(20));
    }

    private static byte[] bytes(int n, long seed) {
        byte[] bytes = new byte[n];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    private static void awaitNoRules(Platform platform, List<Node> nodes) throws IOException {
        Deadline limit = soon(platform);
        while (nodes.stream().anyMatch(n -> n.router().table().size() > 0)) {
            limit.check("rules to go");
            platform.clock().sleep(Duration.ofMillis(5));
        }
        for (Node n : nodes) {
            assertTrue(n.router().groups().list().isEmpty());
            assertEquals(0, n.router().groups().settingUp());
        }
    }

    @ParameterizedTest
    @EnumSource
    void carriesBytesBothWaysOverThreeHopsAndLeavesNothingBehind(World world) throws Exception {
        world.play(platform -> {
            try (var net = new RouteNet(platform)) {
                List<Node> line = net.line(4);
                RouteNet.Ends ends = net.open(line, 3);
                assertEquals(line.getFirst().key(), ends.accepted().remoteKey());
                assertEquals(3, ends.dialled().remotePort());
                assertEquals(3, ends.accepted().localPort());
                assertEquals(ends.dialled().localPort(), ends.accepted().remotePort());
                byte[] question = bytes(100_000, 1);
                byte[] answer = bytes(70_000, 2);
                ends.dialled().write(question, soon(platform));
                byte[] got = new byte[question.length];
                ends.accepted().readFully(got, 0, got.length, soon(platform));
                assertArrayEquals(question, got);
                ends.accepted().write(answer, soon(platform));
                ends.accepted().close();
                got = new byte[answer.length];
                ends.dialled().readFully(got, 0, got.length, soon(platform));
                assertArrayEquals(answer, got);
                assertEquals(-1, ends.dialled().read(new byte[1], 0, 1, soon(platform)));
                assertTrue(ends.dialled().isClosed());
                awaitNoRules(platform, line);
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void tellsTheOtherSideWhyItClosed(World world) throws Exception {
        world.play(platform -> {
            try (var net = new RouteNet(platform)) {
                RouteNet.Ends ends = net.open(net.line(3), 3);
                ends.accepted().close("enough for today");
                Failure end = assertThrows(Failure.class, () -> ends.dialled().read(new byte[1], 0, 1, soon(platform)));
                assertEquals(Failure.Kind.CLOSED_THERE, end.kind());
                assertTrue(end.getMessage().contains("enough for today"), end.getMessage());
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void anAbsentApplicationIsNamed(World world) throws Exception {
        world.play(platform -> {
            try (var net = new RouteNet(platform)) {
                List<Node> line = net.line(3);
                EdgeRules rules = net.route(line, 50_000, 3, Duration.ofSeconds(30));
                Failure end = assertThrows(
                        Failure.class,
                        () -> { // told while dialling, or when first read
                            RouteGroup group =
                                    line.getFirst().router().groups().initiate(RouteNet.SETUP, rules, soon(platform));
                            group.read(new byte[1], 0, 1, soon(platform));
                        });
                assertTrue(end.getMessage().contains("no listener on port 3, skysocks offline"), end.getMessage());
                awaitNoRules(platform, line);
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void aRelayThatDiesIsNamedOnBothSides(World world) throws Exception {
        world.play(platform -> {
            try (var net = new RouteNet(platform)) {
                List<Node> line = net.line(5);
                RouteNet.Ends ends = net.open(line, 3);
                ends.dialled().write(new byte[1], soon(platform));
                ends.accepted().readFully(new byte[1], 0, 1, soon(platform));
                Node dead = line.get(2);
                dead.close();
                Failure first =
                        assertThrows(Failure.class, () -> ends.dialled().read(new byte[1], 0, 1, soon(platform)));
                Failure last =
                        assertThrows(Failure.class, () -> ends.accepted().read(new byte[1], 0, 1, soon(platform)));
                for (Failure end : List.of(first, last)) {
                    assertTrue(end.getMessage().contains(dead.key().hex()), end.getMessage());
                }
                awaitNoRules(platform, List.of(line.get(0), line.get(1), line.get(3), line.get(4)));
            }
        });
    }

    @Test
    void aRelayThatIsKilledIsNamedByItsNeighbours() {
        for (long seed = 0; seed < 10; seed++) {
            Simulation.run(seed, sim -> {
                try (var net = new RouteNet(sim)) {
                    var hosts = new ArrayList<SimHost>();
                    var line = new ArrayList<Node>();
                    for (int i = 0; i < 5; i++) {
                        hosts.add(sim.host("10.0.0." + i));
                        line.add(net.add(hosts.get(i), "10.0.0." + i, "visor " + i));
                        if (i > 0) {
                            net.join(line.get(i - 1), line.get(i));
                        }
                    }
                    RouteNet.Ends ends = net.open(line, 3);
                    hosts.get(2).kill();
                    String dead = "to " + line.get(2).key().hex();
                    Failure first =
                            assertThrows(Failure.class, () -> ends.dialled().read(new byte[1], 0, 1, soon(sim)));
                    Failure last =
                            assertThrows(Failure.class, () -> ends.accepted().read(new byte[1], 0, 1, soon(sim)));
                    assertTrue(
                            first.getMessage()
                                    .contains("visor " + line.get(1).key().hex()),
                            first.getMessage());
                    assertTrue(
                            last.getMessage()
                                    .contains("visor " + line.get(3).key().hex()),
                            last.getMessage());
                    assertTrue(first.getMessage().contains(dead), first.getMessage());
                    assertTrue(last.getMessage().contains(dead), last.getMessage());
                    line.remove(2);
                    awaitNoRules(sim, line);
                    net.forget("visor 2");
                }
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void measuresTheTimeThereAndBack(World world) throws Exception {
        world.play(platform -> {
            try (var net = new RouteNet(platform)) {
                RouteNet.Ends ends = net.open(net.line(3), 3);
                Duration time = ends.dialled().ping(soon(platform));
                assertTrue(time.isPositive());
                assertEquals(time, ends.dialled().roundTrip());
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = "SIMULATED")
    void keepAlivesHoldAnIdleRouteAndItsEndFreesTheRules(World world) throws Exception {
        world.play(platform -> {
            try (var net = new RouteNet(platform)) {
                List<Node> line = net.line(3);
                RouteNet.Ends ends = net.open(line, 3);
                platform.clock().sleep(Duration.ofMinutes(10));
                ends.dialled().write(new byte[] {7}, soon(platform));
                byte[] got = new byte[1];
                ends.accepted().readFully(got, 0, 1, soon(platform));
                assertEquals(7, got[0]);
                line.getFirst().close();
                platform.clock().sleep(Duration.ofMinutes(1));
                awaitNoRules(platform, line);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = "SIMULATED")
    void aPeerThatNeverShakesHandsIsGivenUp(World world) throws Exception {
        world.play(platform -> {
            try (var net = new RouteNet(platform)) {
                List<Node> line = net.line(3);
                net.route(line, 50_000, 3, Duration.ofMinutes(5)); // nobody initiates
                assertEquals(1, line.getLast().router().groups().settingUp());
                platform.clock().sleep(GroupHandshake.RESPONDER_LIMIT.plusSeconds(1));
                assertEquals(0, line.getLast().router().groups().settingUp());
                assertEquals(0, line.getLast().router().table().size());
            }
        });
    }
}
