package skywire.transport;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import skywire.platform.Clock;

/** Which persistent transports are missing and due to be dialled. Thread-safe. */
final class Persistence {
    /** Limit of one try. */
    static final Duration DIAL_LIMIT = Duration.ofSeconds(10);

    /** Pause after a first failure; doubled with each more. */
    static final Duration FIRST_PAUSE = Duration.ofSeconds(2);

    /** The longest pause. */
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<TransportSet.Persistent, State> states = new LinkedHashMap<>(); // guarded by lock

    private static final class State {
        boolean dialling;
        long dueAt;
        Duration pause = FIRST_PAUSE;
    }

    Persistence(Clock clock) {
        this.clock = clock;
    }

    void set(List<TransportSet.Persistent> wanted) {
        lock.lock();
        try {
            states.keySet().retainAll(wanted);
            for (TransportSet.Persistent w : wanted) {
                states.computeIfAbsent(w, k -> newState());
            }
        } finally {
            lock.unlock();
        }
    }

    private State newState() {
        var state = new State();
        state.dueAt = clock.nanoTime();
        return state;
    }

    List<TransportSet.Persistent> wanted() {
        lock.lock();
        try {
            return new ArrayList<>(states.keySet());
        } finally {
            lock.unlock();
        }
    }

    /** Those to dial now; each is to be answered by {@link #done}. */
    List<TransportSet.Persistent> due(Predicate<TransportSet.Persistent> isUp) {
        var due = new ArrayList<TransportSet.Persistent>();
        lock.lock();
        try {
            long now = clock.nanoTime();
            states.forEach((wanted, state) -> {
                if (!state.dialling && now - state.dueAt >= 0 && !isUp.test(wanted)) {
                    state.dialling = true;
                    due.add(wanted);
                }
            });
        } finally {
            lock.unlock();
        }
        return due;
    }

    void done(TransportSet.Persistent wanted, boolean up) {
        lock.lock();
        try {
            State state = states.get(wanted);
            if (state == null) {
                return;
            }
            state.dialling = false;
            state.dueAt = clock.nanoTime() + (up ? 0 : state.pause.toNanos());
            Duration doubled = state.pause.multipliedBy(2);
            state.pause = up ? FIRST_PAUSE : doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
        } finally {
            lock.unlock();
        }
    }
}
