package skywire.transport;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import skywire.entry.SignedTransportEntry;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;

/**
 * What the transport directory is still to be told; the last wish for an id counts. Registering is the business of the
 * side that was dialled, deleting that of both (transport §6). Thread-safe.
 */
final class Wishes {
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<UUID, Transport> live = new LinkedHashMap<>(); // guarded by lock
    private final Map<UUID, SignedTransportEntry> toRegister = new LinkedHashMap<>(); // guarded by lock
    private final Map<UUID, Refused> refused = new LinkedHashMap<>(); // guarded by lock; live ones only
    private final Map<UUID, Deletion> toDelete = new LinkedHashMap<>(); // guarded by lock
    private Deadline again; // guarded by lock; when all live entries are due once more

    /** An entry the directory did not want: when it is due again, and the pause if it is still not wanted then. */
    private record Refused(Deadline until, Duration pause) {}

    /** One wish to have an id deleted; a later one for the same id is another. */
    static final class Deletion {
        final UUID id;
        int tries; // refusals so far; registrar thread only

        Deletion(UUID id) {
            this.id = id;
        }
    }

    Wishes(Clock clock) {
        this.clock = clock;
        this.again = clock.in(Registrar.AGAIN);
    }

    /** There is this transport now; to be called before {@link #down} can be. What was wished for its id is void. */
    void up(Transport transport) {
        UUID id = transport.id();
        lock.lock();
        try {
            forget(id);
            live.put(id, transport);
            if (!transport.isDialled()) {
                toRegister.put(id, transport.entry());
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** This transport has ended; means nothing if there is another one of its id already. */
    void down(Transport transport) {
        UUID id = transport.id();
        lock.lock();
        try {
            if (live.remove(id, transport)) {
                forget(id);
                toDelete.put(id, new Deletion(id));
                if (toDelete.size() > Registrar.MOST_DELETIONS) {
                    toDelete.remove(toDelete.keySet().iterator().next());
                }
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private void forget(UUID id) {
        toRegister.remove(id);
        refused.remove(id);
        toDelete.remove(id);
    }

    /**
     * Waits for something to do.
     *
     * @return what to register, perhaps nothing: all that may go together first, then each that was refused before and
     *     is due again
     */
    List<List<SignedTransportEntry>> await() throws Failure {
        lock.lock();
        try {
            while (true) {
                if (again.passed()) {
                    again = clock.in(Registrar.AGAIN);
                    registered().forEach(t -> toRegister.put(t.id(), t.entry()));
                }
                List<List<SignedTransportEntry>> requests = due();
                if (!requests.isEmpty() || !toDelete.isEmpty()) {
                    return requests;
                }
                clock.await(lock, changed, next());
            }
        } finally {
            lock.unlock();
        }
    }

    private List<List<SignedTransportEntry>> due() {
        List<List<SignedTransportEntry>> requests = new ArrayList<>();
        List<SignedTransportEntry> together = new ArrayList<>();
        toRegister.forEach((id, entry) -> {
            Refused before = refused.get(id);
            if (before == null) {
                together.add(entry);
            } else if (before.until().passed()) {
                requests.add(List.of(entry));
            }
        });
        if (!together.isEmpty()) {
            requests.addFirst(together);
        }
        return requests;
    }

    private List<Transport> registered() {
        return live.values().stream().filter(t -> !t.isDialled()).toList();
    }

    private Deadline next() {
        Deadline next = registered().isEmpty() ? Deadline.NEVER : again;
        for (UUID id : toRegister.keySet()) {
            next = next.orEarlier(refused.get(id).until());
        }
        return next;
    }

    /** The directory has taken these. */
    void registered(List<SignedTransportEntry> entries) {
        lock.lock();
        try {
            for (SignedTransportEntry entry : entries) {
                if (toRegister.remove(entry.entry().id(), entry)) {
                    refused.remove(entry.entry().id());
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** The directory does not want this one. */
    void refused(SignedTransportEntry entry) {
        UUID id = entry.entry().id();
        lock.lock();
        try {
            if (entry.equals(toRegister.get(id))) {
                Refused before = refused.get(id);
                Duration pause = before == null ? Registrar.FIRST_REFUSAL : before.pause();
                Duration doubled = Registrar.shorter(pause.multipliedBy(2), Registrar.LONGEST_REFUSAL);
                refused.put(id, new Refused(clock.in(pause), doubled));
            }
        } finally {
            lock.unlock();
        }
    }

    List<Deletion> deletions() {
        lock.lock();
        try {
            return new ArrayList<>(toDelete.values());
        } finally {
            lock.unlock();
        }
    }

    /** Whether it still holds: there may be a transport of that id again. */
    boolean holds(Deletion wish) {
        lock.lock();
        try {
            return toDelete.get(wish.id) == wish;
        } finally {
            lock.unlock();
        }
    }

    /** It is done, or given up. */
    void forget(Deletion wish) {
        lock.lock();
        try {
            toDelete.remove(wish.id, wish);
        } finally {
            lock.unlock();
        }
    }

    /** What the directory may still list, to be deleted when the node ends. */
    List<UUID> left() {
        lock.lock();
        try {
            List<UUID> ids = new ArrayList<>();
            registered().forEach(t -> ids.add(t.id()));
            ids.addAll(toDelete.keySet());
            return ids;
        } finally {
            lock.unlock();
        }
    }
}
