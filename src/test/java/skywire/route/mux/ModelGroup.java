package skywire.route.mux;

import static skywire.route.mux.ModelLoop.MILLI;
import static skywire.route.mux.ModelLoop.SECOND;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import skywire.key.SecretKey;
import skywire.platform.Failure;

/** Two ends, the ways between them, and all that happens to those, drawn from a seed. */
final class ModelGroup {
    private static final long LIMIT = 120 * SECOND;
    private static final int MOST_LEGS = 8;
    private static final int MOST_FAULTS = 12;
    private static final skywire.key.PublicKey NEIGHBOUR =
            SecretKey.fromSeed(new byte[] {1}).publicKey();

    /** A leg with both its directions, as each end has it. */
    private static final class Way {
        final Leg[] legs = new Leg[2];
        final ModelPipe[] pipes = new ModelPipe[2]; // by the end that sends
        boolean gone;
        boolean retired;
        boolean spared; // nothing bad happens to it any more
    }

    private enum Fault {
        ADD,
        ADD_MORE,
        RETIRE,
        DIE,
        HOLE,
        SLOW,
        LOSE,
        CORRUPT,
        DUPLICATE,
        REORDER,
        STALL,
        STALL_LONG,
        WIDTH,
        MODE,
        REST,
        WRITER_PAUSES,
        READER_PAUSES,
        WITHDRAW;

        /** Whether a peer of June 2026 bears it: its legs are reliable, and its acknowledgements no sign of life. */
        boolean isForJune() {
            return switch (this) {
                case ADD, ADD_MORE, DIE, SLOW, STALL, WIDTH, MODE, WRITER_PAUSES, READER_PAUSES, WITHDRAW -> true;
                case RETIRE, HOLE, LOSE, CORRUPT, DUPLICATE, REORDER, STALL_LONG, REST -> false;
            };
        }
    }

    private final ModelLoop loop;
    private final boolean june;
    private final ModelEnd[] ends = new ModelEnd[2];
    private final List<Way> ways = new ArrayList<>(); // all there ever were
    private final byte[][] data = new byte[2][];
    private final boolean mild; // every path is as it should be
    private boolean replacing;

    ModelGroup(long seed, boolean june) {
        this.loop = new ModelLoop(seed);
        this.june = june;
        this.mild = loop.chance(0.1);
        int most = loop.chance(0.1) ? 1_000_000 : 200_000;
        for (int i = 0; i < 2; i++) {
            data[i] = new byte[loop.chance(0.1) ? 0 : most == 1_000_000 && i == 0 ? most : 1 + loop.dice.nextInt(most)];
            loop.dice.nextBytes(data[i]);
        }
        int[] windows = {window(), window()};
        Sender.Limits limits = june ? Sender.Limits.JUNE : Sender.Limits.FULL;
        for (int i = 0; i < 2; i++) {
            ends[i] = new ModelEnd(
                    loop, "ab".substring(i, i + 1), limits, data[i], data[1 - i], windows[i], windows[1 - i]);
            ends[i].legs.width(loop.chance(0.6) ? MOST_LEGS : 1 + loop.dice.nextInt(MOST_LEGS));
            ends[i].sender.mode(one(SendMode.values()));
        }
        for (int n = 1 + loop.dice.nextInt(loop.chance(0.5) ? 3 : MOST_LEGS); n > 0; n--) {
            add();
        }
        ends[0].afterwards();
        ends[1].afterwards();
        plan();
    }

    private int window() {
        return (int) loop.magnitude(64 * 1024, 1024 * 1024);
    }

    private <T> T one(T[] of) {
        return of[loop.dice.nextInt(of.length)];
    }

    private ModelEnd end() {
        return ends[loop.dice.nextInt(2)];
    }

    /** Faults while it runs, and a time from which on one leg works. */
    private void plan() {
        long healed = (long) loop.magnitude(0.2 * SECOND, 8.0 * SECOND);
        int faults = mild ? 0 : loop.dice.nextInt(MOST_FAULTS + 1);
        for (int i = 0; i < faults; i++) {
            Fault fault = one(Fault.values());
            if (!june || fault.isForJune()) {
                loop.at((long) (healed * Math.pow(loop.dice.nextDouble(), 2)), () -> strike(fault));
            }
        }
        loop.at(healed, this::heal);
    }

    // ---- ways ----

    private List<Way> alive() {
        return ways.stream().filter(way -> !way.gone).toList();
    }

    private Way add() {
        if (alive().size() >= MOST_LEGS) {
            return alive().getFirst();
        }
        var way = new Way();
        int number = ways.size();
        ways.add(way);
        long delay = (long) loop.magnitude(MILLI / 2.0, 200 * MILLI);
        double rate = loop.magnitude(50_000, 5_000_000);
        for (int i = 0; i < 2; i++) {
            int to = 1 - i;
            int from = i;
            way.legs[i] = new Leg(new UUID(1, number), number, NEIGHBOUR);
            way.pipes[i] = new ModelPipe(
                    loop,
                    delay,
                    loop.chance(0.7) ? rate : loop.magnitude(50_000, 5_000_000),
                    (int) loop.magnitude(8_000, 256_000),
                    frame -> ends[to].receive(way.legs[to], frame),
                    () -> ends[from].afterwards());
        }
        loop.note("leg " + number + " over " + delay / MILLI + " ms, " + Math.round(rate / 1000) + " KB/s");
        try {
            ends[0].join(way.legs[0], way.pipes[0]);
            ends[1].join(way.legs[1], way.pipes[1]);
        } catch (Failure e) {
            loop.note("not added: " + e.getMessage()); // one end still has one that the other gave up
            die(way);
        }
        return way;
    }

    private void die(Way way) {
        way.gone = true;
        way.pipes[0].cut = true;
        way.pipes[1].cut = true;
        int first = loop.dice.nextInt(2);
        ends[first].drop(way.legs[first], "dead");
        loop.in(loop.dice.nextLong(300 * MILLI), () -> ends[1 - first].drop(way.legs[1 - first], "dead"));
    }

    /** The owner of the legs sees to it that there is one. */
    private void replace() {
        if (!replacing && alive().stream().noneMatch(way -> !way.retired && isAtBoth(way))) {
            replacing = true;
            loop.in(loop.dice.nextLong(500 * MILLI), () -> {
                replacing = false;
                add();
            });
        }
    }

    private boolean isAtBoth(Way way) {
        return ends[0].legs.list().contains(way.legs[0]) && ends[1].legs.list().contains(way.legs[1]);
    }

    /** Removed by hand at one end: the other one leaves it, and says so behind what it sent by it. */
    private void retire(Way way) {
        ModelEnd here = ends[0];
        try {
            here.legs.removable(way.legs[0].id());
        } catch (Failure e) {
            loop.note("not retired: " + e.getMessage());
            return;
        }
        way.retired = true;
        here.retire(way.legs[0]);
        loop.in(loop.dice.nextLong(200 * MILLI), () -> {
            ends[1].retire(way.legs[1]);
            ends[1].close(way.legs[1]);
        });
        loop.in(3 * SECOND, () -> {
            here.drop(way.legs[0], "retired");
            ends[1].drop(way.legs[1], "retired");
            way.gone = true;
        });
    }

    // ---- faults ----

    private void strike(Fault fault) {
        List<Way> open = ways.stream().filter(way -> !way.gone && !way.spared).toList();
        loop.note("fault: " + fault);
        switch (fault) {
            case ADD -> add();
            case ADD_MORE -> {
                for (int n = loop.dice.nextInt(4); n > 0; n--) {
                    add();
                }
            }
            case WIDTH -> end().legs.width(1 + loop.dice.nextInt(MOST_LEGS));
            case MODE -> end().sender.mode(one(SendMode.values()));
            case WRITER_PAUSES -> end().pauseWriter(loop.dice.nextLong(SECOND));
            case READER_PAUSES -> end().pauseReader(loop.dice.nextLong(SECOND));
            case WITHDRAW -> end().withdraw();
            case RETIRE, DIE, HOLE, SLOW, LOSE, CORRUPT, DUPLICATE, REORDER, STALL, STALL_LONG, REST -> {
                if (!open.isEmpty()) {
                    strike(fault, open.get(loop.dice.nextInt(open.size())));
                }
            }
        }
        ends[0].afterwards();
        ends[1].afterwards();
    }

    private void strike(Fault fault, Way way) {
        loop.note("  at leg " + way.legs[0].number());
        switch (fault) {
            case RETIRE -> retire(way);
            case DIE -> die(way);
            case REST -> rest(way);
            default -> {
                int which = loop.dice.nextInt(3); // one direction or both
                for (int i = 0; i < 2; i++) {
                    if (which == 2 || which == i) {
                        strike(fault, way.pipes[i]);
                    }
                }
            }
        }
    }

    private void rest(Way way) {
        int at = loop.dice.nextInt(2);
        ends[at].legs.wishStandby(way.legs[at], true);
        loop.in(loop.dice.nextLong(2 * SECOND), () -> ends[at].legs.wishStandby(way.legs[at], false));
    }

    private void strike(Fault fault, ModelPipe pipe) {
        switch (fault) {
            case HOLE -> pipe.hole = true;
            case SLOW -> {
                pipe.nanosPerByte *= 1 + loop.dice.nextInt(8);
                pipe.delay *= 1 + loop.dice.nextInt(3);
            }
            case LOSE -> pipe.loss = loop.magnitude(0.001, 0.3);
            case CORRUPT -> pipe.corrupt = loop.magnitude(0.001, 0.3);
            case DUPLICATE -> {
                pipe.twice = loop.magnitude(0.01, 0.5);
                pipe.lateness = loop.dice.nextLong(100 * MILLI);
            }
            case REORDER -> {
                pipe.late = loop.magnitude(0.01, 0.5);
                pipe.lateness = loop.dice.nextLong(50 * MILLI);
            }
            case STALL -> pipe.stalledUntil = loop.now() + loop.dice.nextLong(SECOND);
            case STALL_LONG -> pipe.stalledUntil = loop.now() + loop.dice.nextLong(10 * SECOND);
            default -> throw new AssertionError(fault);
        }
    }

    /** From now on a leg works. */
    private void heal() {
        List<Way> good = alive().stream().filter(w -> !w.retired && isAtBoth(w)).toList();
        Way way = good.isEmpty() ? add() : good.get(loop.dice.nextInt(good.size()));
        way.spared = true;
        for (ModelPipe pipe : way.pipes) {
            pipe.heal();
        }
        loop.note("healed: leg " + way.legs[0].number());
    }

    // ---- the run ----

    /** Until all is there; throws if something is not as it should be. */
    Result run() {
        while (!(ends[0].isDone() && ends[1].isDone())) {
            if (!loop.step(LIMIT)) {
                throw new AssertionError("not finished");
            }
            replace();
        }
        return check();
    }

    /**
     * What it took.
     *
     * @param seconds of virtual time
     * @param bytes written at both ends
     * @param wire bytes sent by all legs
     */
    record Result(double seconds, long bytes, long wire, boolean mild, int mostWaiting, long mostOutstanding) {}

    private Result check() {
        long wire = 0;
        for (int i = 0; i < 2; i++) {
            ModelEnd end = ends[i];
            ModelEnd other = ends[1 - i];
            long sent = 0;
            long repeats = 0;
            long received = 0;
            for (Way way : ways) {
                Leg leg = way.legs[i];
                equal(way.pipes[i].packets, leg.sentPackets, "packets by " + leg);
                equal(way.pipes[i].bytes, leg.sentBytes, "bytes by " + leg);
                sent += leg.sentPackets;
                repeats += leg.retransmits;
                received += leg.receivedPackets;
                wire += leg.sentBytes;
                if (!june) {
                    equal(0, leg.inFlight, "in flight by " + leg);
                }
            }
            equal(end.sender.packets(), sent - repeats, "packets sent once");
            equal(data[i].length, end.sender.offset(), "bytes numbered");
            equal(end.arrivals, received, "packets counted by legs");
            equal(end.arrivals, end.receiver.next() + end.receiver.duplicates() + end.corrupt, "packets that came");
            equal(other.sender.packets(), end.receiver.next(), "packets that arrived");
            equal(data[1 - i].length, end.receiver.arrivedBytes(), "bytes that arrived");
            equal(0, end.receiver.held() + end.receiver.earlyBytes(), "bytes held");
            equal(0, end.receiver.hasGap() ? 1 : 0, "gaps");
            if (!june) {
                equal(Long.MAX_VALUE, end.sender.nextTick(), "next tick when nothing is under way");
            }
        }
        return new Result(
                loop.now() / 1e9,
                data[0].length + data[1].length,
                wire,
                mild,
                Math.max(ends[0].mostWaiting, ends[1].mostWaiting),
                Math.max(ends[0].mostOutstanding, ends[1].mostOutstanding));
    }

    private static void equal(long expected, long actual, String what) {
        if (expected != actual) {
            throw new AssertionError(what + ": " + actual + " instead of " + expected);
        }
    }

    @Override
    public String toString() {
        return loop.log() + "\n" + loop.now() / 1e9 + " s\n" + ends[0] + "\n" + ends[1];
    }
}
