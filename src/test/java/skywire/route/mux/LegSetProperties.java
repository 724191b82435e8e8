package skywire.route.mux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.Failure;

/** Legs come, go, fall and rise at random; a simple model knows which there are and which may be sent on. */
class LegSetProperties {
    private static final PublicKey NEIGHBOUR =
            SecretKey.fromSeed(new byte[] {1}).publicKey();
    private static final int MOST = 8;
    private static final int STEPS = 200;

    /** A leg as the model has it. */
    private static final class Known {
        final Leg leg;
        boolean proven;
        boolean parked;
        boolean rests;
        boolean retired;
        boolean active; // as it was seen last
        long received;

        Known(Leg leg) {
            this.leg = leg;
        }

        boolean isUsable() {
            return proven && !retired;
        }

        /** Wanted on the way, and not only because there is no other. */
        boolean isWilling() {
            return isUsable() && !parked && !rests;
        }
    }

    private static final class Run {
        final SplittableRandom dice;
        final LegSet set = new LegSet(MOST);
        final List<Known> legs = new ArrayList<>(); // the primary first
        int width = 1;
        int numbers;
        long now = 1;
        long changes;

        Run(long seed) {
            dice = new SplittableRandom(seed);
        }

        void step() {
            now += dice.nextLong(Duration.ofSeconds(5).toNanos());
            int what = dice.nextInt(12);
            if (what < 2) {
                add();
            } else if (what == 2) {
                width = Math.clamp(dice.nextInt(12) - 1, 1, MOST);
                change(() -> set.width(width));
            } else if (!legs.isEmpty()) {
                step(what, legs.get(dice.nextInt(legs.size())));
            }
        }

        private void step(int what, Known known) {
            switch (what) {
                case 3 -> remove(known);
                case 4 -> die(known);
                case 5 -> {
                    known.parked = true;
                    change(() -> set.park(known.leg, "test", now));
                }
                case 6, 7 -> {
                    known.parked = false;
                    change(() -> set.unpark(known.leg));
                }
                case 8 -> {
                    boolean rests = dice.nextBoolean();
                    changeIf(known.rests != rests, () -> set.wishStandby(known.leg, rests));
                    known.rests = rests;
                }
                case 9 -> {
                    known.leg.heard(100, true, now);
                    known.leg.roundTrip(dice.nextLong(1, 1_000_000_000), now);
                    known.received++;
                }
                default -> {
                    changeIf(!known.proven, () -> set.prove(known.leg));
                    known.proven = true;
                }
            }
        }

        private void change(Runnable action) {
            changeIf(true, action);
        }

        private void changeIf(boolean expected, Runnable action) {
            action.run();
            assertEquals(expected, set.changes() > changes, "changes are counted");
            changes = set.changes();
        }

        private void add() {
            UUID transport = new UUID(0, dice.nextInt(12));
            int number = dice.nextInt(5) == 0 ? dice.nextInt(numbers + 1) : numbers;
            var leg = new Leg(transport, number, NEIGHBOUR);
            Failure.Kind expected =
                    legs.stream().anyMatch(l -> l.leg.id().equals(transport) || l.leg.number() == number)
                            ? Failure.Kind.REFUSED
                            : legs.size() >= MOST ? Failure.Kind.LIMIT : null;
            assertEquals(expected, refusal(() -> set.add(leg)));
            if (expected == null) {
                legs.add(new Known(leg));
                numbers = Math.max(numbers, number + 1);
                assertTrue(set.changes() > changes);
            }
            changes = set.changes();
        }

        private void remove(Known known) {
            boolean allowed = known != legs.getFirst() && legs.stream().anyMatch(l -> l != known && l.isUsable());
            assertEquals(allowed ? null : Failure.Kind.REFUSED, refusal(() -> set.removable(known.leg.id())));
            assertEquals(Failure.Kind.NOT_FOUND, refusal(() -> set.removable(new UUID(1, 1))));
            if (allowed) {
                known.retired = true;
                change(() -> set.retire(known.leg, "removed"));
                assertSame(LegState.DRAINING, known.leg.state());
                assertEquals("removed", known.leg.info(false).reason());
            }
        }

        private void die(Known known) {
            boolean wasPrimary = known == legs.getFirst();
            legs.remove(known);
            change(() -> set.remove(known.leg, "dead"));
            changeIf(false, () -> set.remove(known.leg, "dead again"));
            assertSame(LegState.DEAD, known.leg.state());
            assertEquals("dead", known.leg.info(false).reason());
            if (wasPrimary && !legs.isEmpty()) {
                Known next = known(set.primary().orElseThrow());
                assertTrue(rank(next) <= legs.stream().mapToInt(Run::rank).min().orElseThrow(), "not the best one");
                legs.remove(next);
                legs.addFirst(next);
            }
        }

        /** Who is to be the primary: less is better. */
        private static int rank(Known known) {
            return (known.retired ? 8 : 0) + (known.proven ? 0 : 4) + (known.parked ? 2 : 0) + (known.active ? 0 : 1);
        }

        private Known known(Leg leg) {
            return legs.stream().filter(l -> l.leg == leg).findFirst().orElseThrow();
        }

        void check() {
            assertEquals(legs.stream().map(l -> l.leg).toList(), set.list());
            assertEquals(legs.isEmpty(), set.primary().isEmpty());
            assertEquals(width, set.width());
            var ids = new HashSet<UUID>();
            var numbered = new HashSet<Integer>();
            for (Known known : legs) {
                Leg leg = known.leg;
                assertTrue(ids.add(leg.id()) && numbered.add(leg.number()), "two of one name");
                assertSame(leg, set.find(leg.id()).orElseThrow());
                assertSame(leg, set.find(leg.number()).orElseThrow());
                assertEquals(known.received, leg.info(false).receivedPackets());
                assertEquals(100 * known.received, leg.info(false).receivedBytes());
                assertEquals(known.parked, leg.isParked());
                assertEquals(legs.stream().anyMatch(l -> l != known && l.isUsable() && !l.parked), set.hasOther(leg));
            }
            checkStates();
            checkControl();
        }

        private void checkStates() {
            List<Known> usable = legs.stream().filter(Known::isUsable).toList();
            List<Known> willing = legs.stream().filter(Known::isWilling).toList();
            int active = 0;
            for (Known known : legs) {
                LegState state = known.leg.state();
                boolean isActive = state == LegState.ACTIVE;
                active += isActive ? 1 : 0;
                assertEquals(known.retired, state == LegState.DRAINING);
                assertEquals(!known.retired && !known.proven, state == LegState.PROBING);
                assertFalse(isActive && !willing.isEmpty() && !willing.contains(known), "a leg that should rest");
                assertFalse(isActive && willing.isEmpty() && known.parked && anyUnparked(usable), "the worse one");
            }
            assertEquals(usable.isEmpty() ? 0 : Math.max(1, Math.min(width, willing.size())), active);
            if (!legs.isEmpty() && legs.getFirst().isWilling()) {
                assertSame(LegState.ACTIVE, legs.getFirst().leg.state(), "the primary comes first");
            }
            long stayed = legs.stream().filter(l -> l.active && l.isWilling()).count();
            long left = legs.stream()
                    .filter(l -> l.active && l.isWilling() && l.leg.state() != LegState.ACTIVE)
                    .count();
            boolean primaryCame = !legs.isEmpty() && legs.getFirst().isWilling() && !legs.getFirst().active;
            assertTrue(left <= Math.max(0, stayed - width) + (primaryCame ? 1 : 0), "changed without need");
            legs.forEach(l -> l.active = l.leg.state() == LegState.ACTIVE);
        }

        private static boolean anyUnparked(List<Known> some) {
            return some.stream().anyMatch(l -> !l.parked);
        }

        private void checkControl() {
            List<Leg> control = set.forControl(now);
            long usable = legs.stream().filter(Known::isUsable).count();
            assertEquals(Math.min(2, usable), control.size());
            assertEquals(control.size(), new HashSet<>(control).size());
            assertTrue(control.stream().allMatch(leg -> known(leg).isUsable()));
        }
    }

    private interface Attempt {
        void run() throws Failure;
    }

    private static Failure.Kind refusal(Attempt attempt) {
        try {
            attempt.run();
            return null;
        } catch (Failure e) {
            return e.kind();
        }
    }

    @Property(tries = 300)
    void isWhatTheModelSays(@ForAll long seed) {
        var run = new Run(seed);
        for (int i = 0; i < STEPS; i++) {
            run.step();
            run.check();
        }
    }
}
