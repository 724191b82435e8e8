package skywire.route.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import skywire.packet.Hop;
import skywire.packet.RouteDescriptor;
import skywire.packet.Rule;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.route.EdgeRules;
import skywire.route.RuleEntry;
import skywire.route.RuleInstaller;
import skywire.rpc.RpcFault;
import skywire.sim.SimHost;
import skywire.sim.Simulation;

/** A setup node and several visors in one simulated world. */
class RouteBuilderTest {
    private interface Part {
        void run(SetupWorld world) throws Exception;
    }

    private static Simulation.Report in(long seed, int visors, Part part) {
        return Simulation.run(seed, Simulation.Options.DEFAULT.leaving(), sim -> {
            try (var world = new SetupWorld(sim, visors)) {
                part.run(world);
            }
        });
    }

    /** Follows a packet from the rule of one visor to the consume rule of another. */
    private static List<Rule> follow(SetupWorld world, int from, long id, int step) {
        var passed = new ArrayList<Rule>();
        int at = from;
        while (true) {
            Rule rule = world.node(at).table.get(id).map(RuleEntry::rule).orElseThrow();
            passed.add(rule);
            switch (rule) {
                case Rule.Consume _ -> {
                    return passed;
                }
                case Rule.Forward f -> id = f.nextRouteId();
                case Rule.Intermediary i -> id = i.nextRouteId();
            }
            at += step;
        }
    }

    @Test
    void setsUpAThreeHopRoute() {
        in(1, 4, world -> {
            RouteRequest request = world.request();
            Grant grant = world.client().request(request, Deadline.NEVER);
            EdgeRules mine = grant.rules();
            assertEquals(world.setupKey, grant.setupNode());
            SetupWorld.Node source = world.node(0);
            source.table.install(grant.setupNode(), mine.forward());
            source.table.install(grant.setupNode(), mine.consume());
            List<Rule> there = follow(world, 0, mine.forward().keyRouteId(), 1);
            assertEquals(4, there.size());
            assertEquals(request.descriptor(), ((Rule.Consume) there.getLast()).descriptor());
            EdgeRules far = world.node(3).introduced.getFirst();
            assertEquals(request.descriptor(), far.descriptor());
            List<Rule> back = follow(world, 3, far.forward().keyRouteId(), -1);
            assertEquals(4, back.size());
            assertEquals(mine.consume(), back.getLast());
            assertEquals(
                    List.of(2, 2, 2, 2),
                    world.nodes.values().stream().map(SetupWorld.Node::left).toList());
            assertEquals(1, world.setup.health().built());
        });
    }

    @Test
    void keepsConnectionsForTheNextRequest() {
        in(2, 3, world -> {
            for (int i = 0; i < 5; i++) {
                world.client().request(world.request(), Deadline.NEVER);
            }
            assertEquals(
                    3, world.sim.faults().wiresTo(20_000 + SetupPorts.GATEWAY).size());
            world.sim.sleep(Duration.ofMinutes(3));
            assertEquals(0, world.node(1).gateway.open());
            world.client().request(world.request(), Deadline.NEVER);
        });
    }

    @Test
    void dialsAgainWhenAKeptConnectionHasDied() {
        in(3, 3, world -> {
            world.client().request(world.request(), Deadline.NEVER);
            world.sim.faults().wiresTo(20_000 + SetupPorts.GATEWAY).forEach(wire -> wire.reset());
            world.client().request(world.request(), Deadline.NEVER);
            assertEquals(2, world.setup.health().built());
        });
    }

    @Test
    void takesEverythingBackWhenTheFarEndRefuses() {
        in(4, 4, world -> {
            world.node(3).refuseEdges = true;
            var fault = assertThrows(RpcFault.class, () -> world.client().request(world.request(), Deadline.NEVER));
            assertTrue(fault.getMessage().contains("too many route groups"), fault.getMessage());
            assertEquals(
                    0,
                    world.nodes.values().stream()
                            .mapToInt(SetupWorld.Node::left)
                            .sum());
        });
    }

    @Test
    void refusesRoutesThatDoNotBeginAtTheirCaller() {
        in(5, 3, world -> {
            var other =
                    new SetupClient(world.node(1).host, world.dmsg.dialer(world.keys.get(1)), List.of(world.setupKey));
            assertThrows(RpcFault.class, () -> other.request(world.request(), Deadline.NEVER));
            assertEquals(
                    0,
                    world.nodes.values().stream()
                            .mapToInt(SetupWorld.Node::left)
                            .sum());
        });
    }

    @Test
    void servesOnlyItsSetupNodes() {
        in(6, 2, world -> {
            var stranger = SimDmsg.key("stranger");
            SimHost host = world.dmsg.join(stranger);
            try (var link = world.dmsg
                    .dialer(stranger)
                    .dial(
                            world.keys.getFirst(),
                            SetupPorts.GATEWAY,
                            host.clock().in(Duration.ofSeconds(1)))) {
                var client = new GatewayClient(link);
                assertThrows(
                        IOException.class, () -> client.reserve(2, host.clock().in(Duration.ofSeconds(5))));
            }
            assertEquals(0, world.node(0).left());
            assertEquals(1, world.node(0).gateway.refused());
        });
    }

    @Test
    void oneSetupNodeCannotDeleteTheRulesOfAnother() {
        in(7, 3, world -> {
            world.client().request(world.request(), Deadline.NEVER);
            SetupWorld.Node relay = world.node(1);
            List<Long> ids = relay.table.list().stream().map(RuleEntry::id).toList();
            relay.table.delete(SimDmsg.key("another setup node"), ids);
            assertEquals(2, relay.left());
            relay.table.delete(world.setupKey, ids);
            assertEquals(0, relay.left());
        });
    }

    /** A setup node that turns bad knows the ids of another one's rules, and can do nothing with them. */
    @Test
    void aBadSetupNodeCannotTouchTheRulesOfAnother() {
        in(12, 3, world -> {
            world.client().request(world.request(), Deadline.NEVER);
            SetupWorld.Node relay = world.node(1);
            var bad = SimDmsg.key("bad setup node");
            List<RuleEntry> before = relay.table.list();
            List<Long> ids = before.stream().map(RuleEntry::id).toList();
            long free = relay.table.reserve(world.setupKey, 1).getFirst();
            var gateway = new RouterGateway(
                    relay.host,
                    new RuleInstaller(world.keys.get(1), relay.table, id -> true, (o, r) -> {}, e -> {}),
                    true);
            var pipe = skywire.testkit.Pipe.open(world.sim);
            world.sim.go("gateway", () -> {
                try {
                    gateway.server(bad).serve(pipe.right());
                } catch (IOException e) {
                    world.sim.note("gateway: " + e.getMessage());
                }
            });
            var client = new GatewayClient(new SimDmsg.Keyed(pipe.left(), world.keys.get(1), 1, 1));
            Deadline soon = world.sim.clock().in(Duration.ofSeconds(20));
            client.delete(List.of(ids.get(0), ids.get(1), free), soon);
            Rule.Intermediary old = (Rule.Intermediary) before.getFirst().rule();
            for (long id : List.of(ids.get(0), free, 5L)) {
                var rule = new Rule.Intermediary(Duration.ofHours(1), id, 1, old.nextTransport());
                var fault = assertThrows(RpcFault.class, () -> client.addIntermediary(List.of(rule), soon));
                assertEquals(RpcFault.ADD_RULES, fault.code());
            }
            assertEquals(before, relay.table.list());
            assertTrue(relay.table.isReserved(free));
            client.close();
        });
    }

    /** Told to stop in the midst of a request, it still takes back what it has done. */
    @Test
    void takesBackWhatItHasBegunWhenItIsClosed() {
        for (int millis = 10; millis < 60; millis += 5) {
            int at = millis;
            in(13, 4, world -> {
                world.sim.go("operator", () -> {
                    world.sim.sleep(Duration.ofMillis(at));
                    world.setup.close();
                });
                assertThrows(IOException.class, () -> world.client().request(world.request(), Deadline.NEVER));
                world.sim.sleep(Duration.ofSeconds(1));
                for (SetupWorld.Node node : world.nodes.values()) {
                    assertEquals(0, node.table.size(), "after a close at " + at + " ms");
                }
            });
        }
    }

    /**
     * The link of the one who asked breaks at some moment: nobody will use the route. What is on its way by then cannot
     * be known to be lost, and expires.
     */
    @Test
    void takesTheRouteBackWhenItsAnswerCannotBeSent() {
        var takenBack = new int[1];
        var lostOnItsWay = new int[1];
        for (int millis = 20; millis < 90; millis++) {
            int at = millis;
            in(14, 4, world -> {
                world.sim.go("cutter", () -> {
                    world.sim.sleep(Duration.ofMillis(at));
                    world.sim.faults().wiresTo(20_000 + SetupPorts.SETUP_NODE).forEach(wire -> wire.reset());
                });
                try {
                    world.client().request(world.request(), Deadline.NEVER);
                    return; // it was in time
                } catch (IOException e) {
                    world.sim.note("cut at " + at + " ms: " + e.getMessage());
                }
                world.sim.sleep(Duration.ofSeconds(10));
                int left = world.nodes.values().stream()
                        .mapToInt(SetupWorld.Node::left)
                        .sum();
                if (left > 0) {
                    lostOnItsWay[0]++;
                } else if (world.setup.health().built() > 0) {
                    takenBack[0]++;
                }
            });
        }
        assertTrue(takenBack[0] > 10, takenBack[0] + " times");
        assertTrue(lostOnItsWay[0] <= 6, lostOnItsWay[0] + " times");
    }

    @Test
    void asksAnotherNodeWhenOneIsSilent() {
        in(8, 3, world -> {
            var dead = SimDmsg.key("dead setup node");
            world.dmsg.join(dead).unplug();
            var client = new SetupClient(
                    world.node(0).host, world.dmsg.dialer(world.keys.getFirst()), List.of(dead, world.setupKey));
            for (int i = 0; i < 6; i++) {
                assertEquals(
                        world.setupKey,
                        client.request(world.request(), Deadline.NEVER).setupNode());
            }
            assertTrue(world.sim.elapsed().compareTo(SetupClient.DIAL_LIMIT.multipliedBy(2)) < 0);
            var lost = new SetupClient(world.node(0).host, world.dmsg.dialer(world.keys.getFirst()), List.of(dead));
            var failure = assertThrows(Failure.class, () -> lost.request(world.request(), Deadline.NEVER));
            assertEquals(Failure.Kind.UNREACHABLE, failure.kind());
        });
    }

    /** A route from a visor over a neighbour to itself. */
    @Test
    void setsUpAPingRoute() {
        in(9, 2, world -> {
            var self = world.keys.get(0);
            var other = world.keys.get(1);
            var id = new java.util.UUID(7, 7);
            var hops = List.of(new Hop(id, self, other), new Hop(id, other, self));
            var request =
                    new RouteRequest(new RouteDescriptor(self, self, 49153, 2), Duration.ofSeconds(30), hops, hops);
            Grant grant = world.client().request(request, Deadline.NEVER);
            assertEquals(2, world.node(1).table.size());
            assertEquals(1, world.node(0).introduced.size());
            assertEquals(4, world.node(0).left());
            assertEquals(request.descriptor().inverted(), grant.rules().descriptor());
        });
    }

    /** Every visor of a three-hop route dies at every half millisecond of the setup: nothing is left at the others. */
    @Test
    void leavesNothingBehindWhereverAVisorDies() {
        var took = new long[1];
        in(10, 4, world -> {
            long start = world.sim.elapsed().toNanos();
            world.client().request(world.request(), Deadline.NEVER);
            took[0] = world.sim.elapsed().toNanos() - start;
        });
        int failures = 0;
        for (boolean silently : new boolean[] {false, true}) {
            for (int victim = 0; victim < 4; victim++) {
                for (long at = 0; at < took[0] + 2_000_000; at += 500_000) {
                    failures += dies(victim, at, silently) ? 1 : 0;
                }
            }
        }
        assertTrue(failures > 100, "only " + failures + " set-ups failed");
    }

    private static boolean dies(int victim, long at, boolean silently) {
        var failed = new boolean[1];
        in(10, 4, world -> {
            // somebody else asks, so that the source can die as well
            var node = RouteBuilder.open(world.setupHost(), world.dmsg.dialer(world.setupKey));
            world.sim.go("executioner", () -> {
                world.sim.sleep(Duration.ofNanos(at));
                SimHost host = world.node(victim).host;
                if (silently) {
                    host.unplug();
                } else {
                    host.kill();
                }
            });
            try {
                node.build(world.request(), Deadline.NEVER);
            } catch (IOException e) {
                failed[0] = true;
                assertInstanceOf(Failure.class, e);
                for (int i = 0; i < 4; i++) {
                    int left = i == victim ? 0 : world.node(i).left();
                    assertEquals(0, left, "visor " + i + " after visor " + victim + " died at " + at + ": " + e);
                }
            } finally {
                node.close();
            }
        });
        return failed[0];
    }

    @Test
    void rulesExpireWhenTheSetupNodeDies() {
        in(11, 4, world -> {
            world.sim.go("executioner", () -> {
                world.sim.sleep(Duration.ofMillis(45));
                world.setupHost().kill();
            });
            assertThrows(IOException.class, () -> world.client().request(world.request(), Deadline.NEVER));
            world.sim.sleep(Duration.ofMinutes(3));
            for (SetupWorld.Node node : world.nodes.values()) {
                node.table.collect();
                assertEquals(0, node.left());
            }
        });
    }
}
