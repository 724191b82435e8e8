package skywire.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;

/** Virtual time: stands still while nothing happens but the next timer. Carrier thread only. */
final class SimClock implements Clock {
    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::at).thenComparingLong(t -> t.number));
    private final Trace trace;
    private final long base; // nanoTime() of the beginning: only differences mean something
    private long now; // nanoseconds since the beginning
    private long numbers;
    private int cancelled;
    private Starter starter;

    /** Starts a helper thread for a timer whose lock is taken. */
    interface Starter {
        void start(String name, Runnable body);
    }

    SimClock(Trace trace, long base) {
        this.trace = trace;
        this.base = base;
    }

    void starter(Starter s) {
        starter = s;
    }

    /** Something to do at a moment. */
    final class Timer {
        private final long at;
        private final long number = numbers++;
        private Runnable action; // null once fired or cancelled

        private Timer(long at, Runnable action) {
            this.at = at;
            this.action = action;
        }

        private long at() {
            return at;
        }

        /** It will not fire. */
        void cancel() {
            if (action != null) {
                action = null;
                if (++cancelled > 1000 && cancelled > timers.size() / 2) {
                    timers.removeIf(t -> t.action == null);
                    cancelled = 0;
                }
            }
        }
    }

    /** Runs the action that far from now, on the carrier, between two steps: it must not wait. */
    Timer after(long nanos, Runnable action) {
        var timer = new Timer(Math.addExact(now, Math.max(0, nanos)), action);
        timers.add(timer);
        return timer;
    }

    /** Nanoseconds since the beginning. */
    long elapsed() {
        return now;
    }

    /** A step has taken that long. */
    void spend(long nanos) {
        now += nanos;
    }

    /** Fires what is due. */
    void fireDue() {
        for (Timer t; (t = timers.peek()) != null && (t.action == null || t.at <= now); ) {
            timers.remove();
            fire(t);
        }
    }

    /** Goes on to the next timer and fires it; false if there is none. */
    boolean advance() {
        for (Timer t; (t = timers.poll()) != null; ) {
            if (t.action != null) {
                now = Math.max(now, t.at);
                fire(t);
                return true;
            }
            cancelled = Math.max(0, cancelled - 1);
        }
        return false;
    }

    private void fire(Timer t) {
        Runnable action = t.action;
        if (action == null) {
            cancelled = Math.max(0, cancelled - 1);
            return;
        }
        t.action = null;
        trace.mix(2, now ^ t.number << 40);
        action.run();
    }

    @Override
    public long nanoTime() {
        return base + now;
    }

    @Override
    public Instant now() {
        return EPOCH.plusNanos(now);
    }

    @Override
    public boolean await(ReentrantLock lock, Condition condition, Deadline deadline) throws Failure {
        Timer timer = null;
        try {
            if (!deadline.isNever()) {
                if (deadline.passed()) {
                    return false;
                }
                timer = after(deadline.nanosLeft(), () -> wake(lock, condition));
            }
            condition.await();
            return deadline.isNever() || !deadline.passed();
        } catch (InterruptedException e) {
            throw Failure.cancelled("waiting");
        } finally {
            if (timer != null) {
                timer.cancel();
            }
        }
    }

    private void wake(ReentrantLock lock, Condition condition) {
        if (lock.tryLock()) {
            signal(lock, condition);
        } else {
            starter.start("timer", () -> {
                lock.lock();
                signal(lock, condition);
            });
        }
    }

    private static void signal(ReentrantLock lock, Condition condition) {
        try {
            condition.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void sleep(Duration time) throws Failure {
        Thread self = Thread.currentThread();
        long until = now + time.toNanos();
        Timer timer = after(time.toNanos(), () -> LockSupport.unpark(self));
        while (now < until) {
            if (Thread.interrupted()) {
                timer.cancel();
                throw Failure.cancelled("sleep");
            }
            LockSupport.park(this);
        }
    }
}
