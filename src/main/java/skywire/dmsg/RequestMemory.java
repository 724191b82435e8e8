package skywire.dmsg;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.locks.ReentrantLock;
import skywire.bytes.Hex;
import skywire.key.PublicKey;
import skywire.platform.Clock;
import skywire.platform.Failure;

/**
 * Remembers the requests of late, so that a server which replays one is noticed. The last {@value #SIZE} are kept; a
 * replay of an older one reaches a listener, but without the ephemeral key of the source it can say nothing. Thread-safe.
 */
final class RequestMemory {
    static final int SIZE = 8192;
    static final Duration BEHIND = Duration.ofMinutes(5);
    static final Duration AHEAD = Duration.ofMinutes(1);

    private final Clock clock;
    private final boolean strict;
    private final ReentrantLock lock = new ReentrantLock();
    private final SequencedMap<String, Boolean> seen = new LinkedHashMap<>(); // guarded by lock; oldest first
    private final Map<PublicKey, Boolean> watched = new LinkedHashMap<>(); // whether one came; guarded by lock

    RequestMemory(Clock clock, boolean strict) {
        this.clock = clock;
        this.strict = strict;
    }

    /** Takes a verified request; {@link DmsgError#REQUEST_TIMESTAMP} if it was seen or, if strict, is from another time. */
    void take(StreamRequest request, byte[] hash) throws Failure {
        long behind = clock.unixNanos() - request.timestamp();
        if (strict && (behind > BEHIND.toNanos() || behind < -AHEAD.toNanos())) {
            throw DmsgError.REQUEST_TIMESTAMP.failure();
        }
        lock.lock();
        try {
            watched.computeIfPresent(request.source().key(), (source, was) -> true);
            if (seen.putIfAbsent(Hex.of(hash), true) != null) {
                throw DmsgError.REQUEST_TIMESTAMP.failure();
            }
            if (seen.size() > SIZE) {
                seen.pollFirstEntry();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Notes from now on whether a request comes from this source. */
    void watchFor(PublicKey source) {
        lock.lock();
        try {
            watched.put(source, false);
        } finally {
            lock.unlock();
        }
    }

    /** Whether a request of this source, which is watched for, has come. */
    boolean hasSeen(PublicKey source) {
        lock.lock();
        try {
            return watched.getOrDefault(source, false);
        } finally {
            lock.unlock();
        }
    }

    /** Watches for this source no more. */
    void forget(PublicKey source) {
        lock.lock();
        try {
            watched.remove(source);
        } finally {
            lock.unlock();
        }
    }
}
