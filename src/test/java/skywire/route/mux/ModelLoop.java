package skywire.route.mux;

import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/** Virtual time for the model of a group: runs what is due, one after the other, on the caller's thread. */
final class ModelLoop {
    static final long MILLI = 1_000_000;
    static final long SECOND = 1000 * MILLI;

    private static final int MOST_AT_ONCE = 50_000; // events at one moment: more is a busy loop
    private static final int MOST_LINES = 60;

    private record Event(long at, long order, Runnable action) {}

    final SplittableRandom dice;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>((a, b) -> a.at != b.at ? Long.compare(a.at, b.at) : Long.compare(a.order, b.order));
    private final ArrayDeque<String> lines = new ArrayDeque<>();
    private long now = MILLI;
    private long count;

    ModelLoop(long seed) {
        dice = new SplittableRandom(seed);
    }

    long now() {
        return now;
    }

    void at(long time, Runnable action) {
        events.add(new Event(Math.max(now, time), count++, action));
    }

    void in(long nanos, Runnable action) {
        at(now + nanos, action);
    }

    /** Runs the next event; false if the limit comes before it. */
    boolean step(long limit) {
        Event next = events.poll();
        if (next == null || next.at > limit) {
            return false;
        }
        atOnce = next.at == now ? atOnce + 1 : 0;
        if (atOnce > MOST_AT_ONCE) {
            throw new AssertionError("a busy loop");
        }
        now = next.at;
        next.action.run();
        return true;
    }

    private int atOnce;

    boolean chance(double p) {
        return p > 0 && dice.nextDouble() < p;
    }

    /** At random, {@code from} to {@code to}, evenly by magnitude. */
    double magnitude(double from, double to) {
        return from * Math.pow(to / from, dice.nextDouble());
    }

    void note(String what) {
        lines.add(String.format(java.util.Locale.ROOT, "%9.3f s  %s", now / 1e9, what));
        if (lines.size() > MOST_LINES) {
            lines.remove();
        }
    }

    String log() {
        return String.join("\n", lines);
    }
}
