package skywire.limit;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import skywire.platform.Clock;

/**
 * For log lines that a peer can cause: the first is written, then at most one a minute with the number left out.
 * Thread-safe.
 */
public final class LogLimit {
    private static final long PERIOD = Duration.ofMinutes(1).toNanos();
    private static final int LONGEST = 200;

    private final Clock clock;
    private final System.Logger log;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean used; // guarded by lock
    private long lastAt; // guarded by lock
    private long leftOut; // guarded by lock

    /** A limit of its own, writing to {@code log}. */
    public LogLimit(Clock clock, System.Logger log) {
        this.clock = clock;
        this.log = log;
    }

    /** Writes the line, or counts it. */
    public void log(System.Logger.Level level, String message) {
        long skipped;
        lock.lock();
        try {
            long now = clock.nanoTime();
            if (used && now - lastAt < PERIOD) {
                leftOut++;
                return;
            }
            used = true;
            lastAt = now;
            skipped = leftOut;
            leftOut = 0;
        } finally {
            lock.unlock();
        }
        log.log(level, skipped == 0 ? message : message + " (and " + skipped + " more like it)");
    }

    /** Text from a peer, safe to print: at most 200 characters, control and format characters escaped. */
    public static String clean(String text) {
        return clean(text, LONGEST);
    }

    /** As {@link #clean(String)}, but at most {@code longest} characters of it. */
    public static String clean(String text, int longest) {
        var clean = new StringBuilder();
        text.codePoints().limit(longest).forEach(c -> {
            int type = Character.getType(c);
            if (Character.isISOControl(c) || type == Character.FORMAT || type == Character.SURROGATE) {
                clean.append(String.format("\\u%04x", c));
            } else {
                clean.appendCodePoint(c);
            }
        });
        return clean.toString();
    }
}
