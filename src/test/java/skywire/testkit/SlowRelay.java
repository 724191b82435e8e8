package skywire.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Listener;
import skywire.platform.Platform;
import skywire.platform.Scope;

/**
 * Stands between who dials and a real address, and makes the connection as slow as one over a long and narrow line: each
 * direction has a rate, a delay and a buffer. It can be cut so that nothing passes and nobody is told. Thread-safe.
 */
public final class SlowRelay implements Closeable {
    private static final int PIECE = 1_400;
    private static final Duration DIAL = Duration.ofSeconds(5);

    private final Platform platform;
    private final HostPort target;
    private final Duration delay;
    private final long bytesPerSecond;
    private final int buffer;
    private final Scope scope;
    private final Listener listener;
    private volatile boolean cut;

    private SlowRelay(
            Platform platform, HostPort target, Duration delay, long bytesPerSecond, int buffer, Listener listener) {
        this.platform = platform;
        this.target = target;
        this.delay = delay;
        this.bytesPerSecond = bytesPerSecond;
        this.buffer = buffer;
        this.listener = listener;
        this.scope = new Scope(platform, "slow");
    }

    /** Waits for connections to the target. */
    public static SlowRelay start(Platform platform, HostPort target, Duration delay, long bytesPerSecond, int buffer)
            throws IOException {
        Listener listener = platform.network().listen(HostPort.parse("127.0.0.1:0"));
        var relay = new SlowRelay(platform, target, delay, bytesPerSecond, buffer, listener);
        relay.scope.own(listener);
        relay.scope.fork("accept", relay::accept);
        return relay;
    }

    /** What to dial instead of the target. */
    public HostPort address() {
        return listener.local();
    }

    /** From now on it takes what comes as long as there is room, and nothing arrives. */
    public void cut() {
        cut = true;
    }

    private void accept() throws IOException {
        while (true) {
            Link near = scope.own(listener.accept());
            Link far =
                    scope.own(platform.network().dial(target, platform.clock().in(DIAL)));
            carry(near, far, "there");
            carry(far, near, "back");
        }
    }

    private void carry(Link from, Link to, String name) throws IOException {
        var line = new Line();
        scope.forkChild(name + "/in", () -> {
            try (from) {
                line.fill(from);
            }
        });
        scope.forkChild(name + "/out", () -> {
            try (to) {
                line.drain(to);
            }
        });
    }

    private record Piece(byte[] data, long due) {}

    /** One direction. */
    private final class Line {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private final Deque<Piece> pieces = new ArrayDeque<>(); // guarded by lock
        private int bytes; // guarded by lock
        private boolean ended; // guarded by lock
        private long freeAt = platform.clock().nanoTime(); // reading thread only

        void fill(Link from) throws IOException {
            var b = new byte[PIECE];
            try {
                for (int n; (n = from.read(b, 0, b.length, Deadline.NEVER)) >= 0; ) {
                    freeAt = Math.max(freeAt, platform.clock().nanoTime()) + n * 1_000_000_000L / bytesPerSecond;
                    put(new Piece(Arrays.copyOf(b, n), freeAt + delay.toNanos()));
                }
            } finally {
                end();
            }
        }

        private void put(Piece piece) throws Failure {
            lock.lock();
            try {
                while (bytes + piece.data.length > buffer) {
                    platform.clock().await(lock, changed, Deadline.NEVER);
                }
                bytes += piece.data.length;
                pieces.add(piece);
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        private void end() {
            lock.lock();
            try {
                ended = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        void drain(Link to) throws IOException {
            while (true) {
                Piece piece = next();
                if (piece == null) {
                    return;
                }
                long wait = piece.due - platform.clock().nanoTime();
                if (wait > 0) {
                    platform.clock().sleep(Duration.ofNanos(wait));
                }
                if (!cut) {
                    to.write(piece.data, Deadline.NEVER);
                    took(piece);
                }
            }
        }

        /** The next one; null at the end. */
        private Piece next() throws Failure {
            lock.lock();
            try {
                while (pieces.isEmpty() || cut) {
                    if (ended) {
                        return null;
                    }
                    platform.clock().await(lock, changed, Deadline.NEVER);
                }
                return pieces.remove();
            } finally {
                lock.unlock();
            }
        }

        private void took(Piece piece) {
            lock.lock();
            try {
                bytes -= piece.data.length;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
