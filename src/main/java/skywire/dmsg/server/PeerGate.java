package skywire.dmsg.server;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import skywire.dmsg.PeerAnnounce;
import skywire.dmsg.SignedObject;
import skywire.key.PublicKey;
import skywire.platform.Clock;

/**
 * Which announcements are genuine (dmsg §8): signed by the key that the session has proven, of this moment, and each only
 * once. Thread-safe.
 */
final class PeerGate {
    /** How far the time of an announcement may be from ours. */
    static final Duration TOLERANCE = Duration.ofMinutes(2);

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<PublicKey, Long> last = new LinkedHashMap<>(); // guarded by lock; oldest taken first

    PeerGate(Clock clock) {
        this.clock = clock;
    }

    /**
     * Whether this is an announcement of the peer at the other end of this session, not heard before. Only one that is
     * taken counts as heard.
     */
    boolean isGenuine(PeerAnnounce announce, SignedObject object, PublicKey authenticated) {
        if (!announce.key().equals(authenticated) || !isOfNow(announce.timestamp())) {
            return false;
        }
        return object.verifies(authenticated) && isNew(authenticated, announce.timestamp());
    }

    private boolean isOfNow(long timestamp) {
        long now = clock.unixNanos();
        return timestamp > now - TOLERANCE.toNanos() && timestamp < now + TOLERANCE.toNanos();
    }

    /** What is too old for {@link #isOfNow} need not be remembered: so this stays as small as the peers are few. */
    private boolean isNew(PublicKey key, long timestamp) {
        lock.lock();
        try {
            Long before = last.get(key);
            if (before != null && timestamp <= before) {
                return false;
            }
            last.values().removeIf(time -> !isOfNow(time));
            last.put(key, timestamp);
            return true;
        } finally {
            lock.unlock();
        }
    }
}
