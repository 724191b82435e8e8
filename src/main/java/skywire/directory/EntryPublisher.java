package skywire.directory;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import skywire.entry.DmsgEntry;
import skywire.key.SecretKey;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;

/**
 * Keeps the entry of one key up to date: sequence numbers, times, signatures, and what to do when somebody else (an
 * earlier run of the same node) was faster (discovery §1.4). Updates are made one after another. When another process
 * uses the key, updates are held back, see {@link #clash}. Thread-safe.
 */
public final class EntryPublisher {
    private static final int TRIES = 4;

    private final Platform platform;
    private final DmsgDirectory directory;
    private final SecretKey secret;
    private final KeyWatch watch;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition free = lock.newCondition();
    private boolean busy; // guarded by lock; one update at a time

    /** A publisher for the entry of this key. */
    public EntryPublisher(Platform platform, DmsgDirectory directory, SecretKey secret) {
        this(platform, directory, secret, new KeyAlarm(platform.clock(), secret.publicKey()));
    }

    /** The same where others too may notice that the key is used by another process. */
    public EntryPublisher(Platform platform, DmsgDirectory directory, SecretKey secret, KeyAlarm alarm) {
        this.platform = platform;
        this.directory = directory;
        this.secret = secret;
        this.watch = new KeyWatch(platform.clock(), alarm);
    }

    /** Evidence that another process publishes entries of our key; while there is some, ours are held back. */
    public Optional<KeyClash> clash() {
        return watch.clash();
    }

    /**
     * What the directory has of us.
     *
     * @param content our entry as we would publish it
     */
    public Optional<DmsgEntry> stored(DmsgEntry content, Deadline deadline) throws IOException {
        Optional<DmsgEntry> stored = directory.stored(content.key(), deadline);
        watch.saw(stored, content);
        return stored;
    }

    /**
     * Publishes what we are now.
     *
     * @param content our entry with its client or server part; sequence, time and signature are filled in here
     * @return what is stored now: ours, a newer one that was stored meanwhile, or that of another process if the key is
     *     in use there too
     * @throws Failure of kind {@code REFUSED} if the directory does not want it for another reason than the sequence
     */
    public DmsgEntry publish(DmsgEntry content, Deadline deadline) throws IOException {
        begin(deadline);
        try {
            return publishAlone(content, deadline);
        } finally {
            end();
        }
    }

    private DmsgEntry publishAlone(DmsgEntry content, Deadline deadline) throws IOException {
        long now = platform.clock().unixNanos();
        Optional<DmsgEntry> stored = stored(content, deadline);
        if (!watch.mayPublish(stored)) {
            return stored.orElseThrow();
        }
        for (int tries = 1; ; tries++) {
            DmsgEntry next = next(content, stored, now).sign(secret);
            watch.signed(next);
            try {
                directory.publish(next, deadline);
                return next;
            } catch (Failure e) {
                if (e.kind() != Failure.Kind.REFUSED || tries == TRIES) {
                    throw e;
                }
                stored = stored(content, deadline);
                if (stored.isEmpty() || Long.compareUnsigned(stored.get().sequence(), next.sequence()) < 0) {
                    throw e; // it was not the sequence
                }
                if (stored.get().timestamp() > next.timestamp()) {
                    return stored.get();
                }
            }
        }
    }

    private static DmsgEntry next(DmsgEntry content, Optional<DmsgEntry> stored, long now) {
        if (stored.isEmpty()) {
            return content.with(0, now);
        }
        return content.with(
                stored.get().sequence() + 1, Math.max(now, stored.get().timestamp()));
    }

    /** Removes our entry; a fresh statement is signed for it, since a discovery may have altered the stored one. */
    public void remove(DmsgEntry content, Deadline deadline) throws IOException {
        begin(deadline);
        try {
            long now = platform.clock().unixNanos();
            directory.delete(content.with(content.sequence(), now).sign(secret), deadline);
        } finally {
            end();
        }
    }

    private void begin(Deadline deadline) throws Failure {
        lock.lock();
        try {
            while (busy) {
                if (!platform.clock().await(lock, free, deadline) && busy) {
                    throw Failure.timeout("waiting for an earlier update of our entry");
                }
            }
            busy = true;
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            busy = false;
            free.signal();
        } finally {
            lock.unlock();
        }
    }
}
