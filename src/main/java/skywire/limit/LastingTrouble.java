package skywire.limit;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import skywire.platform.Clock;

/**
 * Trouble that the operator is told of when it lasts: nothing within {@link #GRACE} of its beginning, since programs that
 * are started together wait for each other; then a warning, at most one a minute. Thread-safe.
 */
public final class LastingTrouble {
    /** How long it may last without a line. */
    public static final Duration GRACE = Duration.ofSeconds(10);

    private final Clock clock;
    private final System.Logger log;
    private final LogLimit warnings;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean present; // guarded by lock
    private boolean told; // guarded by lock
    private long since; // guarded by lock; nanoTime

    /** No trouble yet; what there will be goes to {@code log}. */
    public LastingTrouble(Clock clock, System.Logger log) {
        this.clock = clock;
        this.log = log;
        this.warnings = new LogLimit(clock, log);
    }

    /** It has not worked. */
    public void fails(String what) {
        lock.lock();
        try {
            long now = clock.nanoTime();
            if (!present) {
                present = true;
                since = now;
            }
            if (now - since < GRACE.toNanos()) {
                return;
            }
            told = true;
        } finally {
            lock.unlock();
        }
        warnings.log(System.Logger.Level.WARNING, what);
    }

    /** It works; says {@code what} if somebody was warned that it does not. */
    public void works(String what) {
        lock.lock();
        try {
            present = false;
            if (!told) {
                return;
            }
            told = false;
        } finally {
            lock.unlock();
        }
        log.log(System.Logger.Level.INFO, what);
    }
}
