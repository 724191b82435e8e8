package skywire.directory;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import skywire.key.PublicKey;
import skywire.platform.Clock;
import skywire.platform.Deadline;

/**
 * Tells the operator of a clash of keys: as an error once an hour at most, whatever kinds of evidence there are; the rest
 * as mere information. Thread-safe.
 */
public final class KeyAlarm {
    private static final Duration PERIOD = Duration.ofHours(1);
    private static final System.Logger LOG = System.getLogger(KeyAlarm.class.getName());

    private final Clock clock;
    private final PublicKey own;
    private final ReentrantLock lock = new ReentrantLock();
    private Deadline told; // guarded by lock; until when it need not be said again, null at first

    /** An alarm for the node of this key. */
    public KeyAlarm(Clock clock, PublicKey own) {
        this.clock = clock;
        this.own = own;
    }

    /** There is evidence of a clash. */
    public void raise(KeyClash clash) {
        System.Logger.Level level;
        lock.lock();
        try {
            level = told == null || told.passed() ? System.Logger.Level.ERROR : System.Logger.Level.INFO;
            if (level == System.Logger.Level.ERROR) {
                told = clock.in(PERIOD);
            }
        } finally {
            lock.unlock();
        }
        LOG.log(level, own.brief() + ": " + clash.text() + "; " + KeyClash.REMEDY);
    }
}
