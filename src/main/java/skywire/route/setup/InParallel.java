package skywire.route.setup;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Mailbox;
import skywire.platform.Platform;
import skywire.platform.Scope;

/** Does the same for several visors at once and waits for all of them, also when one fails. */
final class InParallel {
    private InParallel() {}

    /** What is done for one of them; bounded by its own deadline. */
    @FunctionalInterface
    interface Task<T> {
        void run(T item) throws IOException;
    }

    /** A task that failed, with what it was for. */
    record Failed<T>(T item, IOException why) {}

    /**
     * Runs the task for each item on a thread of its own.
     *
     * @return those that failed, the first failure first
     * @throws Failure of kind {@code CANCELLED} if the caller was interrupted; the threads are then interrupted too
     */
    static <T> List<Failed<T>> each(Platform platform, String name, List<T> items, Task<T> task) throws IOException {
        var done = new Mailbox<List<Failed<T>>>(platform.clock(), Math.max(1, items.size()));
        var failed = new ArrayList<Failed<T>>();
        var scope = new Scope(platform, name);
        try {
            for (int i = 0; i < items.size(); i++) {
                T item = items.get(i);
                scope.forkChild(Integer.toString(i), () -> done.offer(attempt(item, task)));
            }
            for (int i = 0; i < items.size(); i++) {
                failed.addAll(done.take(Deadline.NEVER));
            }
            return failed;
        } finally {
            scope.end(null);
        }
    }

    private static <T> List<Failed<T>> attempt(T item, Task<T> task) {
        try {
            task.run(item);
            return List.of();
        } catch (IOException e) {
            return List.of(new Failed<>(item, e));
        } catch (RuntimeException e) {
            System.getLogger(InParallel.class.getName()).log(System.Logger.Level.ERROR, "bug in route setup", e);
            return List.of(new Failed<>(item, new IOException("internal error", e)));
        }
    }
}
