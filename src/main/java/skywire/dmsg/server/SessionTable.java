package skywire.dmsg.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import skywire.key.PublicKey;
import skywire.platform.Failure;

/**
 * One session per key, the newest; never more than a limit, which the server's own client is not counted in. Thread-safe;
 * closes nothing itself.
 */
final class SessionTable {
    private final int max;
    private final PublicKey own;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<PublicKey, ServerSession> sessions = new HashMap<>(); // guarded by lock
    private boolean complete; // guarded by lock; takes no more
    private boolean closed; // guarded by lock

    SessionTable(int max, PublicKey own) {
        this.max = max;
        this.own = own;
    }

    /**
     * Adds a session.
     *
     * @return the session of the same key that it replaces, for the caller to close
     * @throws Failure of kind {@code LIMIT} if the table is full and it replaces none; {@code CLOSED_HERE} if it takes no
     *     more
     */
    Optional<ServerSession> add(ServerSession session) throws Failure {
        lock.lock();
        try {
            if (closed || complete) {
                throw Failure.closedHere("dmsg server");
            }
            boolean counts = !session.key().equals(own) && !sessions.containsKey(session.key());
            if (counts && sizeLocked() >= max) {
                throw new Failure(Failure.Kind.LIMIT, "all " + max + " sessions are taken");
            }
            return Optional.ofNullable(sessions.put(session.key(), session));
        } finally {
            lock.unlock();
        }
    }

    /** Removes this session; a newer one of the same key stays. */
    boolean remove(ServerSession session) {
        lock.lock();
        try {
            return sessions.get(session.key()) == session && sessions.remove(session.key()) == session;
        } finally {
            lock.unlock();
        }
    }

    Optional<ServerSession> find(PublicKey key) {
        lock.lock();
        try {
            return Optional.ofNullable(sessions.get(key));
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return sizeLocked();
        } finally {
            lock.unlock();
        }
    }

    private int sizeLocked() {
        return sessions.size() - (sessions.containsKey(own) ? 1 : 0);
    }

    List<ServerSession> all() {
        lock.lock();
        try {
            return new ArrayList<>(sessions.values());
        } finally {
            lock.unlock();
        }
    }

    /** What is to be seen of all but the server's own client. */
    List<SessionView> views(long now, Set<PublicKey> peers) {
        return all().stream()
                .filter(session -> !session.key().equals(own))
                .map(session -> new SessionView(
                        session.key(),
                        session.remote(),
                        Duration.ofNanos(now - session.since()),
                        session.mux().streamCount(),
                        peers.contains(session.key()),
                        session.mux().bytes()))
                .toList();
    }

    /** Takes no more, but keeps what is in it. */
    void takeNoMore() {
        lock.lock();
        try {
            complete = true;
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more; what was in it, for the caller to close. */
    List<ServerSession> close() {
        lock.lock();
        try {
            closed = true;
            List<ServerSession> all = new ArrayList<>(sessions.values());
            sessions.clear();
            return all;
        } finally {
            lock.unlock();
        }
    }
}
