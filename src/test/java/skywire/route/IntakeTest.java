package skywire.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.packet.Close;
import skywire.packet.Data;
import skywire.packet.ErrorText;
import skywire.packet.KeepAlive;
import skywire.packet.Packet;
import skywire.packet.RouteDescriptor;
import skywire.packet.Rule;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.transport.NextHop;

/** A relay, and an end, between neighbours that only take notes. */
class IntakeTest {
    private static final PublicKey SELF = key("self");
    private static final PublicKey SETUP = key("setup");
    private static final Duration TIME = Duration.ofSeconds(30);

    private final HandClock clock = new HandClock();
    private final RuleTable table = new RuleTable(clock, new SecureRandom(), SELF);
    private final Map<UUID, Neighbour> neighbours = new LinkedHashMap<>();
    private final Forwarder forwarder =
            new Forwarder(clock, SELF, table, id -> Optional.ofNullable(neighbours.get(id)));
    private final Intake intake = new Intake(clock, table, forwarder);
    private final RuleInstaller installer =
            new RuleInstaller(SELF, table, neighbours::containsKey, (owner, rules) -> {}, entry -> {});
    private final Neighbour a = new Neighbour("a");
    private final Neighbour b = new Neighbour("b");
    private final Neighbour c = new Neighbour("c");

    private static PublicKey key(String seed) {
        return SecretKey.fromSeed(seed.getBytes(StandardCharsets.UTF_8)).publicKey();
    }

    private final class Neighbour implements NextHop {
        final UUID id;
        final PublicKey key;
        final List<Packet> got = new ArrayList<>();
        boolean full;
        Runnable answer = () -> {}; // to a Close

        Neighbour(String name) {
            id = new UUID(1, name.charAt(0));
            key = key(name);
            neighbours.put(id, this);
        }

        @Override
        public UUID id() {
            return id;
        }

        @Override
        public PublicKey remoteKey() {
            return key;
        }

        @Override
        public void write(Packet packet, Deadline deadline) {
            got.add(packet);
        }

        @Override
        public boolean relay(Packet packet) {
            return !full && got.add(packet);
        }

        @Override
        public boolean offer(Packet packet) {
            got.add(packet);
            if (packet instanceof Close) {
                answer.run();
            }
            return true;
        }

        /** The Error and the Close it got last for that route; the text of the Error. */
        String told(long route) {
            List<Packet> last =
                    got.stream().filter(p -> p.routeId() == route).toList().reversed();
            assertEquals(Close.class, last.get(0).getClass());
            return ((ErrorText) last.get(1)).message();
        }
    }

    /** The two rules of a route between neighbours. */
    private record Relay(long there, long back, long next, long previous) {}

    private Relay relay(Neighbour from, Neighbour to, int n) throws Failure {
        List<Long> ids = installer.reserve(SETUP, 2);
        var relay = new Relay(ids.get(0), ids.get(1), 1000 + n, 2000 + n);
        installer.addIntermediary(
                SETUP,
                List.of(
                        new Rule.Intermediary(TIME, relay.there, relay.next, to.id),
                        new Rule.Intermediary(TIME, relay.back, relay.previous, from.id)));
        return relay;
    }

    private static Packet data(long route, int n) {
        return new Data(route, new byte[] {(byte) n});
    }

    @Test
    void forwardsWhatComesByTheTransportOfTheFirstPacketOnly() throws Failure {
        Relay route = relay(a, b, 1);
        intake.packet(a, data(route.there, 7));
        intake.packet(c, data(route.there, 8));
        assertEquals(1, b.got.size());
        assertEquals(data(route.next, 7), b.got.getFirst());
        assertEquals(1, intake.refusedPackets());
        intake.packet(b, data(route.back, 9));
        assertEquals(data(route.previous, 9), a.got.getFirst());
    }

    @Test
    void theAnswerOfOneEndDoesNotOvertakeWhatTheOtherIsTold() throws Failure {
        Relay route = relay(a, b, 1);
        intake.packet(a, data(route.there, 7));
        intake.packet(b, data(route.back, 8));
        a.answer = () -> intake.packet(a, Close.of(route.there, Close.REQUESTED));
        b.answer = () -> intake.packet(b, Close.of(route.back, Close.REQUESTED));
        forwarder.leave();
        for (String text : List.of(a.told(route.previous), b.told(route.next))) {
            assertTrue(text.contains(SELF.hex() + ": shutting down"), text);
        }
    }

    @Test
    void aTransportThatEndsIsToldAlongEveryRuleThatCameInByIt() throws Failure {
        var byA = new ArrayList<Relay>();
        for (int n = 0; n < 5; n++) {
            byA.add(relay(a, n % 2 == 0 ? b : c, n));
            intake.packet(a, data(byA.get(n).there, n));
        }
        Relay other = relay(c, b, 100);
        intake.packet(c, data(other.there, 1));
        neighbours.remove(a.id);
        intake.ended(a, Failure.timeout("pings"));
        for (int n = 0; n < 5; n++) {
            String text = (n % 2 == 0 ? b : c).told(byA.get(n).next);
            assertTrue(text.contains(SELF.hex()), text);
            assertTrue(text.contains(a.id.toString()), text);
            assertTrue(text.contains(a.key.hex()), text);
            assertTrue(text.contains("pings timed out"), text);
        }
        assertEquals(2, table.size(), "the other route stays");
        assertEquals(
                2,
                b.got.stream()
                        .filter(p -> p.routeId() == byA.get(0).next && !(p instanceof Data))
                        .count());
    }

    /** No packet has come back yet, so that the way back is bound to no transport. */
    @Test
    void theSourceIsToldThoughNothingHasComeBackYet() throws Failure {
        Relay route = relay(a, b, 1);
        intake.packet(a, data(route.there, 1));
        neighbours.remove(b.id);
        intake.ended(b, Failure.closedThere("transport"));
        assertTrue(a.told(route.previous).contains(b.key.hex()));
        assertEquals(0, table.size());
    }

    @Test
    void aDroppedPacketBreaksItsRouteOnly() throws Failure {
        Relay bad = relay(a, b, 1);
        Relay good = relay(a, b, 2);
        b.full = true;
        intake.packet(a, data(bad.there, 1));
        b.full = false;
        assertTrue(a.told(bad.previous).contains("takes too little"));
        assertTrue(b.told(bad.next).contains("takes too little"));
        assertEquals(2, table.size());
        intake.packet(a, data(good.there, 1));
        assertEquals(1, forwarder.droppedPackets());
        assertEquals(1, forwarder.forwardedPackets());
    }

    @Test
    void aNeighbourThatStallsBreaksTheRoutesOfOthersButNotOurOwn() throws Failure {
        var end = new End();
        edge(end, b);
        Relay route = relay(a, b, 1);
        intake.packet(a, data(route.there, 1));
        intake.stalled(b);
        assertTrue(a.told(route.previous).contains("takes no packets"));
        assertEquals(2, table.size());
        assertEquals(List.of(), end.gone);
        intake.ended(b, Failure.timeout("write"));
        assertEquals(Failure.Kind.UNREACHABLE, end.gone.getFirst().kind());
    }

    /** A ping route leads over us back to its source; so do the two halves of a loop. */
    @Test
    void aRouteThatTurnsBackGetsWhatPingsNeedAndNoMore() throws Failure {
        Relay ping = relay(a, a, 1);
        Relay good = relay(a, b, 2);
        for (int n = 0; n < Forwarder.TURNS_AT_ONCE; n++) {
            intake.packet(a, data(ping.there, n));
        }
        assertEquals(Forwarder.TURNS_AT_ONCE, a.got.size());
        assertEquals(4, table.size());
        intake.packet(a, data(ping.there, 0));
        assertTrue(a.told(ping.next).contains("goes back"));
        assertEquals(1, forwarder.turnedPackets());
        assertEquals(2, table.size(), "the other route stays");
        intake.packet(a, data(good.there, 7));
        assertEquals(1, b.got.size());
    }

    @Test
    void aRouteThatTurnsBackSlowlyEndsAsWell() throws Failure {
        Relay ping = relay(a, a, 1);
        for (int n = 0; n < Forwarder.MOST_TURNS; n++) {
            clock.pass(Duration.ofMillis(100));
            intake.packet(a, data(ping.there, n));
        }
        assertEquals(Forwarder.MOST_TURNS, a.got.size());
        intake.packet(a, data(ping.there, 0));
        assertEquals(0, table.size());
    }

    private static final class End implements RouteEnd {
        final List<Packet> got = new ArrayList<>();
        final List<Failure> gone = new ArrayList<>();

        @Override
        public void packet(Packet packet) {
            got.add(packet);
        }

        @Override
        public void gone(Failure why) {
            gone.add(why);
        }
    }

    private EdgeRules rules(Neighbour to) throws Failure {
        List<Long> ids = table.reserve(SETUP, 2);
        var descriptor = new RouteDescriptor(key("peer"), SELF, 1, 2);
        return EdgeRules.of(
                descriptor,
                new Rule.Forward(TIME, ids.get(0), descriptor.inverted(), 77, to.id),
                new Rule.Consume(TIME, ids.get(1), descriptor));
    }

    private EdgeRules edge(End end, Neighbour to) throws Failure {
        EdgeRules rules = rules(to);
        table.installEdge(SETUP, rules, end);
        return rules;
    }

    @Test
    void packetsThatAreEarlyWaitForTheirRuleInOrder() throws Failure {
        var end = new End();
        EdgeRules rules = rules(b);
        long id = rules.consume().keyRouteId();
        for (int n = 0; n < 10; n++) {
            intake.packet(b, data(id, n));
        }
        assertEquals(List.of(), end.got);
        table.installEdge(SETUP, rules, end);
        intake.packet(b, data(id, 10));
        assertEquals(11, end.got.size());
        for (int n = 0; n < 11; n++) {
            assertEquals(data(id, n), end.got.get(n));
        }
        assertEquals(0, intake.refusedPackets());
    }

    /** The rule comes while its first packet is looked up, at whatever moment. */
    @Test
    void aPacketThatComesTogetherWithItsRuleIsNotLost() throws Exception {
        for (int i = 0; i < 3_000; i++) {
            var end = new End();
            EdgeRules rules = rules(b);
            long id = rules.consume().keyRouteId();
            var ready = new CountDownLatch(2);
            Thread setup = Thread.ofPlatform().start(() -> {
                ready.countDown();
                meet(ready);
                try {
                    table.installEdge(SETUP, rules, end);
                } catch (Failure e) {
                    throw new AssertionError(e);
                }
            });
            ready.countDown();
            meet(ready);
            intake.packet(b, data(id, 1));
            setup.join();
            assertEquals(List.of(data(id, 1)), end.got, "round " + i);
            table.delete(SETUP, List.of(id, rules.forward().keyRouteId()));
            clock.pass(Duration.ofSeconds(1)); // for the limit of reservations
        }
    }

    private static void meet(CountDownLatch ready) {
        while (ready.getCount() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void earlyPacketsWaitNotForEverAndNotWithoutBound() throws Failure {
        var end = new End();
        EdgeRules rules = rules(b);
        long id = rules.consume().keyRouteId();
        for (int n = 0; n < 1_000; n++) {
            intake.packet(b, data(id, n));
        }
        table.installEdge(SETUP, rules, end);
        assertEquals(Parking.MOST_PACKETS, end.got.size());

        var late = new End();
        EdgeRules others = rules(b);
        intake.packet(b, data(others.consume().keyRouteId(), 1));
        clock.pass(Parking.LIMIT.plusSeconds(1));
        intake.collect();
        table.installEdge(SETUP, others, late);
        assertEquals(List.of(), late.got);
    }

    @Test
    void packetsForIdsThatNobodyReservedAreRefused() {
        intake.packet(a, data(12_345, 1));
        assertEquals(1, intake.refusedPackets());
    }

    @Test
    void aRuleForSendingTakesNoPacketsAndIsBoundToNothing() throws Failure {
        var end = new End();
        EdgeRules rules = edge(end, b);
        intake.packet(a, data(rules.forward().keyRouteId(), 1));
        intake.packet(a, Close.of(rules.forward().keyRouteId(), Close.REQUESTED));
        assertEquals(2, intake.refusedPackets());
        neighbours.remove(a.id);
        intake.ended(a, Failure.timeout("pings"));
        assertEquals(List.of(), end.gone);
        assertEquals(2, table.size());
    }

    @Test
    void keepAlivesHoldARuleAndReachNoApplication() throws Failure {
        var end = new End();
        EdgeRules rules = edge(end, b);
        for (int n = 0; n < 5; n++) {
            clock.pass(TIME.dividedBy(2));
            intake.packet(b, KeepAlive.of(rules.consume().keyRouteId()));
        }
        assertEquals(List.of(), end.got);
        intake.collect();
        assertTrue(table.get(rules.consume().keyRouteId()).isPresent());
        assertEquals(1, end.gone.size(), "the rule for sending was not used");
    }
}
