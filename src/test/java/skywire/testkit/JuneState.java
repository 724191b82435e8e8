package skywire.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import skywire.packet.Handshake;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;

/** What a {@link JuneGroup} knows: its legs by index, what the other end has said, whether it is closed. Thread-safe. */
final class JuneState {
    private final Clock clock;
    private final JuneStyle style;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<JuneLeg> legs = new ArrayList<>(); // guarded by lock
    private final List<Handshake> handshakes = new ArrayList<>(); // guarded by lock; of the other end
    private final List<Long> pongs = new ArrayList<>(); // guarded by lock; timestamps
    private boolean answered; // guarded by lock; our Handshake went out as an answer
    private boolean closed; // guarded by lock
    private boolean closedBack; // guarded by lock; the other end's Close has come
    private String errorText = ""; // guarded by lock
    private volatile int agreed = -1; // capabilities of both; -1 before the first Handshake

    JuneState(Clock clock, JuneStyle style) {
        this.clock = clock;
        this.style = style;
    }

    int agreed() {
        return agreed;
    }

    List<JuneLeg> legs() {
        lock.lock();
        try {
            return List.copyOf(legs);
        } finally {
            lock.unlock();
        }
    }

    List<Handshake> handshakes() {
        lock.lock();
        try {
            return List.copyOf(handshakes);
        } finally {
            lock.unlock();
        }
    }

    Optional<String> errorText() {
        lock.lock();
        try {
            return errorText.isEmpty() ? Optional.empty() : Optional.of(errorText);
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    void add(JuneLeg leg) {
        note(() -> legs.add(leg));
    }

    /** Takes legs out whose transport has ended; the next one slides to index 0 and is ready. */
    void prune() {
        note(() -> {
            legs.removeIf(leg -> legs.size() > 1 && !leg.isAlive());
            legs.getFirst().heard();
        });
    }

    /** Their Handshake has come; whether we have answered one already. */
    boolean opened(Handshake handshake) {
        lock.lock();
        try {
            handshakes.add(handshake);
            if (agreed < 0) {
                agreed = handshake.capabilities() & style.capabilities();
            }
            changed.signalAll();
            return answered;
        } finally {
            lock.unlock();
        }
    }

    /** Our first Handshake is about to go out as an answer. */
    void setAnswered() {
        note(() -> answered = true);
    }

    /** A pong with this timestamp has come. */
    void pong(long unixMillis) {
        note(() -> pongs.add(unixMillis));
    }

    void error(String text) {
        note(() -> errorText = text);
    }

    void closedBack() {
        note(() -> closedBack = true);
    }

    private void note(Runnable what) {
        lock.lock();
        try {
            what.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Marks it closed; false if it was already. */
    boolean close() {
        lock.lock();
        try {
            boolean first = !closed;
            closed = true;
            changed.signalAll();
            return first;
        } finally {
            lock.unlock();
        }
    }

    void awaitAgreement(Deadline deadline) throws Failure {
        await("the other end's handshake", deadline, () -> agreed >= 0 || closed);
        check();
    }

    void awaitPong(long unixMillis, Deadline deadline) throws Failure {
        await("pong", deadline, () -> pongs.contains(unixMillis) || closed);
        check();
    }

    void awaitClosedBack(Deadline deadline) throws Failure {
        await("the other end's close", deadline, () -> closedBack);
    }

    void check() throws Failure {
        if (isClosed()) {
            throw new Failure(Failure.Kind.CLOSED_THERE, "the group is closed");
        }
    }

    private void await(String what, Deadline deadline, BooleanSupplier check) throws Failure {
        lock.lock();
        try {
            while (!check.getAsBoolean()) {
                if (!clock.await(lock, changed, deadline) && !check.getAsBoolean()) {
                    throw Failure.timeout(what);
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
