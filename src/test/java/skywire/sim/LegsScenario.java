package skywire.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import skywire.platform.Failure;
import skywire.route.group.RouteGroup;
import skywire.route.mux.LegInfo;
import skywire.route.mux.LegState;
import skywire.route.mux.SendMode;
import skywire.testkit.FaultyRelay.Treatment;
import skywire.testkit.Flow;
import skywire.testkit.RouteNet;

/**
 * Transfers both ways at once through a group whose legs are added, removed, cut, mended, reset, slowed, stopped, and led
 * over relays that lose, damage, double and reorder packets, all of it drawn from the seed. One leg, the anchor, stays: it may be
 * slow, and is stopped for no longer than a few seconds. Every byte is compared, and in the end nothing may be left.
 */
public final class LegsScenario {
    private static final int MOST_LEGS = 8;
    private static final int EVENTS = 30; // in the time the transfer would take without them
    private static final Simulation.Options OPTIONS = new Simulation.Options(
            false, Duration.ofMinutes(2), Long.MAX_VALUE, Duration.ofHours(6), Duration.ofMinutes(20), false);

    private final Simulation sim;
    private final SplittableRandom dice;
    private final LegsNet net;
    private final long bytes;
    private final List<LegsNet.Leg> legs = new ArrayList<>(); // those not known to be gone; the anchor first
    private RouteNet.Ends ends;

    private LegsScenario(Simulation sim, long least, long most) throws IOException {
        this.sim = sim;
        this.dice = sim.dice();
        this.net = new LegsNet(sim);
        this.bytes = Math.round(least * Math.pow((double) most / least, dice.nextDouble()));
    }

    /** Up to 1 MB each way. */
    static Simulation.Report shortOne(long seed) {
        return play(seed, 50_000, 1_000_000);
    }

    /** 3 to 100 MB each way. */
    static Simulation.Report longOne(long seed) {
        return play(seed, 3_000_000, 100_000_000);
    }

    /** A long one for whoever plays it outside the tests; fails with the command that plays it again. */
    public static Simulation.Report play(long seed) {
        return Scenarios.play("legs", seed);
    }

    private static Simulation.Report play(long seed, long least, long most) {
        return Simulation.run(seed, OPTIONS, sim -> new LegsScenario(sim, least, most).play());
    }

    private void play() throws Exception {
        int first = 1 + dice.nextInt(5);
        for (int i = 0; i < first; i++) {
            legs.add(make());
        }
        LegsNet.Leg anchor = legs.getFirst();
        var shuffled = new ArrayList<>(legs);
        shuffled.add(shuffled.remove(dice.nextInt(shuffled.size()))); // any of them may be the primary
        ends = net.open(shuffled);
        long rate = anchor.road().bytesPerSecond();
        sim.note(bytes + " bytes each way over " + first + " legs, the anchor with " + rate + " bytes/s");
        Flow up = Flow.start(sim, ends.dialled(), ends.accepted(), bytes);
        Flow down = Flow.start(sim, ends.accepted(), ends.dialled(), bytes);
        Duration usual = Duration.ofMillis(1 + bytes * 1000 / rate);
        Duration limit = usual.multipliedBy(40).plusMinutes(3);
        while (!(up.isOver() && down.isOver())) {
            if (up.elapsed().compareTo(limit) > 0) {
                throw new AssertionError("after " + limit + " only " + up.received() + " and " + down.received()
                        + " of " + bytes + " bytes are there\n" + net.state());
            }
            event();
            sim.sleep(Duration.ofMillis(1 + dice.nextLong(2 * usual.toMillis() / EVENTS + 1)));
        }
        up.check();
        down.check();
        assertEquals(bytes, up.received());
        assertEquals(bytes, down.received());
        counters(ends.dialled(), ends.accepted());
        ends.dialled().close();
        sim.until("both ends have no rules left", Duration.ofSeconds(40), () -> net.rules() == 0);
        net.legs().forEach(LegsNet.Leg::mend); // or what is queued for a black hole stays there
        sim.until("both ends hold no packets", Duration.ofSeconds(40), () -> net.queued() == 0);
        net.close();
    }

    /** The first one is fair, and of use. */
    private LegsNet.Leg make() throws IOException {
        LegsNet.Spec spec = LegsNet.Spec.of(2 + dice.nextInt(30), 4 + 2 * dice.nextInt(100));
        return legs.isEmpty() || dice.nextBoolean() ? net.leg(spec) : net.faultyLeg(spec);
    }

    private LegsNet.Leg any() {
        return legs.get(dice.nextInt(legs.size()));
    }

    private void event() throws Exception {
        LegsNet.Leg leg = any();
        boolean anchor = leg == legs.getFirst();
        switch (dice.nextInt(12)) {
            case 0, 1, 2 -> add();
            case 3 -> remove(leg);
            case 4 -> slow(leg);
            case 5 -> stop(leg);
            case 6 -> {
                if (!anchor && dice.nextBoolean()) {
                    leg.cutNear();
                } else if (!anchor) {
                    leg.cutFar();
                }
            }
            case 7 -> leg.mend();
            case 8 -> {
                if (!anchor) {
                    leg.reset();
                    legs.remove(leg);
                }
            }
            case 9, 10 -> treat(leg);
            default -> change();
        }
    }

    private void add() throws IOException {
        if (legs.size() >= MOST_LEGS) {
            return;
        }
        LegsNet.Leg leg = make();
        try {
            net.add(leg);
            legs.add(leg);
        } catch (Failure e) {
            sim.note("no leg: " + e.getMessage());
            if (e.kind() != Failure.Kind.REFUSED
                    && e.kind() != Failure.Kind.TIMEOUT
                    && e.kind() != Failure.Kind.UNREACHABLE) {
                throw e;
            }
        }
    }

    private void remove(LegsNet.Leg leg) throws IOException {
        if (leg == legs.getFirst()) {
            return;
        }
        try {
            ends.dialled().removeLeg(leg.id());
            sim.note("removed " + leg.road());
            legs.remove(leg);
        } catch (Failure e) {
            sim.note("not removed: " + e.getMessage());
            if (e.kind() != Failure.Kind.REFUSED && e.kind() != Failure.Kind.NOT_FOUND) {
                throw e;
            }
        }
    }

    private void slow(LegsNet.Leg leg) {
        long rate = (2 + dice.nextInt(30)) * 125_000L / (leg == legs.getFirst() ? 1 : 1 + dice.nextInt(10));
        leg.road().set(Duration.ofMillis(2 + dice.nextInt(200)), rate);
        leg.road().jitter(Duration.ofMillis(dice.nextInt(30)));
    }

    private void stop(LegsNet.Leg leg) throws IOException {
        long millis = 1 + dice.nextInt(leg == legs.getFirst() ? 3_000 : 20_000);
        leg.road().stop();
        sim.go("resume", () -> {
            sim.sleep(Duration.ofMillis(millis));
            leg.road().resume();
        });
    }

    private void treat(LegsNet.Leg leg) {
        if (leg.isFaulty()) {
            Treatment how = dice.nextInt(4) == 0 ? Treatment.FAIR : new Treatment(part(), part(), part(), part());
            sim.note(leg.road() + ": " + how);
            leg.faulty().treat(how, dice.nextLong());
        }
    }

    /** Mostly nothing, mostly little. */
    private double part() {
        return switch (dice.nextInt(8)) {
            case 0, 1, 2 -> dice.nextDouble() * 0.05;
            case 3 -> dice.nextDouble() * 0.25;
            default -> 0;
        };
    }

    private void change() {
        RouteGroup group = dice.nextBoolean() ? ends.dialled() : ends.accepted();
        if (dice.nextBoolean()) {
            group.mode(SendMode.values()[dice.nextInt(SendMode.values().length)]);
        } else {
            ends.dialled().width(1 + dice.nextInt(MOST_LEGS), 1 + dice.nextInt(MOST_LEGS));
        }
    }

    /** What the ends say of their legs must fit together. */
    private void counters(RouteGroup dialled, RouteGroup accepted) {
        for (RouteGroup group : List.of(dialled, accepted)) {
            List<LegInfo> all = group.legs();
            assertEquals(1, all.stream().filter(LegInfo::primary).count(), "primary legs of " + describe(all));
            assertEquals(
                    all.size(),
                    all.stream().map(LegInfo::id).distinct().count(),
                    "the same leg twice: " + describe(all));
            for (LegInfo leg : all) {
                boolean right = leg.inFlight() >= 0
                        && leg.sentPackets() >= leg.retransmits()
                        && leg.sentBytes() >= 0
                        && leg.receivedBytes() >= 0
                        && leg.loss() >= 0
                        && leg.loss() <= 1
                        && (leg.state() != LegState.DEAD || !leg.primary());
                if (!right) {
                    throw new AssertionError("counters: " + leg);
                }
            }
        }
    }

    private static String describe(List<LegInfo> legs) {
        return legs.stream().map(LegInfo::toString).collect(Collectors.joining("; "));
    }
}
