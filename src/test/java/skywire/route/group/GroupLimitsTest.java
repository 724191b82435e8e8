package skywire.route.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.limit.Quota;
import skywire.packet.RouteDescriptor;
import skywire.packet.Rule;
import skywire.platform.Failure;
import skywire.route.EdgeRules;
import skywire.route.RuleTable;
import skywire.sim.Simulation;

/** A setup node that makes more routes than a visor takes, and a visor that uses more ports than there are. */
class GroupLimitsTest {
    private static final PublicKey SELF = key("self").publicKey();
    private static final PublicKey SETUP = key("setup").publicKey();
    private static final PublicKey PEER = key("peer").publicKey();
    private static final Duration KEEP_ALIVE = Duration.ofMinutes(5);

    private static SecretKey key(String name) {
        return SecretKey.fromSeed(name.getBytes(StandardCharsets.UTF_8));
    }

    private static EdgeRules rules(RuleTable table, int port) throws Failure {
        List<Long> ids = table.reserve(SETUP, 2);
        var there = new RouteDescriptor(SELF, PEER, 3, port);
        return EdgeRules.of(
                there.inverted(),
                new Rule.Forward(KEEP_ALIVE, ids.get(0), there, 17, new UUID(7, 7)),
                new Rule.Consume(KEEP_ALIVE, ids.get(1), there.inverted()));
    }

    @Test
    void groupsBeyondTheLimitAreRefusedAndLeaveNothing() {
        Simulation.run(1, sim -> {
            var table = new RuleTable(sim.clock(), sim.random(), SELF);
            try (var groups = new GroupSet(sim, key("self"), table, id -> Optional.empty(), new Quota(1L << 30))) {
                for (int i = 1; i <= GroupSet.MOST_GROUPS; i++) {
                    groups.introduce(SETUP, rules(table, i));
                    sim.sleep(Duration.ofMillis(10)); // ids are given out at a limited rate
                }
                assertEquals(2 * GroupSet.MOST_GROUPS, table.size());
                EdgeRules oneMore = rules(table, 40_000);
                Failure refused = assertThrows(Failure.class, () -> groups.introduce(SETUP, oneMore));
                assertEquals(Failure.Kind.LIMIT, refused.kind());
                assertEquals(2 * GroupSet.MOST_GROUPS, table.size());
                sim.sleep(GroupHandshake.RESPONDER_LIMIT.plusSeconds(1)); // nobody shook hands
                assertEquals(0, groups.settingUp());
                assertEquals(0, table.size());
                groups.introduce(SETUP, oneMore);
                assertEquals(1, groups.settingUp());
            }
        });
    }

    @Test
    void allPortsCanBeUsedOnceAndComeBack() throws Failure {
        var ports = new Ports();
        List<Integer> taken = new ArrayList<>();
        for (int i = Ports.FIRST; i <= 65535; i++) {
            taken.add(ports.take());
        }
        assertEquals(taken.size(), taken.stream().distinct().count());
        assertEquals(
                Failure.Kind.LIMIT, assertThrows(Failure.class, ports::take).kind());
        ports.free(taken.get(77));
        assertEquals(taken.get(77), ports.take());
        taken.forEach(ports::free);
        assertEquals(0, ports.inUse());
        assertTrue(ports.take() >= Ports.FIRST);
    }
}
