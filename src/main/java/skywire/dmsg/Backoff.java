package skywire.dmsg;

import java.time.Duration;

/** Pauses between tries: 1 s, then a third longer each time, up to 15 s. Not thread-safe. */
final class Backoff {
    private static final long FIRST = Duration.ofSeconds(1).toMillis();
    private static final long LONGEST = Duration.ofSeconds(15).toMillis();

    private long next = FIRST;

    /** The next pause. */
    Duration next() {
        long now = next;
        next = Math.min(LONGEST, next * 4 / 3);
        return Duration.ofMillis(now);
    }

    /** Something worked: begin anew. */
    void reset() {
        next = FIRST;
    }
}
