package skywire.directory;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.locks.ReentrantLock;
import skywire.entry.DmsgEntry;
import skywire.entry.ServerInfo;
import skywire.key.PublicKey;
import skywire.platform.Clock;
import skywire.platform.Failure;
import skywire.platform.HostPort;

/**
 * What is believed of a directory (threats §3). An entry is only a hint where to dial, trust comes from the handshake with
 * its key; so a signature that does not verify is counted and no more, since discoveries rewrite server types. Refused are
 * entries without a signature, from the future, older than what was seen of their key, and servers at local addresses.
 *
 * <p>Statements of one key are ordered by their time, then by their sequence: whoever registers anew after his entry was
 * forgotten begins with sequence 0 again. Only statements that verify raise the mark, so nobody can set it for another.
 * The {@value #MOST} keys asked about last are remembered. Thread-safe.
 */
final class EntryTrust {
    static final int MOST = 4096;

    /** Clocks may be off by this. */
    static final Duration TOLERANCE = Duration.ofMinutes(5);

    /** A server renews its entry every minute, and a discovery forgets it after two. */
    static final Duration SERVER_LIFE = Duration.ofMinutes(2);

    private final Clock clock;
    private final boolean localAllowed;
    private final ReentrantLock lock = new ReentrantLock();
    private final SequencedMap<PublicKey, Seen> seen = new LinkedHashMap<>(); // guarded by lock; used last at the end
    private Doubts doubts = Doubts.NONE; // guarded by lock

    /**
     * The last statement of a key.
     *
     * @param statement what tells it from others, so that it is verified and counted once
     * @param mark the latest that verified, null if none did
     */
    private record Seen(String statement, Mark mark) {
        boolean isLaterThan(DmsgEntry entry) {
            return mark != null && mark.isAfter(entry);
        }
    }

    private record Mark(long timestamp, long sequence) {
        boolean isAfter(DmsgEntry entry) {
            return entry.timestamp() < timestamp
                    || entry.timestamp() == timestamp && Long.compareUnsigned(entry.sequence(), sequence) < 0;
        }
    }

    /**
     * Nothing seen yet.
     *
     * @param localAllowed whether servers may be at local addresses
     */
    EntryTrust(Clock clock, boolean localAllowed) {
        this.clock = clock;
        this.localAllowed = localAllowed;
    }

    /** What was wrong so far. */
    Doubts doubts() {
        lock.lock();
        try {
            return doubts;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Checks an entry that was asked for.
     *
     * @param theirs the time by the directory's clock, if it told; the clock that forgives more counts
     * @throws Failure of kind {@code UNTRUSTED} if it is not to be used
     */
    void check(DmsgEntry entry, Optional<Instant> theirs) throws Failure {
        if (entry.signature().isEmpty()) {
            throw refused(new Doubts(0, 1, 0, 0, 0, 0), "an entry without a signature");
        }
        Instant now = clock.now();
        Instant latest = theirs.filter(now::isBefore).orElse(now);
        if (time(entry).isAfter(latest.plus(TOLERANCE))) {
            throw refused(new Doubts(0, 0, 1, 0, 0, 0), "an entry from the future");
        }
        if (!isNews(entry)) {
            throw refused(new Doubts(0, 0, 0, 1, 0, 0), "an entry older than one we have seen");
        }
        if (!localAllowed && entry.server().map(EntryTrust::isLocal).orElse(false)) {
            throw refused(new Doubts(0, 0, 0, 0, 0, 1), "a server at a local address");
        }
    }

    /** Checks a server of a list: one that has not renewed its entry has gone. */
    void checkListed(DmsgEntry entry, Optional<Instant> theirs) throws Failure {
        check(entry, theirs);
        Instant now = clock.now();
        Instant earliest = theirs.filter(now::isAfter).orElse(now);
        if (time(entry).plus(SERVER_LIFE).plus(TOLERANCE).isBefore(earliest)) {
            throw refused(new Doubts(0, 0, 0, 0, 1, 0), "a server whose entry has expired");
        }
    }

    private static Instant time(DmsgEntry entry) {
        return Instant.ofEpochSecond(0, entry.timestamp());
    }

    private static boolean isLocal(ServerInfo info) {
        try {
            return LocalAddress.is(HostPort.parse(info.address()).host());
        } catch (IllegalArgumentException e) {
            return false; // it cannot be dialled, and whoever tries says so
        }
    }

    /** Whether nothing later of this key was seen; remembers it. */
    private boolean isNews(DmsgEntry entry) {
        String statement = entry.signature() + entry.sequence() + "/" + entry.timestamp();
        lock.lock();
        try {
            Seen last = seen.remove(entry.key());
            if (last != null) {
                seen.putLast(entry.key(), last);
                if (last.isLaterThan(entry) || last.statement.equals(statement)) {
                    return !last.isLaterThan(entry);
                }
            }
        } finally {
            lock.unlock();
        }
        boolean verifies = verifies(entry);
        lock.lock();
        try {
            Seen last = seen.remove(entry.key());
            boolean late = last != null && last.isLaterThan(entry); // another thread was faster
            Mark mark = last == null ? null : last.mark;
            Seen next = new Seen(statement, verifies ? new Mark(entry.timestamp(), entry.sequence()) : mark);
            seen.putLast(entry.key(), late ? last : next);
            if (seen.size() > MOST) {
                seen.pollFirstEntry();
            }
            doubts = verifies ? doubts : doubts.plus(new Doubts(1, 0, 0, 0, 0, 0));
            return !late;
        } finally {
            lock.unlock();
        }
    }

    private static boolean verifies(DmsgEntry entry) {
        try {
            entry.verified();
            return true;
        } catch (Failure e) {
            return false;
        }
    }

    private Failure refused(Doubts one, String what) {
        lock.lock();
        try {
            doubts = doubts.plus(one);
        } finally {
            lock.unlock();
        }
        return Failure.untrusted("the directory gave " + what);
    }
}
