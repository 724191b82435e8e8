package skywire.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.packet.RouteDescriptor;
import skywire.packet.Rule;
import skywire.platform.Failure;

class RuleTableTest {
    private static final PublicKey SELF = key("self");
    private static final PublicKey SETUP = key("setup");
    private static final PublicKey OTHER = key("other");
    private static final UUID T1 = new UUID(1, 1);
    private static final UUID T2 = new UUID(2, 2);

    private final HandClock clock = new HandClock();
    private final RuleTable table = new RuleTable(clock, new SecureRandom(), SELF);

    private static PublicKey key(String seed) {
        return SecretKey.fromSeed(seed.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .publicKey();
    }

    private Rule relay(long id, Duration keepAlive) {
        return new Rule.Intermediary(keepAlive, id, 7, T2);
    }

    private Rule installed(Duration keepAlive) throws Failure {
        long id = table.reserve(SETUP, 1).getFirst();
        return table.install(SETUP, relay(id, keepAlive)).rule();
    }

    private static void assertFails(Failure.Kind kind, org.junit.jupiter.api.function.Executable body) {
        assertEquals(kind, assertThrows(Failure.class, body).kind());
    }

    @Test
    void onlyTheOwnerOfAReservedIdInstallsItsRule() throws Failure {
        long id = table.reserve(SETUP, 1).getFirst();
        Rule rule = relay(id, Duration.ofSeconds(30));
        assertFails(Failure.Kind.REFUSED, () -> table.install(OTHER, rule));
        assertFails(Failure.Kind.REFUSED, () -> table.install(SETUP, relay(id + 1, Duration.ofSeconds(30))));
        table.install(SETUP, rule);
        assertFails(Failure.Kind.REFUSED, () -> table.install(SETUP, rule));
        assertEquals(1, table.size());
        assertEquals(0, table.reservedIds());
    }

    @Test
    void theFirstPacketBindsARuleToItsTransport() throws Failure {
        long id = installed(Duration.ofSeconds(30)).keyRouteId();
        table.arriving(id, T1);
        table.arriving(id, T1);
        assertFails(Failure.Kind.UNTRUSTED, () -> table.arriving(id, T2));
        assertEquals(1, table.refusedPackets());
        assertEquals(1, table.arrivingBy(T1).size());
        assertTrue(table.arrivingBy(T2).isEmpty());
    }

    @Test
    void aBoundRuleRefusesOtherTransportsFromTheStart() throws Failure {
        long id = table.reserve(SELF, 1).getFirst();
        table.installBound(SELF, relay(id, Duration.ofSeconds(30)), T1);
        assertFails(Failure.Kind.UNTRUSTED, () -> table.arriving(id, T2));
        table.arriving(id, T1);
    }

    @Test
    void unusedRulesExpireAndUsedOnesStay() throws Failure {
        Rule quiet = installed(Duration.ofSeconds(30));
        Rule busy = installed(Duration.ofSeconds(30));
        clock.pass(Duration.ofSeconds(20));
        table.touch(table.arriving(busy.keyRouteId(), T1));
        clock.pass(Duration.ofSeconds(20));
        assertFails(Failure.Kind.TIMEOUT, () -> table.arriving(quiet.keyRouteId(), T1));
        List<RuleEntry> gone = table.collect();
        assertEquals(1, gone.size());
        assertEquals(quiet, gone.getFirst().rule());
        assertTrue(gone.getFirst().isRemoved());
        assertFails(Failure.Kind.NOT_FOUND, () -> table.arriving(quiet.keyRouteId(), T1));
        table.arriving(busy.keyRouteId(), T1);
    }

    @Test
    void keepAlivesAreMovedIntoTheBounds() throws Failure {
        assertEquals(RuleTable.LEAST_KEEP_ALIVE, installed(Duration.ZERO).keepAlive());
        assertEquals(RuleTable.MOST_KEEP_ALIVE, installed(Duration.ofDays(365)).keepAlive());
        assertEquals(Duration.ofMinutes(10), installed(Duration.ofMinutes(10)).keepAlive());
        assertEquals(2, table.clampedRules());
    }

    @Test
    void reservedIdsBecomeFreeWhenNothingIsInstalled() throws Failure {
        long id = table.reserve(SETUP, 3).getFirst();
        assertTrue(table.isReserved(id));
        clock.pass(RuleTable.RESERVED_FOR.plusSeconds(1));
        table.collect();
        assertFalse(table.isReserved(id));
        assertEquals(0, table.reservedIds());
    }

    @Test
    void anOwnerDeletesOnlyItsOwn() throws Failure {
        long id = installed(Duration.ofSeconds(30)).keyRouteId();
        long free = table.reserve(SETUP, 1).getFirst();
        assertTrue(table.delete(OTHER, List.of(id, free, 99L)).isEmpty());
        assertEquals(1, table.delete(SETUP, List.of(id, free, 99L)).size());
        assertEquals(0, table.size() + table.reservedIds());
    }

    @Test
    void requestsAreLimitedInSizeAndRate() throws Failure {
        assertFails(Failure.Kind.LIMIT, () -> table.reserve(SETUP, RuleTable.MOST_PER_REQUEST + 1));
        assertFails(Failure.Kind.LIMIT, () -> table.reserve(SETUP, -1));
        int taken = 0;
        while (taken + 50 <= RuleTable.BURST) {
            taken += table.reserve(SETUP, 50).size();
        }
        assertFails(Failure.Kind.LIMIT, () -> table.reserve(SETUP, 50));
        assertEquals(50, table.reserve(OTHER, 50).size(), "another owner is not held back");
        clock.pass(Duration.ofSeconds(1));
        assertEquals(50, table.reserve(SETUP, 50).size());
    }

    @Test
    void theTableIsFullAtItsLimit() throws Failure {
        var ids = new ArrayList<Long>();
        while (ids.size() + 50 <= RuleTable.MOST_RULES) {
            ids.addAll(table.reserve(SELF, 50));
        }
        assertFails(Failure.Kind.LIMIT, () -> table.reserve(SELF, 1));
        assertEquals(ids.size(), ids.stream().distinct().count());
        assertFalse(ids.contains(0L));
    }

    @Test
    void aRequestOfRelayRulesIsTakenWholeOrNotAtAll() throws Failure {
        var gone = new ArrayList<RuleEntry>();
        var installer = new RuleInstaller(SELF, table, T2::equals, (owner, rules) -> {}, gone::add);
        List<Long> ids = installer.reserve(SETUP, 2);
        Duration time = Duration.ofSeconds(30);
        Rule good = relay(ids.get(0), time);
        Rule bad = new Rule.Intermediary(time, ids.get(1), 7, T1);
        assertFails(Failure.Kind.NOT_FOUND, () -> installer.addIntermediary(SETUP, List.of(good, bad)));
        assertEquals(0, table.size());
        var descriptor = new RouteDescriptor(OTHER, SELF, 1, 2);
        Rule consume = new Rule.Consume(time, ids.get(1), descriptor);
        assertFails(Failure.Kind.MALFORMED, () -> installer.addIntermediary(SETUP, List.of(consume)));
        Rule second = relay(ids.get(1), time);
        installer.addIntermediary(SETUP, List.of(second));
        installer.delete(SETUP, ids);
        assertEquals(second, gone.getFirst().rule());
    }

    @Test
    void edgeRulesMustBeOursAndFitTogether() throws Failure {
        var taken = new ArrayList<EdgeRules>();
        var installer = new RuleInstaller(SELF, table, T2::equals, (owner, rules) -> taken.add(rules), e -> {});
        Duration time = Duration.ofSeconds(30);
        var mine = new RouteDescriptor(OTHER, SELF, 1, 2);
        var out = new Rule.Forward(time, 5, mine.inverted(), 8, T2);
        var in = new Rule.Consume(time, 6, mine);
        installer.addEdge(SETUP, EdgeRules.of(mine, out, in));
        assertEquals(1, taken.size());
        assertFails(Failure.Kind.MALFORMED, () -> EdgeRules.of(mine, in, out));
        assertFails(Failure.Kind.MALFORMED, () -> EdgeRules.of(mine.inverted(), out, in));
        var theirs = new RouteDescriptor(OTHER, SETUP, 1, 2);
        var foreign = EdgeRules.of(
                theirs, new Rule.Forward(time, 5, theirs.inverted(), 8, T2), new Rule.Consume(time, 6, theirs));
        assertFails(Failure.Kind.MALFORMED, () -> installer.addEdge(SETUP, foreign));
        var nowhere = EdgeRules.of(mine, new Rule.Forward(time, 5, mine.inverted(), 8, T1), in);
        assertFails(Failure.Kind.NOT_FOUND, () -> installer.addEdge(SETUP, nowhere));
        assertEquals(1, taken.size());
    }
}
