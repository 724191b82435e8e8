package skywire.link;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Link;
import skywire.platform.Platform;
import skywire.platform.Scope;

/**
 * Copies two links into each other. The end of one direction is passed on (half close); the other direction may then go
 * on as long as its bytes keep moving. A failure of either link ends both at once. Each direction is one thread with one
 * buffer.
 */
public final class Splice {
    /** After the end of one direction, silence of the other for this long ends the splice. */
    public static final Duration GRACE = Duration.ofSeconds(5);

    private static final int BUFFER = 32 * 1024;
    /** For one buffer: many streams that share a slow route each get little of it. */
    private static final Duration WRITE_LIMIT = Duration.ofMinutes(5);

    private final Clock clock;
    private final Scope scope;
    private final Duration idle;
    private final AtomicLong bytes = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int ended; // guarded by lock; directions that have ended
    private volatile long lastMove; // nanoTime

    private Splice(Clock clock, Scope scope, Duration idle) {
        this.clock = clock;
        this.scope = scope;
        this.idle = idle;
        this.lastMove = clock.nanoTime();
    }

    /**
     * Copies on this thread and one more until both directions have ended, and closes both links.
     *
     * @param parent its end ends the splice
     * @param idle the splice ends when nothing has moved in either direction for that long
     * @return bytes copied, both directions together
     */
    public static long run(Platform platform, Scope parent, Link a, Link b, Duration idle) throws IOException {
        try (var scope = new Scope(platform, parent.name() + "/splice")) {
            scope.own(a);
            scope.own(b);
            Closeable ending = () -> scope.end(null);
            parent.own(ending);
            try {
                var splice = new Splice(platform.clock(), scope, idle);
                Closeable wake = splice::wake;
                scope.own(wake);
                scope.forkChild("back", () -> splice.direction(b, a));
                splice.direction(a, b);
                return splice.bytes.get();
            } finally {
                parent.disown(ending);
            }
        }
    }

    private void direction(Link from, Link to) {
        try {
            copy(from, to);
            to.finishWriting(clock.in(WRITE_LIMIT));
            awaitOther();
        } catch (IOException e) {
            scope.end(e);
        }
    }

    private void copy(Link from, Link to) throws IOException {
        var buffer = new byte[BUFFER];
        while (true) {
            int n = readOrIdle(from, buffer);
            if (n < 0) {
                return;
            }
            lastMove = clock.nanoTime();
            to.write(buffer, 0, n, clock.in(WRITE_LIMIT));
            bytes.addAndGet(n);
            Thread.yield(); // bulk copies share the cores with whatever has to be prompt
        }
    }

    private int readOrIdle(Link from, byte[] buffer) throws IOException {
        while (true) {
            long moved = lastMove;
            try {
                return from.read(buffer, 0, buffer.length, clock.in(idle));
            } catch (Failure e) {
                if (e.kind() != Failure.Kind.TIMEOUT || moved == lastMove) {
                    throw e;
                }
            }
        }
    }

    /** The scope has ended: this thread may be none of its own, which it interrupts, and wait. */
    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean awaitsOther() {
        return ended < 2 && !scope.isClosed();
    }

    /** Waits for the other direction; ends the splice when it rests. */
    private void awaitOther() throws IOException {
        lock.lock();
        try {
            ended++;
            changed.signalAll();
            while (awaitsOther()) {
                long moved = lastMove;
                Deadline rest = clock.in(GRACE);
                while (awaitsOther() && clock.await(lock, changed, rest)) {
                    continue;
                }
                if (awaitsOther() && moved == lastMove) {
                    throw Failure.timeout("the other half of a splice");
                }
            }
        } finally {
            lock.unlock();
        }
        scope.end(null);
    }
}
