package skywire.platform;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the virtual threads of the process. They have no limit of their own, each belongs to something that has one; so
 * many that the alarm is raised mean that one of those limits does not hold (threats §6). Thread-safe.
 */
final class ThreadCount {
    /** Threads at which an operator should know. */
    static final int ALARM = 200_000;

    private static final System.Logger LOG = System.getLogger(ThreadCount.class.getName());

    private final int alarm;
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicBoolean raised = new AtomicBoolean();

    ThreadCount(int alarm) {
        this.alarm = alarm;
    }

    /** The body, counted while it runs. */
    Runnable counted(Runnable body) {
        return () -> {
            if (count.incrementAndGet() >= alarm && raised.compareAndSet(false, true)) {
                LOG.log(System.Logger.Level.WARNING, alarm + " threads run: please report this with a thread dump");
            }
            try {
                body.run();
            } finally {
                count.decrementAndGet();
            }
        };
    }

    /** Threads running now. */
    int running() {
        return count.get();
    }

    /** Whether there have been too many; told once. */
    boolean isRaised() {
        return raised.get();
    }
}
