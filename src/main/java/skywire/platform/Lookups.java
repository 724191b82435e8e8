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
 * thread of the system's kind, which is left behind when the asker's time is over; {@value #AT_ONCE} at once, of which
 * {@value #OF_OTHERS} for the traffic of others. Thread-safe.
 */
final class Lookups {
    static final int AT_ONCE = 64;
    static final int OF_OTHERS = 16;

    private final Semaphore room = new Semaphore(AT_ONCE, true);
    private final Semaphore roomOfOthers = new Semaphore(OF_OTHERS, true);
    private final System system;

    /** Who knows the addresses. */
    interface System {
        /** Waits for as long as it takes. */
        List<InetAddress> lookup(String host) throws Failure;
    }

    Lookups(System system) {
        this.system = system;
    }

    /**
     * Waits for the addresses.
     *
     * @param forOthers whether the question is not this node's own
     */
    List<InetAddress> wait(String host, boolean forOthers, Deadline deadline) throws Failure {
        String what = "looking up " + host;
        var lookup = new FutureTask<List<InetAddress>>(() -> {
            try {
                return system.lookup(host);
            } finally {
                leave(forOthers);
            }
        });
        try {
            enter(forOthers, what, deadline);
            start(lookup, forOthers);
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

    private void enter(boolean forOthers, String what, Deadline deadline) throws InterruptedException, Failure {
        if (forOthers && !roomOfOthers.tryAcquire(deadline.nanosLeft(), TimeUnit.NANOSECONDS)) {
            throw Failure.timeout(what);
        }
        boolean entered = false;
        try {
            entered = room.tryAcquire(deadline.nanosLeft(), TimeUnit.NANOSECONDS);
        } finally {
            if (!entered && forOthers) {
                roomOfOthers.release();
            }
        }
        if (!entered) {
            throw Failure.timeout(what);
        }
    }

    private void leave(boolean forOthers) {
        room.release();
        if (forOthers) {
            roomOfOthers.release();
        }
    }

    private void start(FutureTask<?> lookup, boolean forOthers) {
        boolean started = false;
        try {
            Thread.ofPlatform().daemon().name("lookup").start(lookup);
            started = true;
        } finally {
            if (!started) {
                leave(forOthers);
            }
        }
    }
}
