package skywire.dmsg;

import java.io.IOException;
import java.util.List;
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

    private final Platform platform;
    private final SessionSet sessions;
    private final ServerTries tries;
    private final Scope scope;
    private final ReentrantLock lock = new ReentrantLock();
    private int dialling; // guarded by lock

    AllServers(Platform platform, SessionSet sessions, ServerTries tries, Scope scope) {
        this.platform = platform;
        this.sessions = sessions;
        this.tries = tries;
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
        tries.forgetOthers(servers);
        return next;
    }

    /** Null if the server is to be dialled now, by the caller; else when to think of it again. */
    private Deadline begin(PublicKey server) {
        lock.lock();
        try {
            if (dialling >= AT_A_TIME) {
                return Deadline.NEVER; // when a dial ends, we look again
            }
            Deadline due = tries.begin(server);
            if (due == null) {
                dialling++;
            }
            return due;
        } finally {
            lock.unlock();
        }
    }

    private void connect(DmsgEntry server) throws IOException {
        DmsgSession session = null;
        try {
            session = sessions.connect(server, platform.clock().in(DmsgSession.CONNECT_LIMIT));
        } catch (IOException e) {
            if (Failure.kindOf(e) == Failure.Kind.CANCELLED || sessions.isClosed()) {
                throw e;
            }
            sessions.trouble(e);
        } finally {
            if (session == null) {
                tries.failed(server.key());
            } else {
                tries.up(session);
            }
            end();
            sessions.lookAgain();
        }
    }

    private void end() {
        lock.lock();
        try {
            dialling--;
        } finally {
            lock.unlock();
        }
    }
}
