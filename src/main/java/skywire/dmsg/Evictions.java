package skywire.dmsg;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import skywire.directory.KeyAlarm;
import skywire.directory.KeyClash;
import skywire.key.PublicKey;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;

/**
 * Notices that another process takes our sessions away (threats §9): servers keep the newest session of a key, so two
 * processes with one key end each other's in turn. Sessions also end because a server restarts; so many ends only raise
 * a suspicion, which {@link KeyProbe} then confirms or not. Once confirmed it raises an alarm, and new sessions are held
 * back, longer each time. Thread-safe.
 */
final class Evictions {
    /** Sessions that servers may end within {@link #WINDOW} before it is suspicious. */
    static final int MOST = 3;

    static final Duration WINDOW = Duration.ofMinutes(10);

    /** How long no new session is made at first; twice as long each time, up to {@link #LAST_PAUSE}. */
    static final Duration FIRST_PAUSE = Duration.ofMinutes(1);

    static final Duration LAST_PAUSE = Duration.ofMinutes(10);

    /** A clash is over when nobody took a session away for so long. */
    static final Duration CALM = Duration.ofMinutes(15);

    private final Clock clock;
    private final KeyAlarm alarm;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<End> ends = new ArrayDeque<>(); // oldest first, at most MOST + 1; guarded by lock
    private KeyClash clash; // guarded by lock; null while there is none
    private Duration pause = FIRST_PAUSE; // guarded by lock
    private Deadline heldUntil; // guarded by lock; as clash
    private Deadline calmAt; // guarded by lock; as clash

    private record End(PublicKey server, Deadline counts) {}

    Evictions(Clock clock, KeyAlarm alarm) {
        this.clock = clock;
        this.alarm = alarm;
    }

    /** A server ended our session. */
    void ended(PublicKey server) {
        lock.lock();
        try {
            forgetOld();
            if (ends.size() > MOST) {
                ends.removeFirst();
            }
            ends.addLast(new End(server, clock.in(WINDOW)));
        } finally {
            lock.unlock();
        }
    }

    private void forgetOld() {
        ends.removeIf(end -> end.counts.passed());
        if (clash != null && calmAt.passed()) {
            clash = null;
            heldUntil = null;
            calmAt = null;
            pause = FIRST_PAUSE;
        }
    }

    /** Whether it is worth finding out who has our place at this server. */
    boolean isSuspicious(PublicKey server) {
        lock.lock();
        try {
            forgetOld();
            return (ends.size() > MOST || clash != null) && ends.stream().anyMatch(end -> end.server.equals(server));
        } finally {
            lock.unlock();
        }
    }

    /** It was found out whether another process with our key is at this server. */
    void judged(PublicKey server, boolean taken) {
        KeyClash found = null;
        lock.lock();
        try {
            ends.removeIf(end -> end.server.equals(server));
            if (!taken) {
                return;
            }
            if (clash == null) {
                clash = new KeyClash("it has our place at the dmsg server " + server.brief(), clock.now());
                found = clash;
            }
            heldUntil = clock.in(pause);
            calmAt = clock.in(CALM);
            pause = pause.multipliedBy(2).compareTo(LAST_PAUSE) < 0 ? pause.multipliedBy(2) : LAST_PAUSE;
        } finally {
            lock.unlock();
        }
        if (found != null) {
            alarm.raise(found);
        }
    }

    /** Throws {@code REFUSED} while new sessions are held back. */
    void check() throws Failure {
        lock.lock();
        try {
            forgetOld();
            if (clash != null && !heldUntil.passed()) {
                throw new Failure(Failure.Kind.REFUSED, clash.text());
            }
        } finally {
            lock.unlock();
        }
    }

    /** The clash, while there is one. */
    Optional<KeyClash> clash() {
        lock.lock();
        try {
            forgetOld();
            return Optional.ofNullable(clash);
        } finally {
            lock.unlock();
        }
    }
}
