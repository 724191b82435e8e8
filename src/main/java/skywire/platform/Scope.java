package skywire.platform;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Threads and resources that end together. The first failure, or {@link #close}, ends all of them.
 *
 * <p>Thread-safe. A scope is closed by exactly one of: its component's {@code close()}, or the end of one of its own
 * threads started by {@link #fork}.
 */
public final class Scope implements AutoCloseable {
    /** How long {@link #close} waits for the threads. */
    public static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private static final System.Logger LOG = System.getLogger(Scope.class.getName());

    private final Platform platform;
    private final String name;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Closeable> owned = new ArrayDeque<>(); // guarded by lock; newest first
    private final Set<Thread> threads = new LinkedHashSet<>(); // guarded by lock
    private int starting; // guarded by lock; forks whose thread has not begun yet
    private boolean closed; // guarded by lock
    private Throwable cause; // guarded by lock; first one wins, null while open or when closed on purpose

    /** What a thread of a scope does. */
    @FunctionalInterface
    public interface Body {
        /** Runs until done; an {@link IOException} is an expected end, anything unchecked is a bug. */
        void run() throws IOException;
    }

    /** An open, empty scope; {@code name} is the prefix of its threads' names. */
    public Scope(Platform platform, String name) {
        this.platform = platform;
        this.name = name;
    }

    /** The name, prefix of its threads' names. */
    public String name() {
        return name;
    }

    /** Takes ownership; if the scope has already ended, closes the resource and throws {@code CLOSED_HERE}. */
    public <T extends Closeable> T own(T resource) throws IOException {
        lock.lock();
        try {
            if (!closed) {
                owned.push(resource);
                return resource;
            }
        } finally {
            lock.unlock();
        }
        closeQuietly(resource);
        throw ended();
    }

    /** Gives up ownership of a resource that ended on its own; compares identity. */
    public void disown(Closeable resource) {
        lock.lock();
        try {
            owned.removeIf(r -> r == resource);
        } finally {
            lock.unlock();
        }
    }

    /** Runs the body on a virtual thread called {@code name/task}. Any exit of the body ends the scope. */
    public void fork(String task, Body body) throws IOException {
        start(task, body, true);
    }

    /** As {@link #fork}, but the end of this body, even by an I/O failure, leaves the scope open. */
    public void forkChild(String task, Body body) throws IOException {
        start(task, body, false);
    }

    private void start(String task, Body body, boolean endsScope) throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw ended();
            }
            starting++;
        } finally {
            lock.unlock();
        }
        boolean started = false;
        try {
            platform.start(name + "/" + task, () -> run(body, endsScope));
            started = true;
        } finally {
            if (!started) {
                begun(null);
            }
        }
    }

    /** A fork has become a thread (or, null, nothing). It enters itself, so that it cannot leave before it is known. */
    private void begun(Thread thread) {
        lock.lock();
        try {
            starting--;
            if (thread != null) {
                threads.add(thread);
                if (closed) {
                    thread.interrupt();
                }
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run(Body body, boolean endsScope) {
        begun(Thread.currentThread());
        Throwable why = null;
        try {
            body.run();
        } catch (IOException e) {
            why = e;
        } catch (RuntimeException | Error e) {
            why = e;
            LOG.log(System.Logger.Level.ERROR, "bug: " + Thread.currentThread().getName() + " failed", e);
        } finally {
            if (endsScope) {
                end(why);
            }
            leave();
        }
    }

    private void leave() {
        lock.lock();
        try {
            threads.remove(Thread.currentThread());
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the scope: marks it, closes the resources newest first, interrupts the other threads. Does not wait. */
    public void end(Throwable why) {
        List<Closeable> resources;
        List<Thread> others;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            cause = why;
            resources = new ArrayList<>(owned);
            owned.clear();
            others = new ArrayList<>(threads);
        } finally {
            lock.unlock();
        }
        resources.forEach(Scope::closeQuietly);
        for (Thread t : others) {
            if (t != Thread.currentThread()) {
                t.interrupt();
            }
        }
    }

    /** Waits for the threads other than the caller's; false if some are still running at the deadline. */
    public boolean join(Deadline until) throws IOException {
        lock.lock();
        try {
            while (!aloneLocked()) {
                if (!platform.clock().await(lock, changed, until)) {
                    return aloneLocked();
                }
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean aloneLocked() {
        int self = threads.contains(Thread.currentThread()) ? 1 : 0;
        return starting == 0 && threads.size() == self;
    }

    /** Whether it has ended. */
    public boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** A new failure for somebody who waited on this scope, with the first cause inside. */
    public Failure ended() {
        lock.lock();
        try {
            if (cause == null) {
                return Failure.closedHere(name);
            }
            Failure.Kind kind = cause instanceof IOException io ? Failure.kindOf(io) : Failure.Kind.CLOSED_HERE;
            return new Failure(kind, name + " has ended: " + Failure.text(cause), cause);
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #ended}, without the name of the scope: for texts that go to others. */
    public Failure reason(String what) {
        lock.lock();
        try {
            if (cause == null) {
                return Failure.closedHere(what);
            }
            Failure.Kind kind = cause instanceof IOException io ? Failure.kindOf(io) : Failure.Kind.CLOSED_HERE;
            return new Failure(kind, Failure.text(cause), cause);
        } finally {
            lock.unlock();
        }
    }

    /** Ends the scope and waits up to {@link #CLOSE_LIMIT}; stragglers are named in the log. */
    @Override
    public void close() {
        end(null);
        try {
            if (!join(platform.clock().in(CLOSE_LIMIT))) {
                LOG.log(System.Logger.Level.WARNING, name + ": still running after close: " + stragglers());
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, name + ": close was interrupted", e);
        }
    }

    private List<String> stragglers() {
        lock.lock();
        try {
            return threads.stream().map(Thread::getName).toList();
        } finally {
            lock.unlock();
        }
    }

    private static void closeQuietly(Closeable resource) {
        try {
            resource.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "close failed", e);
        }
    }
}
