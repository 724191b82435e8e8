package skywire.dmsg;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import skywire.entry.DmsgEntry;
import skywire.key.PublicKey;
import skywire.platform.Clock;
import skywire.platform.Deadline;

/**
 * When each server may be dialled again. The pause grows with every dial that fails and every session that does not last,
 * since a server may well make the handshake and then end the session: if it is full, or if another client of our key
 * comes. It says so once in the log if that goes on. Thread-safe.
 */
final class ServerTries {
    /** Servers remembered; a directory that lists more is believed this far. */
    static final int MOST = 512;

    /** A session that ended before this time counts as a failure. */
    static final Duration LASTING = Duration.ofSeconds(30);

    /** More sessions with one server that did not last, in {@link #PERIOD}, are worth a warning. */
    static final int MANY = 3;

    static final Duration PERIOD = Duration.ofMinutes(10);

    private static final System.Logger LOG = System.getLogger(ServerTries.class.getName());

    private final Clock clock;
    private final PublicKey own;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<PublicKey, Try> tries = new LinkedHashMap<>(); // guarded by lock

    /** What we know of a server. */
    private static final class Try {
        final Backoff backoff = new Backoff();
        final ArrayDeque<Deadline> shortLived = new ArrayDeque<>(); // when each is forgotten, oldest first
        Deadline due; // null: at once
        Deadline lasting; // of the session that was made last; null if there was none, or its end is known
        boolean underWay;
        boolean told;
    }

    ServerTries(Clock clock, PublicKey own) {
        this.clock = clock;
        this.own = own;
    }

    /**
     * Asks to dial a server with which there is no session at present. Null if the caller is to do so now, and to call
     * {@link #failed} or {@link #up} after it; else when to think of it again.
     */
    Deadline begin(PublicKey server) {
        lock.lock();
        try {
            Try its = tries.get(server);
            if (its == null) {
                if (tries.size() >= MOST) {
                    return Deadline.NEVER;
                }
                its = new Try();
                tries.put(server, its);
            }
            noteEnd(its); // we may come before its own thread
            if (its.underWay) {
                return Deadline.NEVER; // when a dial ends, somebody looks again
            }
            if (its.due != null && !its.due.passed()) {
                return its.due;
            }
            its.underWay = true;
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** The dial has failed; when to dial again. */
    Deadline failed(PublicKey server) {
        lock.lock();
        try {
            Try its = tries.get(server);
            if (its == null) {
                return Deadline.NEVER;
            }
            its.underWay = false;
            its.due = clock.in(its.backoff.next());
            return its.due;
        } finally {
            lock.unlock();
        }
    }

    /** The dial has led to a session. */
    void up(DmsgSession session) {
        int times = begun(session);
        if (times > MANY) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    own.brief() + ": the last " + times + " sessions with server "
                            + session.serverKey().brief() + " at " + session.address() + " ended within "
                            + LASTING.toSeconds() + " s: most likely the server is full, or another process uses our"
                            + " key; going on with pauses");
        }
        session.onEnd(() -> ended(session));
    }

    /**
     * Begins to measure how long it lasts.
     *
     * @return how many before it did not last if that is to be said, else 0; if it was a clash of keys that ended them,
     *     {@link Evictions} has found out before this session could be made
     */
    private int begun(DmsgSession session) {
        lock.lock();
        try {
            Try its = tries.get(session.serverKey());
            if (its == null) {
                return 0;
            }
            its.underWay = false;
            its.due = null;
            its.lasting = clock.in(LASTING);
            its.shortLived.removeIf(Deadline::passed);
            if (its.told || its.shortLived.size() <= MANY) {
                return 0;
            }
            its.told = true;
            return its.shortLived.size();
        } finally {
            lock.unlock();
        }
    }

    private void ended(DmsgSession session) {
        lock.lock();
        try {
            Try its = tries.get(session.serverKey());
            if (its != null) {
                noteEnd(its);
            }
        } finally {
            lock.unlock();
        }
    }

    /** If there was a session, it is gone. */
    private void noteEnd(Try its) {
        if (its.lasting == null) {
            return;
        }
        if (its.lasting.passed()) {
            its.backoff.reset();
            its.shortLived.clear();
            its.told = false;
        } else {
            its.due = clock.in(its.backoff.next());
            its.shortLived.removeIf(Deadline::passed);
            its.shortLived.add(clock.in(PERIOD));
            if (its.shortLived.size() > 2 * MANY) {
                its.shortLived.remove();
            }
        }
        its.lasting = null;
    }

    /** Forgets the servers that are not listed any more. */
    void forgetOthers(List<DmsgEntry> listed) {
        lock.lock();
        try {
            tries.entrySet()
                    .removeIf(e -> !e.getValue().underWay
                            && listed.stream().noneMatch(server -> server.key().equals(e.getKey())));
        } finally {
            lock.unlock();
        }
    }
}
