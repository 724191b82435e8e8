package skywire.route;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import skywire.packet.Packet;
import skywire.platform.Clock;
import skywire.transport.NextHop;

/**
 * Packets that came before the rule they need, kept shortly and in order (routing §5, last paragraph). While packets of
 * an id are parked or being replayed, later ones queue up behind them. Thread-safe.
 */
final class Parking {
    /** Packets of one id. */
    static final int MOST_PACKETS = 64;

    /** Bytes of all packets. */
    static final int MOST_BYTES = 1024 * 1024;

    /** Time a packet may wait for its rule. */
    static final Duration LIMIT = Duration.ofSeconds(5);

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Long, Lot> lots = new LinkedHashMap<>(); // guarded by lock
    private int bytes; // guarded by lock
    private volatile boolean used; // whether lots is not empty, for a look without the lock

    /** A packet and the neighbour it came from. */
    record Parked(NextHop from, Packet packet) {}

    private static final class Lot {
        final ArrayDeque<Parked> packets = new ArrayDeque<>();
        final long since;
        boolean replaying;

        Lot(long since) {
            this.since = since;
        }
    }

    Parking(Clock clock) {
        this.clock = clock;
    }

    /** Parks the packet if earlier ones of its id are still here; true if it was taken (or dropped for lack of room). */
    boolean join(NextHop from, Packet packet) {
        if (!used) {
            return false;
        }
        lock.lock();
        try {
            Lot lot = lots.get(packet.routeId());
            if (lot == null) {
                return false;
            }
            add(lot, from, packet);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Parks a packet whose rule is not there yet. */
    void park(NextHop from, Packet packet) {
        lock.lock();
        try {
            Lot lot = lots.computeIfAbsent(packet.routeId(), id -> new Lot(clock.nanoTime()));
            used = true;
            add(lot, from, packet);
        } finally {
            lock.unlock();
        }
    }

    private void add(Lot lot, NextHop from, Packet packet) {
        if (lot.packets.size() < MOST_PACKETS && bytes + packet.size() <= MOST_BYTES) {
            lot.packets.add(new Parked(from, packet));
            bytes += packet.size();
        }
    }

    /** Claims the lot of an id for replaying; false if there is none or somebody else replays it. */
    boolean begin(long id) {
        lock.lock();
        try {
            Lot lot = lots.get(id);
            if (lot == null || lot.replaying) {
                return false;
            }
            lot.replaying = true;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** For whoever replays: the next packet; empty when all are through, and the lot is gone then. */
    Optional<Parked> next(long id) {
        lock.lock();
        try {
            Lot lot = lots.get(id);
            Parked parked = lot == null ? null : lot.packets.poll();
            if (parked == null) {
                remove(id);
                return Optional.empty();
            }
            bytes -= parked.packet().size();
            return Optional.of(parked);
        } finally {
            lock.unlock();
        }
    }

    private void remove(long id) {
        Lot lot = lots.remove(id);
        if (lot != null) {
            lot.packets.forEach(p -> bytes -= p.packet().size());
        }
        used = !lots.isEmpty();
    }

    /** Drops what has waited too long. */
    void collect() {
        lock.lock();
        try {
            long now = clock.nanoTime();
            lots.entrySet().stream()
                    .filter(e -> !e.getValue().replaying && now - e.getValue().since > LIMIT.toNanos())
                    .map(Map.Entry::getKey)
                    .toList()
                    .forEach(this::remove);
        } finally {
            lock.unlock();
        }
    }

    /** Bytes parked. */
    int bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }
}
