package skywire.dmsg;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import skywire.platform.Failure;

/**
 * Who has which local port: listeners and the ephemeral ports of dialled streams share one table (spec dmsg §5). Thread-safe.
 *
 * @param <T> what a port stands for; compared by identity when it is freed
 */
public final class PortTable<T> {
    private static final int FIRST_EPHEMERAL = 49152;
    private static final int LAST = 65535;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Integer, T> owners = new HashMap<>(); // guarded by lock
    private int ephemeral = FIRST_EPHEMERAL; // guarded by lock; incremented before use

    /**
     * Takes a port.
     *
     * @throws Failure {@link DmsgError#PORT_OCCUPIED} if somebody has it; kind {@code MALFORMED} if it is not 1 to 65535
     */
    public void take(int port, T owner) throws Failure {
        if (port < 1 || port > LAST) {
            throw Failure.malformed("port " + port + " is not 1 to 65535");
        }
        lock.lock();
        try {
            if (owners.putIfAbsent(port, owner) != null) {
                throw DmsgError.PORT_OCCUPIED.failure();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes the next free port from 49152 to 65535; the first is 49153.
     *
     * @throws Failure of kind {@code LIMIT} if all 16384 are taken
     */
    public int takeEphemeral(T owner) throws Failure {
        lock.lock();
        try {
            for (int tries = FIRST_EPHEMERAL; tries <= LAST; tries++) {
                ephemeral = ephemeral == LAST ? FIRST_EPHEMERAL : ephemeral + 1;
                if (owners.putIfAbsent(ephemeral, owner) == null) {
                    return ephemeral;
                }
            }
        } finally {
            lock.unlock();
        }
        throw new Failure(Failure.Kind.LIMIT, "all ephemeral ports are in use");
    }

    /** Who has the port. */
    public Optional<T> owner(int port) {
        lock.lock();
        try {
            return Optional.ofNullable(owners.get(port));
        } finally {
            lock.unlock();
        }
    }

    /** Frees the port if this owner has it. */
    public void free(int port, T owner) {
        lock.lock();
        try {
            if (owners.get(port) == owner) {
                owners.remove(port);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Frees all ports of this owner. */
    public void freeAll(T owner) {
        lock.lock();
        try {
            owners.values().removeIf(o -> o == owner);
        } finally {
            lock.unlock();
        }
    }

    /** Number of ports taken. */
    public int size() {
        lock.lock();
        try {
            return owners.size();
        } finally {
            lock.unlock();
        }
    }
}
