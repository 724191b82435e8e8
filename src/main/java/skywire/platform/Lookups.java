package skywire.platform;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks the system for the addresses of names. It cannot be told to stop and may take a minute, so each question has a
 * thread of the system's kind, which is left behind when the asker's time is over; {@value #AT_ONCE} at once. Thread-safe.
 */
final class Lookups {
    private static final int AT_ONCE = 64;
    private static final Semaphore ROOM = new Semaphore(AT_ONCE, true);

    private Lookups() {}

    static List<InetAddress> wait(String host, Deadline deadline) throws Failure {
        String what = "looking up " + host;
        try {
            if (!ROOM.tryAcquire(deadline.nanosLeft(), TimeUnit.NANOSECONDS)) {
                throw Failure.timeout(what);
            }
            var lookup = new FutureTask<List<InetAddress>>(() -> {
                try {
                    return SystemNetwork.lookup(host);
                } finally {
                    ROOM.release();
                }
            });
            start(lookup);
            return lookup.get(deadline.nanosLeft(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw Failure.timeout(what);
        } catch (InterruptedException e) {
            throw Failure.cancelled(what);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Failure f) {
                throw new Failure(f.kind(), f.getMessage(), f);
            }
            throw new IllegalStateException(what, e.getCause());
        }
    }

    private static void start(FutureTask<?> lookup) {
        boolean started = false;
        try {
            Thread.ofPlatform().daemon().name("lookup").start(lookup);
            started = true;
        } finally {
            if (!started) {
                ROOM.release();
            }
        }
    }
}
