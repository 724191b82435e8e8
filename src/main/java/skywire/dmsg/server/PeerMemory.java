package skywire.dmsg.server;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.locks.ReentrantLock;
import skywire.key.PublicKey;
import skywire.platform.Clock;
import skywire.platform.Deadline;

/** What asking other servers has taught: who leads to whom, and whom nobody has. Bounded. Thread-safe. */
final class PeerMemory {
    static final int SIZE = 4096;
    private static final Duration FOUND = Duration.ofMinutes(10);

    /** Short, since whoever nobody has may be connecting right now. */
    static final Duration NOBODY = Duration.ofSeconds(2);

    private record Known(PublicKey peer, Deadline until) {}

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final SequencedMap<PublicKey, Known> known = new LinkedHashMap<>(); // by destination; guarded by lock

    PeerMemory(Clock clock) {
        this.clock = clock;
    }

    /** The destination was reached through this peer. */
    void found(PublicKey destination, PublicKey peer) {
        put(destination, new Known(peer, clock.in(FOUND)));
    }

    /** No peer has it. */
    void nobodyHas(PublicKey destination) {
        put(destination, new Known(PublicKey.NULL, clock.in(NOBODY)));
    }

    private void put(PublicKey destination, Known what) {
        lock.lock();
        try {
            known.remove(destination);
            known.put(destination, what);
            if (known.size() > SIZE) {
                known.pollFirstEntry();
            }
        } finally {
            lock.unlock();
        }
    }

    /** A peer has come: what nobody had, it may have. */
    void askAgain() {
        lock.lock();
        try {
            known.values().removeIf(its -> its.peer.isNull());
        } finally {
            lock.unlock();
        }
    }

    /** The peer it was last reached through; the null key if nobody had it just now; empty if nothing is known. */
    Optional<PublicKey> of(PublicKey destination) {
        lock.lock();
        try {
            Known its = known.get(destination);
            return its == null || its.until.passed() ? Optional.empty() : Optional.of(its.peer);
        } finally {
            lock.unlock();
        }
    }
}
