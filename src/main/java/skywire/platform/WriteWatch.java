package skywire.platform;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Gives writes the deadline the JDK does not have: looks at the registered links every {@value #PERIOD_MILLIS} ms and
 * closes those whose write has run past its limit. One daemon platform thread, started with the first link.
 */
final class WriteWatch {
    static final long PERIOD_MILLIS = 250;

    /** A link as the watch sees it. */
    interface Watched {
        /** When the current write must be over in {@link System#nanoTime} terms; 0 while nothing is written. */
        long writeLimit();

        /** Closes the link; the writer will report a timeout. */
        void expire();
    }

    /** The limit of a write that begins now. */
    static long limit(Deadline deadline) {
        if (deadline.isNever()) {
            return 0;
        }
        long limit = System.nanoTime() + deadline.nanosLeft();
        return limit == 0 ? 1 : limit;
    }

    private final Set<Watched> links = ConcurrentHashMap.newKeySet();
    private final AtomicInteger size = new AtomicInteger(); // counting the set would cost each accept
    private volatile Thread thread;

    void add(Watched link) {
        if (links.add(link)) {
            size.incrementAndGet();
        }
        if (thread == null) {
            startOnce();
        }
    }

    void remove(Watched link) {
        if (links.remove(link)) {
            size.decrementAndGet();
        }
    }

    /** Links that are open. */
    int links() {
        return size.get();
    }

    private void startOnce() {
        Thread candidate = Thread.ofPlatform().daemon().name("write-watch").unstarted(this::watch);
        synchronized (this) {
            if (thread == null) {
                thread = candidate;
                candidate.start();
            }
        }
    }

    private void watch() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(PERIOD_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
            long now = System.nanoTime();
            for (Watched link : links) {
                long limit = link.writeLimit();
                if (limit != 0 && now - limit > 0) {
                    link.expire();
                }
            }
        }
    }
}
