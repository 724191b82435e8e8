package skywire.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import skywire.platform.Deadline;

/** Threads that wait for the same thing to change. Carrier thread only. */
final class WaitList {
    private final SimClock clock;
    private final List<Thread> waiting = new ArrayList<>();

    WaitList(SimClock clock) {
        this.clock = clock;
    }

    /** Waits for a wake-up, an interrupt or the deadline; the caller looks at its condition again in a loop. */
    void park(Deadline deadline) {
        Thread self = Thread.currentThread();
        SimClock.Timer timer =
                deadline.isNever() ? null : clock.after(deadline.nanosLeft(), () -> LockSupport.unpark(self));
        waiting.add(self);
        try {
            LockSupport.park(this);
        } finally {
            waiting.remove(self);
            if (timer != null) {
                timer.cancel();
            }
        }
    }

    void wakeAll() {
        waiting.forEach(LockSupport::unpark);
    }
}
