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
import skywire.limit.LogLimit;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;

/** Keeps the entry of a server published: at the start, now and then, and soon after its free sessions changed. */
final class Announcement {
    /** Changes within this time are published together. */
    private static final Duration GATHER = Duration.ofSeconds(1);

    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LAST_RETRY = Duration.ofSeconds(15);
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration GOODBYE = Duration.ofSeconds(2);

    private static final System.Logger LOG = System.getLogger(Announcement.class.getName());

    private final Clock clock;
    private final EntryPublisher publisher;
    private final SecretKey key;
    private final Duration refresh;
    private final LogLimit warnings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private ServerInfo info; // guarded by lock
    private boolean due = true; // guarded by lock
    private boolean published; // guarded by lock

    Announcement(Platform platform, DmsgDirectory directory, SecretKey key, ServerInfo info, Duration refresh) {
        this.clock = platform.clock();
        this.publisher = new EntryPublisher(platform, directory, key);
        this.key = key;
        this.info = info;
        this.refresh = refresh;
        this.warnings = new LogLimit(clock, LOG);
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

    /** Publishes until interrupted. */
    void run() throws IOException {
        Duration retry = FIRST_RETRY;
        while (true) {
            boolean good = publish();
            if (good) {
                retry = FIRST_RETRY;
                clock.sleep(GATHER);
                awaitDue(clock.in(refresh));
            } else {
                clock.sleep(retry);
                retry = retry.multipliedBy(13).dividedBy(10);
                retry = retry.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : retry;
            }
        }
    }

    private void awaitDue(Deadline next) throws Failure {
        lock.lock();
        try {
            while (!due && clock.await(lock, changed, next)) {
                continue;
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean publish() throws Failure {
        ServerInfo now = take();
        boolean good = false;
        try {
            publisher.publish(DmsgEntry.server(key.publicKey(), now), clock.in(LIMIT));
            good = true;
        } catch (Failure e) {
            if (e.kind() == Failure.Kind.CANCELLED) {
                throw e;
            }
            warn(e);
        } catch (IOException e) {
            warn(e);
        }
        lock.lock();
        try {
            published = good;
            return good;
        } finally {
            lock.unlock();
        }
    }

    private ServerInfo take() {
        lock.lock();
        try {
            due = false;
            return info;
        } finally {
            lock.unlock();
        }
    }

    private void warn(IOException e) {
        warnings.log(System.Logger.Level.WARNING, "cannot publish our server entry: " + Failure.text(e));
    }

    /** Takes the entry back, if that goes quickly. */
    void withdraw() {
        lock.lock();
        try {
            if (!published) {
                return;
            }
            published = false;
        } finally {
            lock.unlock();
        }
        try {
            publisher.remove(DmsgEntry.server(key.publicKey(), take()), clock.in(GOODBYE));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "entry not withdrawn", e);
        }
    }
}
