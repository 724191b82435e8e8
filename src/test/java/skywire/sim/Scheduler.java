package skywire.sim;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs virtual threads one at a time on the thread that called {@link Simulation#run}, in an order drawn from the seed.
 *
 * <p>The JDK lets a virtual thread have another scheduler only through a constructor that is not public; the tests open
 * {@code java.lang} for it. The scheduler sees a thread as the {@link Runnable} that continues it.
 */
final class Scheduler implements Executor {
    private static final Constructor<?> BUILDER = builder();
    private static final Field CONTINUATION = continuation();

    private final SplittableRandom random;
    private final boolean priorities; // the other policy: the runnable thread of highest priority, redrawn now and then
    private final Thread carrier = Thread.currentThread();
    private final Map<Runnable, Task> tasks = new IdentityHashMap<>(); // never iterated
    private final List<Task> live = new ArrayList<>(); // in start order
    private final List<Task> runnable = new ArrayList<>();
    private final Queue<Runnable> foreign = new ConcurrentLinkedQueue<>(); // woken by threads that are not ours
    private Task running;
    private int started;
    private long foreignWakes;

    Scheduler(SplittableRandom random) {
        this.random = random;
        this.priorities = random.nextInt(3) == 0;
    }

    /** A virtual thread of the simulation. */
    static final class Task {
        final int number;
        final Thread thread;
        final SimHost host;
        private int priority;

        Task(int number, Thread thread, SimHost host, int priority) {
            this.number = number;
            this.thread = thread;
            this.host = host;
            this.priority = priority;
        }

        @Override
        public String toString() {
            return thread.getName();
        }
    }

    private static Constructor<?> builder() {
        try {
            Constructor<?> c = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                    .getDeclaredConstructor(Executor.class);
            c.setAccessible(true);
            return c;
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalStateException("needs --add-opens java.base/java.lang=ALL-UNNAMED and a JDK 25", e);
        }
    }

    private static Field continuation() {
        try {
            Field f = Class.forName("java.lang.VirtualThread").getDeclaredField("runContinuation");
            f.setAccessible(true);
            return f;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("needs a JDK 25", e);
        }
    }

    /** Makes a thread known and runnable. */
    Task start(SimHost host, String name, Runnable body) {
        try {
            Thread thread = ((Thread.Builder.OfVirtual) BUILDER.newInstance(this))
                    .name(name)
                    .unstarted(body);
            var task = new Task(started++, thread, host, random.nextInt());
            tasks.put((Runnable) CONTINUATION.get(thread), task);
            live.add(task);
            thread.start();
            return task;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A thread can go on: called by the JDK on whichever thread woke it. */
    @Override
    public void execute(Runnable continuation) {
        if (isInside()) {
            admit(continuation);
        } else {
            foreign.add(continuation);
            LockSupport.unpark(carrier);
        }
    }

    /** Whether the caller is the carrier or the simulated thread it runs at the moment. */
    boolean isInside() {
        Thread current = Thread.currentThread();
        return current == carrier || running != null && current == running.thread;
    }

    private void admit(Runnable continuation) {
        Task task = tasks.computeIfAbsent(continuation, this::stray);
        if (!task.host.isDead()) {
            runnable.add(task);
        }
    }

    /** A thread that simulated code started past the platform: it inherited this scheduler. */
    private Task stray(Runnable continuation) {
        throw new IllegalStateException("a virtual thread was started past the platform: " + continuation);
    }

    /** Takes in threads woken from outside; true if there were any. */
    boolean admitForeign() {
        boolean any = false;
        for (Runnable r; (r = foreign.poll()) != null; any = true) {
            foreignWakes++;
            admit(r);
        }
        return any;
    }

    boolean idle() {
        return runnable.isEmpty();
    }

    /** Draws a runnable thread and removes it from the runnable ones. */
    Task draw() {
        int chosen = priorities ? highest() : random.nextInt(runnable.size());
        Task task = runnable.get(chosen);
        Task last = runnable.removeLast();
        if (last != task) {
            runnable.set(chosen, last);
        }
        return task;
    }

    private int highest() {
        int best = 0;
        for (int i = 1; i < runnable.size(); i++) {
            if (runnable.get(i).priority > runnable.get(best).priority) {
                best = i;
            }
        }
        if (random.nextInt(20) == 0) {
            runnable.get(best).priority = random.nextInt();
        }
        return best;
    }

    /** Runs the thread until it waits or ends. */
    void run(Task task) {
        running = task;
        try {
            ((Runnable) CONTINUATION.get(task.thread)).run();
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        } finally {
            running = null;
        }
        if (!task.thread.isAlive()) {
            forget(task);
        }
    }

    private void forget(Task task) {
        live.remove(task);
        try {
            tasks.remove((Runnable) CONTINUATION.get(task.thread));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A host died: its threads never run again. */
    void drop(SimHost host) {
        runnable.removeIf(t -> t.host == host);
        live.removeIf(t -> t.host == host);
    }

    /** Threads that have not ended, in start order. */
    List<Task> live() {
        return List.copyOf(live);
    }

    /** The thread that runs at the moment; null between steps. */
    Task running() {
        return running;
    }

    /** How often a thread was woken from outside, which no seed replays. */
    long foreignWakes() {
        return foreignWakes;
    }
}
