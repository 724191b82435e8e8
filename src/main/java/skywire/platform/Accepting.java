package skywire.platform;

import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Goes on accepting while the system is short of something, descriptors above all: a stranger who opens many
 * connections must not end a listener for good. Only closing it does. Used by the one thread that accepts.
 */
final class Accepting {
    private static final System.Logger LOG = System.getLogger(Accepting.class.getName());
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final long QUIET = Duration.ofMinutes(1).toNanos();

    private final Clock clock;
    private final Source source;
    private final BooleanSupplier closed;
    private volatile boolean told; // whoever accepts
    private volatile long toldAt; // whoever accepts

    /** Waits for the next connection. */
    @FunctionalInterface
    interface Source {
        /** The next one. */
        Link accept() throws IOException;
    }

    Accepting(Clock clock, Source source, BooleanSupplier closed) {
        this.clock = clock;
        this.source = source;
        this.closed = closed;
    }

    /**
     * The next link.
     *
     * @throws Failure of kind {@code CLOSED_HERE} once the listener is closed, {@code CANCELLED} if it was by interrupt
     */
    Link next(String where) throws Failure {
        while (true) {
            try {
                return source.accept();
            } catch (IOException e) {
                if (closed.getAsBoolean()) {
                    boolean interrupted = Thread.currentThread().isInterrupted();
                    Failure.Kind kind = interrupted ? Failure.Kind.CANCELLED : Failure.Kind.CLOSED_HERE;
                    throw new Failure(kind, "listener on " + where + " is closed", e);
                }
                tell(where, e);
                clock.sleep(PAUSE);
            }
        }
    }

    private void tell(String where, IOException e) {
        long now = clock.nanoTime();
        if (!told || now - toldAt > QUIET) {
            told = true;
            toldAt = now;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "cannot accept connections on " + where + " for the moment: " + Failure.text(e));
        }
    }
}
