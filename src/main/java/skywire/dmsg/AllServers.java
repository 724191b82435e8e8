package skywire.dmsg;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import skywire.entry.DmsgEntry;
import skywire.key.PublicKey;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;
import skywire.platform.Scope;

/**
 * Sessions to every server there is, as services and servers need them (spec dmsg §9, §10): side by side, so that one
 * that does not answer holds up none of the others, and with a pause of its own for each that fails or does not last.
 */
final class AllServers {
    /** Servers dialled at a time. */
    static final int AT_A_TIME = 16;

    /** Servers remembered; a directory that lists more is believed this far. */
    static final int MOST = 512;

    /** A session that ended before this time counts as a failure. */
    private static final Duration LASTING = Duration.ofSeconds(30);

    private final Platform platform;
    private final SessionSet sessions;
    private final Scope scope;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<PublicKey, Try> tries = new LinkedHashMap<>(); // guarded by lock
    private int dialling; // guarded by lock

    /** What we know of a server. */
    private static final class Try {
        final Backoff backoff = new Backoff();
        Deadline due; // null: at once
        Deadline lasting; // of the session that was made last; null if there was none
        boolean underWay;
    }

    AllServers(Platform platform, SessionSet sessions, Scope scope) {
        this.platform = platform;
        this.sessions = sessions;
        this.scope = scope;
    }

    /**
     * Begins to dial those that are missing and due.
     *
     * @return when to look again at the latest
     */
    Deadline dial(List<DmsgEntry> servers, Deadline otherwise) throws IOException {
        Deadline next = otherwise;
        for (DmsgEntry server : servers) {
            if (sessions.find(server.key()).isPresent()) {
                continue;
            }
            Deadline due = begin(server.key());
            if (due == null) {
                scope.forkChild("dial " + server.key().brief(), () -> connect(server));
            } else {
                next = next.orEarlier(due);
            }
        }
        forget(servers);
        return next;
    }

    /** Null if the server is to be dialled now, by the caller; else when to think of it again. */
    private Deadline begin(PublicKey server) {
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
            if (its.lasting != null) { // there was a session, and it is gone
                if (its.lasting.passed()) {
                    its.backoff.reset();
                } else {
                    its.due = platform.clock().in(its.backoff.next());
                }
                its.lasting = null;
            }
            if (its.underWay || dialling >= AT_A_TIME) {
                return Deadline.NEVER; // when a dial ends, we look again
            }
            if (its.due != null && !its.due.passed()) {
                return its.due;
            }
            its.underWay = true;
            dialling++;
            return null;
        } finally {
            lock.unlock();
        }
    }

    private void connect(DmsgEntry server) throws IOException {
        boolean good = false;
        try {
            sessions.connect(server, platform.clock().in(DmsgSession.CONNECT_LIMIT));
            good = true;
        } catch (IOException e) {
            if (Failure.kindOf(e) == Failure.Kind.CANCELLED || sessions.isClosed()) {
                throw e;
            }
            sessions.trouble(e);
        } finally {
            end(server.key(), good);
            sessions.lookAgain();
        }
    }

    private void end(PublicKey server, boolean good) {
        lock.lock();
        try {
            dialling--;
            Try its = tries.get(server);
            if (its != null) {
                its.underWay = false;
                its.due = good ? null : platform.clock().in(its.backoff.next());
                its.lasting = good ? platform.clock().in(LASTING) : null;
            }
        } finally {
            lock.unlock();
        }
    }

    private void forget(List<DmsgEntry> listed) {
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
