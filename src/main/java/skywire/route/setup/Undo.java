package skywire.route.setup;

import java.io.Closeable;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What has to be taken back when something later fails. Closing it runs the steps, newest first, unless {@link #keep}
 * was called. One thread.
 */
final class Undo implements Closeable {
    private final Deque<Runnable> steps = new ArrayDeque<>();

    /** Adds a step; steps do their best and report nothing. */
    void add(Runnable step) {
        steps.push(step);
    }

    /** All went well: nothing is taken back. */
    void keep() {
        steps.clear();
    }

    /** Also when the thread was told to stop: then all the more is there something to take back. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        while (!steps.isEmpty()) {
            steps.pop().run();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
