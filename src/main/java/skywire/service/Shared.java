package skywire.service;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import skywire.platform.Clock;

/**
 * Something long that many ask for, such as the list of everything, made once for all of them: a stranger who asks a
 * thousand times must not have it made, or held in memory, a thousand times. What is small is always up to date; what
 * is large may be as old as {@link #AGE}. Thread-safe; made under a lock, so making it must not wait for anybody.
 */
public final class Shared<T> {
    /** How old a large one may be, and a small one as long as nothing has changed. */
    public static final Duration AGE = Duration.ofSeconds(1);

    /** What is larger than this many bytes is large. */
    public static final long LARGE = 256 * 1024;

    private final Clock clock;
    private final LongSupplier changes;
    private final ToLongFunction<T> size;
    private final Supplier<T> make;
    private final ReentrantLock lock = new ReentrantLock();
    private T made; // guarded by lock; null before the first
    private long madeAt; // guarded by lock
    private long madeOf; // guarded by lock; changes it takes in

    /**
     * Nothing is made yet.
     *
     * @param changes a number that is another one after each change of what it is made from
     * @param size its size in bytes, about
     */
    public Shared(Clock clock, LongSupplier changes, ToLongFunction<T> size, Supplier<T> make) {
        this.clock = clock;
        this.changes = changes;
        this.size = size;
        this.make = make;
    }

    /** It, made now or a moment ago. */
    public T get() {
        lock.lock();
        try {
            long now = clock.nanoTime();
            boolean young = made != null && now - madeAt < AGE.toNanos();
            if (!young || madeOf != changes.getAsLong() && size.applyAsLong(made) < LARGE) {
                madeOf = changes.getAsLong(); // before, so that a change meanwhile is not taken for included
                made = make.get();
                madeAt = now;
            }
            return made;
        } finally {
            lock.unlock();
        }
    }
}
