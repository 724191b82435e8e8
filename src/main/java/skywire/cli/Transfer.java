package skywire.cli;

import java.util.Locale;
import skywire.platform.Clock;

/**
 * How a download goes: on a terminal a bar that is redrawn on the error stream, and its figures at the end. Used by one
 * thread.
 */
final class Transfer {
    private static final long REDRAW_NANOS = 100_000_000;
    private static final int BAR = 24;

    private final Console console;
    private final Clock clock;
    private final long total;
    private final long began;
    private long done;
    private long drawn;
    private boolean visible;

    /**
     * Begins now.
     *
     * @param total bytes to come, negative if unknown
     */
    Transfer(Console console, Clock clock, long total) {
        this.console = console;
        this.clock = clock;
        this.total = total;
        this.began = clock.nanoTime();
        this.drawn = began;
    }

    /** So many more bytes have come. */
    void add(int bytes) {
        done += bytes;
        long now = clock.nanoTime();
        if (console.terminal() && now - drawn >= REDRAW_NANOS) {
            drawn = now;
            visible = true;
            console.err().print("\r" + line(now) + "\u001b[K");
            console.err().flush();
        }
    }

    private String line(long now) {
        double rate = done / Math.max(1e-9, (now - began) / 1e9);
        String speed = Units.bytes(rate) + "/s";
        if (total <= 0) {
            return Units.bytes(done) + "  " + speed;
        }
        int filled = (int) (BAR * Math.min(done, total) / total);
        String left = rate < 1 ? "" : ", " + Units.age(Math.ceil((total - done) / rate)) + " left";
        return String.format(
                Locale.ROOT,
                "%3d %%  %s%s  %s of %s, %s%s",
                100 * Math.min(done, total) / total,
                "█".repeat(filled),
                "░".repeat(BAR - filled),
                Units.bytes(done),
                Units.bytes(total),
                speed,
                left);
    }

    /** Takes the bar away. Must be called before anything else is printed. */
    void end() {
        if (visible) {
            visible = false;
            console.err().print("\r\u001b[K");
            console.err().flush();
        }
    }

    /** Bytes so far. */
    long bytes() {
        return done;
    }

    /** Seconds since it began. */
    double seconds() {
        return (clock.nanoTime() - began) / 1e9;
    }

    /** {@code 100 MB in 2.6 s, 38 MB/s}. */
    String figures() {
        double seconds = Math.max(1e-9, seconds());
        return Units.bytes(done) + " in " + Units.millis(seconds * 1000) + ", " + Units.bytes(done / seconds) + "/s";
    }
}
