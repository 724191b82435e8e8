package skywire.directory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import skywire.entry.DmsgEntry;
import skywire.limit.LogLimit;
import skywire.platform.Clock;
import skywire.platform.Deadline;

/**
 * Notices that somebody else publishes entries of our key (deployment §4): a statement that this process did not sign,
 * later than its own start, twice within an hour. Once may be the last word of an earlier run of the same node. Then it
 * holds our updates back, longer each time, so that the two do not fight, and raises an alarm.
 *
 * <p>Statements are told apart by their signature, which a discovery that rewrites the server type keeps, so neither
 * that nor an update whose answer was lost looks foreign. Thread-safe.
 */
final class KeyWatch {
    /** Statements of our own that are remembered. */
    static final int REMEMBERED = 64;

    /** Foreign statements within {@link #WINDOW} that are a clash. */
    static final int CLASH = 2;

    /** How long a foreign statement counts; a clash is over when none came for so long. */
    static final Duration WINDOW = Duration.ofHours(1);

    /** How long our updates are held back at first; twice as long each time, up to {@link #LAST_PAUSE}. */
    static final Duration FIRST_PAUSE = Duration.ofMinutes(5);

    static final Duration LAST_PAUSE = Duration.ofMinutes(40);

    private final Clock clock;
    private final KeyAlarm alarm;
    private final long start; // Unix nanoseconds
    private final ReentrantLock lock = new ReentrantLock();
    private final SequencedSet<String> own = new LinkedHashSet<>(); // signatures; guarded by lock
    private final Deque<Foreign> foreign = new ArrayDeque<>(); // oldest first, at most CLASH; guarded by lock
    private boolean looked; // guarded by lock
    private KeyClash clash; // guarded by lock; null while there is none
    private Duration pause = FIRST_PAUSE; // guarded by lock
    private Deadline heldUntil; // guarded by lock; null while updates are not held back

    private record Foreign(String signature, Deadline counts) {}

    KeyWatch(Clock clock, KeyAlarm alarm) {
        this.clock = clock;
        this.alarm = alarm;
        this.start = clock.unixNanos();
    }

    /** We are about to send this. */
    void signed(DmsgEntry entry) {
        lock.lock();
        try {
            remember(entry.signature());
        } finally {
            lock.unlock();
        }
    }

    private void remember(String signature) {
        own.add(signature);
        if (own.size() > REMEMBERED) {
            own.removeFirst();
        }
    }

    /**
     * This is what is stored, if anything.
     *
     * @param ours our address or servers as we publish them, to say where the other one differs
     */
    void saw(Optional<DmsgEntry> stored, DmsgEntry ours) {
        KeyClash found = null;
        lock.lock();
        try {
            boolean isFirst = !looked;
            looked = true;
            forgetOld();
            if (stored.isEmpty() || isOurs(stored.get())) {
                return;
            }
            if (isFirst) {
                remember(stored.get().signature()); // of an earlier run
                return;
            }
            String signature = stored.get().signature();
            if (foreign.stream().anyMatch(f -> f.signature.equals(signature))) {
                return;
            }
            if (foreign.size() == CLASH) {
                foreign.removeFirst();
            }
            foreign.addLast(new Foreign(signature, clock.in(WINDOW)));
            if (foreign.size() == CLASH && clash == null) {
                found = new KeyClash(where(stored.get(), ours), clock.now());
                clash = found;
            }
        } finally {
            lock.unlock();
        }
        if (found != null) {
            alarm.raise(found);
        }
    }

    private boolean isOurs(DmsgEntry stored) {
        return own.contains(stored.signature()) || stored.timestamp() < start;
    }

    private void forgetOld() {
        foreign.removeIf(f -> f.counts.passed());
        if (foreign.isEmpty() && clash != null) {
            clash = null;
            heldUntil = null;
            pause = FIRST_PAUSE;
        }
    }

    private static String where(DmsgEntry other, DmsgEntry ours) {
        if (other.server().isPresent()) {
            String address = other.server().get().address();
            boolean same = ours.server().map(info -> info.address()).orElse("").equals(address);
            return "a dmsg server at " + LogLimit.clean(address) + (same ? ", the address we publish as well" : "");
        }
        String servers = other.delegatedServers().stream()
                .limit(4)
                .map(server -> server.brief())
                .collect(Collectors.joining(", "));
        return servers.isEmpty() ? "a client without dmsg servers" : "a client on the dmsg servers " + servers;
    }

    /**
     * Whether we may publish over what is stored. During a clash that is so once, for the other one to notice, and then
     * again after each pause; and whenever the other one's entry is gone.
     */
    boolean mayPublish(Optional<DmsgEntry> stored) {
        lock.lock();
        try {
            if (clash == null || stored.isEmpty() || isOurs(stored.get())) {
                return true;
            }
            if (heldUntil != null && !heldUntil.passed()) {
                return false;
            }
            heldUntil = clock.in(pause);
            pause = pause.multipliedBy(2).compareTo(LAST_PAUSE) < 0 ? pause.multipliedBy(2) : LAST_PAUSE;
            return true;
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
