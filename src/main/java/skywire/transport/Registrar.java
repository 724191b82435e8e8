package skywire.transport;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import skywire.directory.TransportDirectory;
import skywire.entry.SignedTransportEntry;
import skywire.limit.LogLimit;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;

/**
 * Keeps the transport directory in step with our transports, in the background: a slow or missing directory delays
 * nothing (transport §6, §7). What matters is the last wish for an id. Thread-safe.
 */
final class Registrar {
    private static final System.Logger LOG = System.getLogger(Registrar.class.getName());
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(30);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(20);
    private static final int TRIES = 5;

    /** All live entries are registered again after this time, for directories that let them expire. */
    static final Duration AGAIN = Duration.ofSeconds(90);

    private final Clock clock;
    private final TransportDirectory directory;
    private final LogLimit log;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<UUID, SignedTransportEntry> live = new LinkedHashMap<>(); // guarded by lock
    private final Map<UUID, SignedTransportEntry> toRegister = new LinkedHashMap<>(); // guarded by lock
    private final Map<UUID, Integer> toDelete = new LinkedHashMap<>(); // guarded by lock; tries made

    Registrar(Clock clock, TransportDirectory directory) {
        this.clock = clock;
        this.directory = directory;
        this.log = new LogLimit(clock, LOG);
    }

    void register(SignedTransportEntry entry) {
        lock.lock();
        try {
            UUID id = entry.entry().id();
            live.put(id, entry);
            toRegister.put(id, entry);
            toDelete.remove(id);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    void delete(UUID id) {
        lock.lock();
        try {
            live.remove(id);
            toRegister.remove(id);
            toDelete.put(id, 0);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Works until the thread is interrupted. */
    void run() throws IOException {
        Duration pause = FIRST_PAUSE;
        while (true) {
            boolean done;
            List<SignedTransportEntry> entries = nextEntries();
            try {
                if (!entries.isEmpty()) {
                    directory.register(entries, clock.in(REQUEST_LIMIT));
                    registered(entries);
                }
                done = deleteAll();
            } catch (IOException e) {
                if (Failure.kindOf(e) == Failure.Kind.CANCELLED) {
                    throw e;
                }
                log.log(System.Logger.Level.DEBUG, "transport directory: " + Failure.text(e));
                done = false;
            }
            pause = done ? FIRST_PAUSE : shorter(pause.multipliedBy(2), LONGEST_PAUSE);
            if (!done) {
                clock.sleep(pause);
            }
        }
    }

    /** Waits for something to do; what is to be registered, perhaps nothing. */
    private List<SignedTransportEntry> nextEntries() throws IOException {
        Deadline again = clock.in(AGAIN);
        lock.lock();
        try {
            while (toRegister.isEmpty() && toDelete.isEmpty()) {
                if (!clock.await(lock, changed, live.isEmpty() ? Deadline.NEVER : again) && !live.isEmpty()) {
                    toRegister.putAll(live);
                    again = clock.in(AGAIN);
                }
            }
            return new ArrayList<>(toRegister.values());
        } finally {
            lock.unlock();
        }
    }

    private void registered(List<SignedTransportEntry> entries) {
        lock.lock();
        try {
            entries.forEach(e -> toRegister.remove(e.entry().id(), e));
        } finally {
            lock.unlock();
        }
    }

    /** False if something is left to be tried again. */
    private boolean deleteAll() throws IOException {
        boolean done = true;
        for (UUID id : deletions()) {
            boolean gone = false;
            try {
                directory.delete(id, clock.in(REQUEST_LIMIT));
                gone = true;
            } catch (IOException e) {
                if (Failure.kindOf(e) == Failure.Kind.CANCELLED) {
                    throw e;
                }
                log.log(System.Logger.Level.DEBUG, "transport directory: " + Failure.text(e));
            }
            done &= settled(id, gone);
        }
        return done;
    }

    private List<UUID> deletions() {
        lock.lock();
        try {
            return new ArrayList<>(toDelete.keySet());
        } finally {
            lock.unlock();
        }
    }

    private boolean settled(UUID id, boolean gone) {
        lock.lock();
        try {
            if (gone) {
                toDelete.remove(id);
                return true;
            }
            Integer tries = toDelete.computeIfPresent(id, (i, n) -> n + 1 >= TRIES ? null : n + 1);
            return tries == null;
        } finally {
            lock.unlock();
        }
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    /** Deletes what is live now, once, by the deadline: at the end of the node. */
    void leave(Deadline deadline) {
        List<UUID> ids;
        lock.lock();
        try {
            ids = new ArrayList<>(live.keySet());
            ids.addAll(toDelete.keySet());
        } finally {
            lock.unlock();
        }
        for (UUID id : ids) {
            try {
                directory.delete(id, deadline);
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "transport directory: " + Failure.text(e));
                return;
            }
        }
    }
}
