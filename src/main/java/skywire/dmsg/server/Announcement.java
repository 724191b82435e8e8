package skywire.dmsg.server;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import skywire.directory.DmsgDirectory;
import skywire.directory.EntryPublisher;
import skywire.directory.KeyClash;
import skywire.entry.DmsgEntry;
import skywire.entry.ServerInfo;
import skywire.key.SecretKey;
import skywire.limit.LastingTrouble;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;

/** Keeps the entry of a server published: at the start, now and then, and soon after its free sessions changed. */
final class Announcement {
    /** Changes within this time are published together. */
    private static final Duration GATHER = Duration.ofSeconds(1);

    /** Links to other servers come up together; the first of them need not be the way to the discovery. */
    private static final Duration GATHER_LINKS = Duration.ofMillis(200);

    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LAST_RETRY = Duration.ofSeconds(15);
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static final Duration GOODBYE = Duration.ofSeconds(2);

    private static final System.Logger LOG = System.getLogger(Announcement.class.getName());

    private final Clock clock;
    private final EntryPublisher publisher;
    private final SecretKey key;
    private final Duration refresh;
    private final LastingTrouble unpublished;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private ServerInfo info; // guarded by lock
    private boolean due = true; // guarded by lock
    private boolean publishing; // guarded by lock; an update is under way
    private boolean published; // guarded by lock
    private boolean attempted; // guarded by lock; something may be stored, even if no answer came
    private boolean hurried; // guarded by lock; the next try after a failure is due now
    private boolean withdrawn; // guarded by lock; nothing is published any more

    Announcement(Platform platform, DmsgDirectory directory, SecretKey key, ServerInfo info, Duration refresh) {
        this.clock = platform.clock();
        this.publisher = new EntryPublisher(platform, directory, key);
        this.key = key;
        this.info = info;
        this.refresh = refresh;
        this.unpublished = new LastingTrouble(clock, LOG);
    }

    /** How many more sessions the server takes now. */
    void available(int sessions) {
        lock.lock();
        try {
            if (info.availableSessions() != sessions) {
                info = info.withAvailableSessions(sessions);
                due = true;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Something has changed for the better: if this try fails, the next is due at once. */
    void hurry() {
        lock.lock();
        try {
            if (!published) {
                hurried = true;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    boolean published() {
        lock.lock();
        try {
            return published;
        } finally {
            lock.unlock();
        }
    }

    /** Evidence that another process uses our key. */
    Optional<KeyClash> clash() {
        return publisher.clash();
    }

    /** Publishes until interrupted, as long as the entry is not {@linkplain #withdraw withdrawn}. */
    void run() throws IOException {
        Duration retry = FIRST_RETRY;
        while (true) {
            boolean good = publish();
            if (good) {
                retry = FIRST_RETRY;
                clock.sleep(GATHER);
                awaitDue(clock.in(refresh));
            } else {
                if (awaitHurry(clock.in(retry))) {
                    clock.sleep(GATHER_LINKS);
                }
                retry = retry.multipliedBy(13).dividedBy(10);
                retry = retry.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : retry;
            }
        }
    }

    private void awaitDue(Deadline next) throws Failure {
        lock.lock();
        try {
            while (withdrawn || !due) { // once withdrawn there is nothing more to do, until the end
                if (!clock.await(lock, changed, withdrawn ? Deadline.NEVER : next) && !withdrawn) {
                    return;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean awaitHurry(Deadline next) throws Failure {
        lock.lock();
        try {
            while (!hurried && clock.await(lock, changed, next)) {
                continue;
            }
            return hurried;
        } finally {
            lock.unlock();
        }
    }

    private boolean publish() throws Failure {
        Optional<ServerInfo> now = begin();
        if (now.isEmpty()) {
            return true;
        }
        boolean good = published(); // also if this is interrupted
        try {
            publisher.publish(DmsgEntry.server(key.publicKey(), now.get()), clock.in(LIMIT));
            good = true;
        } catch (Failure e) {
            if (e.kind() == Failure.Kind.CANCELLED) {
                throw e;
            }
            good = false;
            warn(e);
        } catch (IOException e) {
            good = false;
            warn(e);
        } finally {
            done(good);
        }
        if (good) {
            unpublished.works("our server entry is published again");
        }
        return good;
    }

    /** What is to be published now; nothing once it is withdrawn. */
    private Optional<ServerInfo> begin() {
        lock.lock();
        try {
            due = false;
            hurried = false;
            publishing = !withdrawn;
            attempted |= publishing;
            return withdrawn ? Optional.empty() : Optional.of(info);
        } finally {
            lock.unlock();
        }
    }

    private void done(boolean good) {
        lock.lock();
        try {
            publishing = false;
            published = good;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void warn(IOException e) {
        unpublished.fails("cannot publish our server entry: " + Failure.text(e));
    }

    /** Takes the entry back, if that goes quickly, and publishes nothing from now on. */
    void withdraw(Deadline until) {
        Deadline limit = until.orEarlier(clock, GOODBYE);
        try {
            Optional<ServerInfo> last = end(limit);
            if (last.isPresent()) {
                publisher.remove(DmsgEntry.server(key.publicKey(), last.get()), limit);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "entry not withdrawn", e);
        }
    }

    /** Ends publishing, after an update that is under way; what may be stored, if anything is. */
    private Optional<ServerInfo> end(Deadline limit) throws Failure {
        lock.lock();
        try {
            withdrawn = true;
            changed.signalAll();
            while (publishing && clock.await(lock, changed, limit)) {
                continue;
            }
            boolean stored = attempted;
            attempted = false;
            published = false;
            return stored ? Optional.of(info) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }
}
