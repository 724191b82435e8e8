package skywire.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.packet.RouteDescriptor;
import skywire.packet.Rule;
import skywire.platform.Failure;

/** Two setup nodes do at random what they may and may not; a simple model knows what has to be there afterwards. */
class RuleTableProperties {
    private static final PublicKey SELF = key("self");
    private static final List<PublicKey> OWNERS = List.of(key("one"), key("two"));
    private static final List<UUID> TRANSPORTS = List.of(new UUID(1, 1), new UUID(2, 2), new UUID(3, 3));
    private static final PublicKey PEER = key("peer");
    private static final PublicKey OTHER = key("other");
    private static final int STEPS = 200;

    private static PublicKey key(String seed) {
        return SecretKey.fromSeed(seed.getBytes(StandardCharsets.UTF_8)).publicKey();
    }

    /** A rule as the model has it. */
    private static final class Known {
        final PublicKey owner;
        final Rule rule;
        long usedAt;
        UUID arrivesBy;

        Known(PublicKey owner, Rule rule, long now) {
            this.owner = owner;
            this.rule = rule;
            this.usedAt = now;
        }

        boolean isExpired(long now) {
            return now - usedAt > rule.keepAlive().toNanos();
        }
    }

    private static final class Run {
        final SplittableRandom dice;
        final HandClock clock = new HandClock();
        final RuleTable table = new RuleTable(clock, new SecureRandom(), SELF);
        final List<EdgeRules> edges = new ArrayList<>();
        final RuleInstaller installer = new RuleInstaller(
                SELF,
                table,
                id -> TRANSPORTS.indexOf(id) < 2, // the third one is not there
                (owner, rules) -> {
                    table.installEdge(owner, rules, new NoEnd());
                    edges.add(rules);
                },
                entry -> {});
        final Map<Long, PublicKey> reserved = new TreeMap<>();
        final Map<Long, Long> reservedAt = new HashMap<>();
        final Map<Long, Known> rules = new TreeMap<>();

        Run(long seed) {
            dice = new SplittableRandom(seed);
        }

        <T> T one(List<T> of) {
            return of.get(dice.nextInt(of.size()));
        }

        /** An id: reserved, in use, or made up. */
        long id() {
            List<Long> known = new ArrayList<>(reserved.keySet());
            known.addAll(rules.keySet());
            return known.isEmpty() || dice.nextInt(8) == 0 ? dice.nextInt(4) : one(known);
        }

        Duration keepAlive() {
            return Duration.ofSeconds(one(List.of(0, 1, 5, 30, 4_000)));
        }

        void step() throws Failure {
            switch (dice.nextInt(7)) {
                case 0, 1 -> reserve();
                case 2 -> installRelay();
                case 3 -> installEdge();
                case 4 -> delete();
                case 5 -> arrive();
                default -> time();
            }
        }

        void reserve() throws Failure {
            PublicKey owner = one(OWNERS);
            for (long id : installer.reserve(owner, dice.nextInt(4))) {
                assertTrue(id != 0 && !reserved.containsKey(id) && !rules.containsKey(id), "an id given twice");
                reserved.put(id, owner);
                reservedAt.put(id, clock.nanoTime());
            }
        }

        void installRelay() {
            PublicKey owner = one(OWNERS);
            List<Rule> some = new ArrayList<>();
            boolean good = true;
            var ids = new ArrayList<Long>();
            for (int n = dice.nextInt(3); n >= 0; n--) {
                long id = id();
                long next = dice.nextInt(5) == 0 ? 0 : 77;
                UUID by = one(TRANSPORTS);
                some.add(new Rule.Intermediary(keepAlive(), id, next, by));
                good &= owner.equals(reserved.get(id)) && next != 0 && TRANSPORTS.indexOf(by) < 2 && !ids.contains(id);
                ids.add(id);
            }
            assertEquals(good, succeeds(() -> installer.addIntermediary(owner, some)));
            if (good) {
                some.forEach(rule -> installed(owner, rule));
            }
        }

        void installEdge() throws Failure {
            PublicKey owner = one(OWNERS);
            long in = id();
            long out = id();
            var descriptor = new RouteDescriptor(PEER, dice.nextInt(4) == 0 ? OTHER : SELF, 1, 2);
            UUID by = one(TRANSPORTS);
            if (in == out) {
                return; // not even a bundle
            }
            var rules = EdgeRules.of(
                    descriptor,
                    new Rule.Forward(keepAlive(), out, descriptor.inverted(), 9, by),
                    new Rule.Consume(keepAlive(), in, descriptor));
            boolean good = owner.equals(reserved.get(in))
                    && owner.equals(reserved.get(out))
                    && descriptor.dstKey().equals(SELF)
                    && TRANSPORTS.indexOf(by) < 2;
            assertEquals(good, succeeds(() -> installer.addEdge(owner, rules)));
            if (good) {
                installed(owner, rules.forward());
                installed(owner, rules.consume());
            }
        }

        private void installed(PublicKey owner, Rule rule) {
            reserved.remove(rule.keyRouteId());
            Rule kept = table.get(rule.keyRouteId()).orElseThrow().rule();
            long seconds = kept.keepAlive().toSeconds();
            assertTrue(seconds >= 5 && seconds <= 3600, "keep-alive " + seconds);
            rules.put(rule.keyRouteId(), new Known(owner, kept, clock.nanoTime()));
        }

        void delete() {
            PublicKey owner = one(OWNERS);
            List<Long> ids = List.of(id(), id());
            installer.delete(owner, ids);
            for (long id : ids) {
                reserved.remove(id, owner);
                if (rules.containsKey(id) && rules.get(id).owner.equals(owner)) {
                    rules.remove(id);
                }
            }
        }

        void arrive() {
            long id = id();
            UUID by = one(TRANSPORTS);
            Known known = rules.get(id);
            boolean good = known != null
                    && !known.isExpired(clock.nanoTime())
                    && !(known.rule instanceof Rule.Forward)
                    && (known.arrivesBy == null || known.arrivesBy.equals(by));
            assertEquals(good, succeeds(() -> table.touch(table.arriving(id, by))));
            if (good) {
                known.arrivesBy = by;
                known.usedAt = clock.nanoTime();
            }
        }

        void time() {
            clock.pass(Duration.ofSeconds(dice.nextInt(20)));
            if (dice.nextBoolean()) {
                table.collect();
                long now = clock.nanoTime();
                rules.values().removeIf(known -> known.isExpired(now));
                reserved.keySet().removeIf(id -> now - reservedAt.get(id) > RuleTable.RESERVED_FOR.toNanos());
            }
        }

        void check() {
            assertEquals(reserved.size(), table.reservedIds());
            assertEquals(
                    List.copyOf(rules.keySet()),
                    table.list().stream().map(RuleEntry::id).toList());
            for (RuleEntry entry : table.list()) {
                Known known = rules.get(entry.id());
                assertEquals(known.owner, entry.owner());
                assertEquals(known.rule, entry.rule());
                assertFalse(entry.isRemoved());
            }
        }
    }

    private interface Attempt {
        void run() throws Failure;
    }

    private static boolean succeeds(Attempt attempt) {
        try {
            attempt.run();
            return true;
        } catch (Failure e) {
            return false;
        }
    }

    private static final class NoEnd implements RouteEnd {
        @Override
        public void packet(skywire.packet.Packet packet) {}

        @Override
        public void gone(Failure why) {}
    }

    @Property(tries = 200)
    void isWhatTheModelSays(@ForAll long seed) throws Failure {
        var run = new Run(seed);
        for (int i = 0; i < STEPS; i++) {
            run.step();
            run.check();
        }
    }
}
