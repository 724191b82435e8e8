package skywire.transport;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import skywire.key.PublicKey;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;

/**
 * The transports of a visor by id, and which of two for one id stays (transport §7, duplicate connections). The visor
 * with the lower key keeps the older one, the other visor the newer one; so that both do not end up without any, the
 * lower one refuses calls while it has one or is about to. Thread-safe; looking up takes no lock.
 */
final class TransportTable {
    /** Time for the link of the other side to come up when both dial at once and ours is the one refused. */
    private static final Duration OTHERS_DIAL = Duration.ofSeconds(2);

    private final Clock clock;
    private final PublicKey self;
    private final Map<UUID, Transport> live = new ConcurrentHashMap<>(); // written under lock, read without
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition(); // a dial is over, or there is one more
    private final Map<UUID, Boolean> dialling = new LinkedHashMap<>(); // guarded by lock; ids being dialled

    TransportTable(Clock clock, PublicKey self) {
        this.clock = clock;
        this.self = self;
    }

    /** The live transport of an id. */
    Optional<Transport> get(UUID id) {
        return Optional.ofNullable(live.get(id)).filter(t -> !t.isClosed());
    }

    /** All live ones, oldest first. */
    List<Transport> list() {
        var all = new ArrayList<>(live.values());
        all.removeIf(Transport::isClosed);
        all.sort((a, b) -> {
            int byTime = a.since().compareTo(b.since());
            return byTime != 0 ? byTime : a.id().compareTo(b.id());
        });
        return all;
    }

    int size() {
        return live.size();
    }

    /**
     * Asks to be the one who dials an id; waits while somebody else does.
     *
     * @param most transports there may be
     * @return the transport if there is one, empty if the caller is to dial and then call {@link #dialled}
     * @throws Failure of kind {@code LIMIT} if there are too many
     */
    Optional<Transport> beginDial(UUID id, int most, Deadline deadline) throws Failure {
        lock.lock();
        try {
            while (true) {
                Optional<Transport> existing = get(id);
                if (existing.isPresent()) {
                    return existing;
                }
                if (live.size() >= most) {
                    throw full(most);
                }
                if (dialling.putIfAbsent(id, true) == null) {
                    return Optional.empty();
                }
                if (!clock.await(lock, changed, deadline)) {
                    deadline.check("waiting for another dial of the same transport");
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** The caller's dial is over, one way or the other. */
    void dialled(UUID id) {
        lock.lock();
        try {
            dialling.remove(id);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits a little for a transport that the other side is dialling; empty if it does not come up. */
    Optional<Transport> awaitOther(UUID id, Deadline deadline) throws Failure {
        Deadline limit = deadline.orEarlier(clock, OTHERS_DIAL);
        lock.lock();
        try {
            while (true) {
                Optional<Transport> there = get(id);
                if (there.isPresent() || !clock.await(lock, changed, limit)) {
                    return there;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether a call for this id from that visor may be settled now. */
    boolean wants(UUID id, PublicKey caller, int most) {
        lock.lock();
        try {
            boolean exists = get(id).isPresent();
            boolean free = !exists && !dialling.containsKey(id);
            return (free || !keepsOlder(caller)) && (exists || live.size() < most);
        } finally {
            lock.unlock();
        }
    }

    private boolean keepsOlder(PublicKey other) {
        return self.compareTo(other) <= 0;
    }

    /**
     * Adds a settled transport.
     *
     * @param most transports there may be; several may have settled since somebody looked
     * @return the one it replaces, to be closed by the caller; empty if there was none
     * @throws Failure of kind {@code REFUSED} if the existing one stays, {@code LIMIT} if there are too many
     */
    Optional<Transport> add(Transport transport, int most) throws Failure {
        lock.lock();
        try {
            Optional<Transport> existing = get(transport.id());
            if (existing.isEmpty() && live.size() >= most) {
                throw full(most);
            }
            if (existing.isPresent() && keepsOlder(transport.remoteKey())) {
                throw new Failure(Failure.Kind.REFUSED, "underlying transport already exists");
            }
            live.put(transport.id(), transport);
            changed.signalAll();
            return existing;
        } finally {
            lock.unlock();
        }
    }

    private static Failure full(int most) {
        return new Failure(Failure.Kind.LIMIT, "this visor has " + most + " transports, as many as it may");
    }

    /** Takes out exactly this transport, if it still is the one of its id. */
    void remove(Transport transport) {
        lock.lock();
        try {
            live.remove(transport.id(), transport);
        } finally {
            lock.unlock();
        }
    }
}
