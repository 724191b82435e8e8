package skywire.dmsg;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import skywire.directory.KeyAlarm;
import skywire.directory.KeyClash;
import skywire.entry.DmsgEntry;
import skywire.entry.ServerInfo;
import skywire.key.PublicKey;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Platform;

/** The sessions of a client, at most one per server, and a way to wait for changes. Thread-safe. */
final class SessionSet {
    private static final System.Logger LOG = System.getLogger(SessionSet.class.getName());

    private final Platform platform;
    private final DmsgConfig config;
    private final PortTable<Object> ports;
    private final RequestMemory memory;
    private final Evictions evictions;
    private final Transit transit;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<PublicKey, DmsgSession> sessions = new LinkedHashMap<>(); // guarded by lock
    private final Set<PublicKey> connecting = new LinkedHashSet<>(); // guarded by lock
    private long changes; // guarded by lock; counts sessions that came or went
    private long looks; // guarded by lock; counts other reasons to look at the servers again
    private boolean closed; // guarded by lock
    private IOException trouble; // guarded by lock; why the last attempt at something failed, null if it worked

    SessionSet(Platform platform, DmsgConfig config, PortTable<Object> ports, KeyAlarm alarm, Transit transit) {
        this.platform = platform;
        this.config = config;
        this.ports = ports;
        this.transit = transit;
        this.memory = new RequestMemory(platform.clock(), config.strictClocks());
        this.evictions = new Evictions(platform.clock(), alarm);
    }

    /** The session with this server if there is one. */
    Optional<DmsgSession> find(PublicKey server) {
        lock.lock();
        try {
            return Optional.ofNullable(sessions.get(server));
        } finally {
            lock.unlock();
        }
    }

    /** All sessions, oldest first. */
    List<DmsgSession> all() {
        lock.lock();
        try {
            return new ArrayList<>(sessions.values());
        } finally {
            lock.unlock();
        }
    }

    /** Number of sessions. */
    int size() {
        lock.lock();
        try {
            return sessions.size();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The session with that server: the one there is, or a new one. Never makes two at a time with one server.
     *
     * @throws Failure of kind {@code REFUSED} while another process with our key is left its place
     */
    DmsgSession connect(DmsgEntry server, Deadline deadline) throws IOException {
        ServerInfo info = server.server().orElseThrow(DmsgError.ENTRY_IS_NOT_SERVER::failure);
        PublicKey key = server.key();
        Optional<DmsgSession> existing = claim(key, deadline);
        if (existing.isPresent()) {
            return existing.get();
        }
        DmsgSession session = null;
        try {
            evictions.check();
            probe(key, address(info), deadline);
            session = DmsgSession.open(platform, config.key(), key, address(info), ports, memory, transit, deadline);
            return session;
        } finally {
            release(key, session);
        }
    }

    /** While it runs nobody makes a session of ours with this server, so that it does not find ourselves. */
    private void probe(PublicKey server, HostPort address, Deadline deadline) throws IOException {
        if (evictions.isSuspicious(server)) {
            PublicKey own = config.key().publicKey();
            evictions.judged(server, KeyProbe.isTaken(platform, own, server, address, memory, deadline));
            evictions.check();
        }
    }

    /** Evidence that another process with our key takes our sessions away. */
    Optional<KeyClash> clash() {
        return evictions.clash();
    }

    private static HostPort address(ServerInfo info) throws Failure {
        try {
            return HostPort.parse(info.address());
        } catch (IllegalArgumentException e) {
            throw new Failure(Failure.Kind.MALFORMED, "server entry with a bad address", e);
        }
    }

    private Optional<DmsgSession> claim(PublicKey server, Deadline deadline) throws IOException {
        lock.lock();
        try {
            while (true) {
                checkOpen();
                DmsgSession session = sessions.get(server);
                if (session != null) {
                    return Optional.of(session);
                }
                if (connecting.add(server)) {
                    return Optional.empty();
                }
                if (!platform.clock().await(lock, changed, deadline) && deadline.passed()) {
                    throw Failure.timeout("waiting for a session with server " + server.brief());
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void release(PublicKey server, DmsgSession session) throws IOException {
        boolean late;
        lock.lock();
        try {
            connecting.remove(server);
            late = closed;
            if (session != null && !late) {
                sessions.put(server, session);
                changes++;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (session == null) {
            return;
        }
        if (late) {
            session.close();
            throw DmsgError.ENTITY_CLOSED.failure();
        }
        LOG.log(level(), config.key().publicKey().brief() + ": " + session + " is up");
        transit.up(session);
        session.onEnd(() -> forget(session));
    }

    /** A client that is not published and not everywhere only looks something up: nobody wants to hear of that. */
    private System.Logger.Level level() {
        boolean lasting = config.publish() || config.sessions() == 0;
        return lasting ? System.Logger.Level.INFO : System.Logger.Level.DEBUG;
    }

    /** Runs once for each session that was up, whoever ended it. */
    private void forget(DmsgSession session) {
        boolean open;
        lock.lock();
        try {
            open = !closed;
            if (sessions.remove(session.serverKey(), session)) {
                changes++;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        transit.down(session);
        if (open) {
            if (session.ended().kind() == Failure.Kind.CLOSED_THERE) {
                evictions.ended(session.serverKey());
            }
            LOG.log(
                    level(),
                    config.key().publicKey().brief() + ": " + session + " ended: " + Failure.text(session.ended()));
        }
    }

    private void checkOpen() throws Failure {
        if (closed) {
            throw DmsgError.ENTITY_CLOSED.failure();
        }
    }

    /** A number that grows with every session that comes or goes. */
    long changes() {
        lock.lock();
        try {
            return changes;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until {@link #changes} is not {@code known} any more, or the deadline; says whether it changed. */
    boolean awaitChange(long known, Deadline deadline) throws IOException {
        lock.lock();
        try {
            while (changes == known) {
                checkOpen();
                if (!platform.clock().await(lock, changed, deadline) && deadline.passed()) {
                    return false;
                }
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** A number that grows with every change, and with every {@link #lookAgain}. */
    long reasons() {
        lock.lock();
        try {
            return changes + looks;
        } finally {
            lock.unlock();
        }
    }

    /** Has whoever keeps the sessions look at the servers again. */
    void lookAgain() {
        lock.lock();
        try {
            looks++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until {@link #reasons} is not {@code known} any more, or the deadline. */
    void awaitReason(long known, Deadline deadline) throws IOException {
        lock.lock();
        try {
            while (changes + looks == known) {
                checkOpen();
                if (!platform.clock().await(lock, changed, deadline) && deadline.passed()) {
                    return;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether it was closed. */
    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Notes what stands in the way of being reachable; null for nothing any more. */
    void trouble(IOException why) {
        lock.lock();
        try {
            trouble = why;
        } finally {
            lock.unlock();
        }
    }

    /** What stands in the way of being reachable. */
    Optional<IOException> trouble() {
        lock.lock();
        try {
            return Optional.ofNullable(trouble);
        } finally {
            lock.unlock();
        }
    }

    /** Ends all sessions and takes no more. */
    void close() {
        List<DmsgSession> all;
        lock.lock();
        try {
            closed = true;
            all = new ArrayList<>(sessions.values());
            sessions.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        all.forEach(DmsgSession::close);
    }
}
