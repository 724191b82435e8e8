package skywire.dmsg;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.concurrent.locks.ReentrantLock;
import skywire.bytes.Hex;
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
}
