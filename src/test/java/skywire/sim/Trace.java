package skywire.sim;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What happened: a hash over every decision, and a readable timeline of the last events. Carrier thread only. */
final class Trace {
    private static final int LINES = 20_000;

    private final Deque<String> lines = new ArrayDeque<>();
    private long hash = 0xcbf29ce484222325L;
    private long dropped;

    /** Takes a number into the hash. */
    void mix(long kind, long value) {
        hash = Long.rotateLeft(hash ^ (kind * 0x9E3779B97F4A7C15L + value), 29) * 0xBF58476D1CE4E5B9L;
    }

    /** Takes a line into the timeline, and its text into the hash. */
    void line(long nanos, String who, String text) {
        mix(7, text.hashCode());
        if (lines.size() >= LINES) {
            lines.removeFirst();
            dropped++;
        }
        lines.add(stamp(nanos) + "  " + who + "  " + text);
    }

    /** Virtual time as seconds with microseconds, right-aligned. */
    static String stamp(long nanos) {
        Duration d = Duration.ofNanos(nanos);
        return String.format("%9d.%06d", d.toSeconds(), d.toNanosPart() / 1000);
    }

    long hash() {
        return hash;
    }

    /** The last events, oldest first. */
    List<String> timeline(int last) {
        var all = new ArrayList<>(lines);
        var tail = new ArrayList<String>();
        int from = Math.max(0, all.size() - last);
        if (from > 0 || dropped > 0) {
            tail.add("… " + (from + dropped) + " earlier lines");
        }
        tail.addAll(all.subList(from, all.size()));
        return tail;
    }
}
