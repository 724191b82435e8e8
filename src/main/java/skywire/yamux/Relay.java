package skywire.yamux;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Two streams of different sessions joined: what comes in at one goes out at the other. The bytes are moved by the reader
 * and writer threads of the two sessions, from the read buffer of one into the next batch of the other; a pair that rests
 * has neither thread nor buffer, and one that waits holds at most a window in each direction.
 *
 * <p>The end of either direction ends both at once: an orderly end (FIN) after everything that came before it, an abrupt
 * one (RST, end of a session) as a reset. Thread-safe.
 */
public final class Relay {
    private final YamuxStream a;
    private final YamuxStream b;
    private final Runnable onEnd;
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong bytes = new AtomicLong();

    /**
     * Joins two streams; nothing moves before {@link #start}. The caller must not read, write or close them any more.
     *
     * @param onEnd run once at the end, before either peer can notice it, so that whoever sees the end finds the accounts
     *     in order; on a thread of one of the sessions; must not wait
     */
    public Relay(YamuxStream a, YamuxStream b, Runnable onEnd) {
        this.a = a;
        this.b = b;
        this.onEnd = onEnd;
    }

    /** Lets the bytes move, those first that have come already. */
    public void start() {
        a.joinTo(this);
        b.joinTo(this);
        if (a.failed() || b.failed()) {
            end(true);
        } else {
            a.pump();
            b.pump();
        }
    }

    /** Bytes moved so far, both directions together. */
    public long bytes() {
        return bytes.get();
    }

    /** Whether it has ended. */
    public boolean isOver() {
        return over.get();
    }

    /** Resets both streams. */
    public void end() {
        end(true);
    }

    YamuxStream mate(YamuxStream of) {
        return of == a ? b : a;
    }

    /** Queues bytes that came in at {@code from} on the other side; how many were taken, -1 if none will be any more. */
    int pass(YamuxStream from, byte[] buffer, int off, int len) {
        int n = mate(from).offer(buffer, off, len, from);
        if (n > 0) {
            bytes.addAndGet(n);
        }
        return n;
    }

    void end(boolean abrupt) {
        if (!over.compareAndSet(false, true)) {
            return;
        }
        onEnd.run();
        if (abrupt) {
            a.reset("the relay ended");
            b.reset("the relay ended");
        } else {
            a.close();
            b.close();
        }
    }
}
