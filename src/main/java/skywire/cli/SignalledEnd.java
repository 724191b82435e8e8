package skywire.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jline.utils.Signals;
import skywire.platform.Failure;
import skywire.platform.Platform;

/**
 * The end of a draining program. Told from within, it is closed at once. By a signal (TERM, INT) it is drained before,
 * and a second signal cuts that short. A shutdown hook could not do this: the JVM heeds no further signal while it runs.
 */
final class SignalledEnd {
    /** How long what runs may take to come to its end. */
    static final Duration LIMIT = Duration.ofSeconds(10);

    private static final System.Logger LOG = System.getLogger(SignalledEnd.class.getName());

    private final Draining program;
    private final CountDownLatch halted;
    private final CountDownLatch drained = new CountDownLatch(1);
    private final AtomicInteger signals = new AtomicInteger();
    private volatile int cutShort; // the exit code of the second signal, 0 before

    private SignalledEnd(Draining program, CountDownLatch halted) {
        this.program = program;
        this.halted = halted;
    }

    /**
     * Waits for the end, and ends the program.
     *
     * @return the exit code: 0, or that of a second signal
     */
    static int await(Draining program, CountDownLatch halted) {
        return new SignalledEnd(program, halted).await();
    }

    private int await() {
        Program.closeOnSignal(program); // by the other signals
        Signals.register("TERM", () -> signal(Exit.TERMINATED));
        Signals.register("INT", () -> signal(Exit.INTERRUPTED));
        await(halted);
        if (signals.get() > 0) {
            Thread.ofVirtual().name("drain").start(this::drain);
            await(drained);
        }
        Program.closeInTime(program);
        return cutShort;
    }

    /** On a thread of the JVM's. */
    private void signal(int code) {
        if (signals.incrementAndGet() == 1) {
            halted.countDown();
        } else if (drained.getCount() > 0) {
            cutShort = code;
            drained.countDown();
        }
    }

    private void drain() {
        try {
            program.drain(Platform.system().clock().in(LIMIT));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "not drained: " + Failure.text(e));
        } finally {
            drained.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
