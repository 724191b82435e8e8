package skywire.platform;

import java.time.Duration;

/**
 * The moment by which something must be done. The last parameter of every method that may wait; pass the caller's on,
 * or {@link #orEarlier the earlier} of it and a local limit. Immutable.
 */
public final class Deadline {
    /** No limit; has to be written down where it is meant. */
    public static final Deadline NEVER = new Deadline(null, Long.MAX_VALUE);

    private final Clock clock; // null in NEVER only
    private final long nanoTime;

    Deadline(Clock clock, long nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /** Nanoseconds left, zero or negative once it has passed; {@link Long#MAX_VALUE} for {@link #NEVER}. */
    public long nanosLeft() {
        return clock == null ? Long.MAX_VALUE : nanoTime - clock.nanoTime();
    }

    /** Whether it has passed. */
    public boolean passed() {
        return nanosLeft() <= 0;
    }

    /** Whether this is {@link #NEVER}. */
    public boolean isNever() {
        return clock == null;
    }

    /** The earlier of the two. */
    public Deadline orEarlier(Deadline other) {
        return nanosLeft() <= other.nanosLeft() ? this : other;
    }

    /** The earlier of this and that far from now. */
    public Deadline orEarlier(Clock now, Duration limit) {
        return orEarlier(now.in(limit));
    }

    /** Throws a {@code TIMEOUT} that names {@code what} if it has passed. */
    public void check(String what) throws Failure {
        if (passed()) {
            throw Failure.timeout(what);
        }
    }

    @Override
    public String toString() {
        return isNever() ? "never" : "in " + Duration.ofNanos(nanosLeft());
    }
}
