package skywire.dmsg;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import skywire.directory.DmsgDirectory;
import skywire.directory.EntryPublisher;
import skywire.directory.KeyAlarm;
import skywire.directory.KeyClash;
import skywire.entry.DmsgEntry;
import skywire.key.PublicKey;
import skywire.limit.LastingTrouble;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;

/** Tells the directory which servers a client can be reached through, and whoever waits when that is done. */
final class Presence {
    private static final Duration PUBLISH_LIMIT = Duration.ofSeconds(10);
    /** An entry is posted again after this time, changed or not: discoveries forget entries, usually after an hour. */
    private static final Duration REPOST = Duration.ofMinutes(5);

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);
    private static final Duration GATHER = Duration.ofMillis(200);
    private static final System.Logger LOG = System.getLogger(Presence.class.getName());

    private final Platform platform;
    private final DmsgConfig config;
    private final SessionSet sessions;
    private final EntryPublisher publisher;
    private final LastingTrouble unpublished;
    private final Backoff backoff = new Backoff();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private DmsgEntry published; // guarded by lock; null before the first time
    private Deadline repost; // guarded by lock; when to post it again in any case; null before the first time
    private boolean everPublished; // guarded by lock
    private boolean attempted; // guarded by lock; something may be stored, even if no answer came
    private boolean withdrawn; // guarded by lock

    Presence(Platform platform, DmsgConfig config, DmsgDirectory directory, SessionSet sessions, KeyAlarm alarm) {
        this.platform = platform;
        this.config = config;
        this.sessions = sessions;
        this.publisher = new EntryPublisher(platform, directory, config.key(), alarm);
        this.unpublished = new LastingTrouble(platform.clock(), LOG);
    }

    /** Runs until the client closes. */
    void run() throws IOException {
        while (true) {
            long seen = sessions.changes();
            Duration pause = config.updateInterval();
            if (!update()) {
                pause = backoff.next();
            }
            if (sessions.awaitChange(seen, platform.clock().in(pause)) && isPublished()) {
                platform.clock().sleep(GATHER); // several sessions often come or go together
            }
        }
    }

    /** Brings the directory up to date; false if that failed, or a server has not answered yet. */
    private boolean update() throws IOException {
        List<DmsgSession> all = sessions.all();
        List<PublicKey> servers = answering(all);
        if (servers.isEmpty()) {
            return all.isEmpty(); // nobody can reach us; what is stored is no worse than nothing
        }
        if (!config.publish()) {
            done(null);
            return true;
        }
        begin();
        try {
            Deadline deadline = platform.clock().in(PUBLISH_LIMIT);
            DmsgEntry content = DmsgEntry.client(config.key().publicKey(), servers, config.clientType());
            if (!isUpToDate(content, deadline)) {
                done(publisher.publish(content, deadline));
            }
            if (servers.size() < all.size()) {
                return false;
            }
            backoff.reset();
            unpublished.works("our entry is in the dmsg discovery again");
            return true;
        } catch (IOException e) {
            if (Failure.kindOf(e) == Failure.Kind.CANCELLED || sessions.isClosed()) {
                throw e;
            }
            sessions.trouble(Failure.wrap("publishing our entry", e));
            unpublished.fails("cannot publish our entry, so that others find us: " + Failure.text(e));
            return false;
        }
    }

    /**
     * The servers that have answered since the handshake. Its last message is ours: until the server has read it, it does
     * not lead to us, and whoever looked us up that early would be refused.
     */
    private List<PublicKey> answering(List<DmsgSession> all) throws IOException {
        var keys = new TreeSet<PublicKey>();
        for (DmsgSession session : all) {
            try {
                if (session.roundTrip().isEmpty()) {
                    session.ping(platform.clock().in(ANSWER_LIMIT));
                }
                keys.add(session.serverKey());
            } catch (IOException e) {
                if (Failure.kindOf(e) == Failure.Kind.CANCELLED || sessions.isClosed()) {
                    throw e;
                }
                LOG.log(System.Logger.Level.DEBUG, session + " does not answer: " + Failure.text(e));
            }
        }
        return new ArrayList<>(keys);
    }

    /** Whether the directory still says what we published, and that is still so. */
    private boolean isUpToDate(DmsgEntry content, Deadline deadline) throws IOException {
        if (isDue()) {
            return false;
        }
        Optional<DmsgEntry> stored = publisher.stored(content, deadline);
        return stored.isPresent()
                && new ArrayList<>(new TreeSet<>(stored.get().delegatedServers())).equals(content.delegatedServers());
    }

    /** Whether our entry is to be posted whatever the directory says. */
    private boolean isDue() {
        lock.lock();
        try {
            return published == null || repost.passed();
        } finally {
            lock.unlock();
        }
    }

    private boolean isPublished() {
        lock.lock();
        try {
            return published != null;
        } finally {
            lock.unlock();
        }
    }

    private void begin() throws Failure {
        lock.lock();
        try {
            if (withdrawn) {
                throw DmsgError.ENTITY_CLOSED.failure();
            }
            attempted = true;
        } finally {
            lock.unlock();
        }
    }

    private void done(DmsgEntry entry) {
        lock.lock();
        try {
            published = entry;
            repost = platform.clock().in(REPOST);
            everPublished = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        sessions.trouble(null);
    }

    boolean isReady() {
        lock.lock();
        try {
            return everPublished && sessions.size() > 0;
        } finally {
            lock.unlock();
        }
    }

    void awaitReady(Deadline deadline) throws IOException {
        lock.lock();
        try {
            while (!everPublished) {
                if (withdrawn) {
                    throw DmsgError.ENTITY_CLOSED.failure();
                }
                if (!platform.clock().await(lock, changed, deadline) && deadline.passed() && !everPublished) {
                    IOException why = sessions.trouble().orElse(null);
                    String because = why == null ? "" : ": " + Failure.text(why);
                    throw new Failure(Failure.Kind.TIMEOUT, "dmsg is not ready in time" + because, why);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    Optional<IOException> trouble() {
        return sessions.trouble();
    }

    Optional<KeyClash> clash() {
        return publisher.clash().or(sessions::clash);
    }

    /** Removes our entry from the directory if it is there. */
    void withdraw(Deadline deadline) throws IOException {
        lock.lock();
        try {
            withdrawn = true;
            changed.signalAll();
            if (!attempted) {
                return;
            }
        } finally {
            lock.unlock();
        }
        publisher.remove(DmsgEntry.client(config.key().publicKey(), List.of(), config.clientType()), deadline);
    }
}
