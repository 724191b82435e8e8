package skywire.route.group;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import skywire.limit.LogLimit;
import skywire.packet.Close;
import skywire.packet.Data;
import skywire.packet.ErrorText;
import skywire.packet.Handshake;
import skywire.packet.Packet;
import skywire.packet.Ping;
import skywire.packet.Pong;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Scope;
import skywire.route.RouteEnd;

/**
 * The end of a route until it is known what it is for (routing §6): takes the first packets, and hands them over, in
 * order, to whoever the route belongs to from then on. Thread-safe.
 */
final class Opening implements RouteEnd {
    private static final int MOST_HANDSHAKE_REPEATS = 5;
    private static final int MOST_EARLY = 64;

    /** Who takes the packets in the end. */
    interface User {
        /** As {@link RouteEnd#packet}. */
        void packet(Packet packet);

        /** As {@link RouteEnd#gone}. */
        void gone(Failure why);
    }

    private final Clock clock;
    private final RouteLeg route;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Packet> early = new ArrayDeque<>(); // guarded by lock
    private Packet first; // guarded by lock; the first Handshake or Data packet, null before
    private LongFunction<Packet> answer; // guarded by lock; our Handshake, once it is an answer
    private int repeats; // guarded by lock; Handshakes answered again
    private String errorText; // guarded by lock; why the peer closes, null unless it said so
    private Failure ended; // guarded by lock; null while it may go on
    private Runnable onEnd = () -> {}; // guarded by lock
    private Runnable disown = () -> {}; // guarded by lock
    private boolean disowned; // guarded by lock
    private boolean quiet; // guarded by lock
    private volatile User user; // null until handed over

    Opening(Clock clock, RouteLeg route) {
        this.clock = clock;
        this.route = route;
    }

    RouteLeg route() {
        return route;
    }

    /** Is told when it ends before it is handed over. */
    void onEnd(Runnable action) {
        lock.lock();
        try {
            onEnd = action;
        } finally {
            lock.unlock();
        }
    }

    /** Says what owns it, so that {@link #disown} can take it out there. */
    void ownedBy(Scope owner, Closeable resource) {
        boolean late;
        lock.lock();
        try {
            disown = () -> owner.disown(resource);
            late = ended != null || disowned;
        } finally {
            lock.unlock();
        }
        if (late) {
            owner.disown(resource);
        }
    }

    /** It need not be closed by its owner any more. */
    void disown() {
        Runnable action;
        lock.lock();
        try {
            disowned = true;
            action = disown;
        } finally {
            lock.unlock();
        }
        action.run();
    }

    @Override
    public void packet(Packet packet) {
        User to = user;
        if (to != null) {
            to.packet(packet);
            return;
        }
        switch (packet) {
            case Handshake handshake -> opened(handshake);
            case Data data -> keep(data);
            case Ping ping -> route.offer(id -> Pong.of(id, ping.unixMillis()));
            case ErrorText error -> noteError(error);
            case Close close -> closedByPeer(close);
            default -> {} // has no meaning yet
        }
    }

    /** Keeps it for later, unless there is somebody for it by now. */
    private void keep(Packet packet) {
        User to;
        lock.lock();
        try {
            to = user;
            if (to == null) {
                if (first == null && packet instanceof Data) {
                    first = packet;
                    changed.signalAll();
                }
                if (early.size() < MOST_EARLY) {
                    early.add(packet);
                }
            }
        } finally {
            lock.unlock();
        }
        if (to != null) {
            to.packet(packet);
        }
    }

    private void opened(Handshake handshake) {
        User to;
        LongFunction<Packet> again = null;
        lock.lock();
        try {
            to = user;
            if (first == null) {
                first = handshake;
                changed.signalAll();
            } else if (answer != null && repeats++ < MOST_HANDSHAKE_REPEATS) {
                again = answer; // it may have been lost
            }
        } finally {
            lock.unlock();
        }
        if (to != null) {
            to.packet(handshake);
        } else if (again != null) {
            route.offer(again);
        }
    }

    private void noteError(ErrorText error) {
        lock.lock();
        try {
            errorText = LogLimit.clean(error.message(), ErrorText.LONGEST);
        } finally {
            lock.unlock();
        }
        keep(error);
    }

    private void closedByPeer(Close close) {
        Failure why;
        User to;
        lock.lock();
        try {
            to = user;
            why = closedThere(errorText);
        } finally {
            lock.unlock();
        }
        if (to != null) {
            to.packet(close);
        } else if (end(why)) {
            route.offer(id -> Close.of(id, Close.REQUESTED));
        }
    }

    static Failure closedThere(String text) {
        return text == null
                ? Failure.closedThere("route group")
                : new Failure(Failure.Kind.CLOSED_THERE, "closed by peer: " + text);
    }

    @Override
    public void gone(Failure why) {
        User to;
        lock.lock();
        try {
            to = user;
        } finally {
            lock.unlock();
        }
        if (to != null) {
            to.gone(why);
        } else {
            close(why, why.getMessage());
        }
    }

    /** It is a leg of a peer to whom a Close means the whole group: its end is not told. */
    void quiet() {
        lock.lock();
        try {
            quiet = true;
        } finally {
            lock.unlock();
        }
    }

    private boolean isQuiet() {
        lock.lock();
        try {
            return quiet;
        } finally {
            lock.unlock();
        }
    }

    /** Ends it on this side; the peer is told, with that text if it is not empty. Does nothing once handed over. */
    void close(Failure why, String errorForPeer) {
        if (end(why) && !isQuiet()) {
            if (!errorForPeer.isEmpty()) {
                route.offer(id -> ErrorText.of(id, errorForPeer));
            }
            route.offer(id -> Close.of(id, Close.REQUESTED));
        }
    }

    private boolean end(Failure why) {
        lock.lock();
        try {
            if (ended != null || user != null) {
                return false;
            }
            ended = why;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        route.end(why);
        release().run();
        return true;
    }

    /** What is to be done at its end; only once, and not any more by itself. */
    private Runnable release() {
        lock.lock();
        try {
            Runnable action = onEnd;
            onEnd = () -> {};
            return action;
        } finally {
            lock.unlock();
        }
    }

    /** It has become what it was for: from now on its end is the business of its user. */
    void settled() {
        release();
        disown();
    }

    /** It will not become anything: ended if it was not handed over, and in any case forgotten. */
    void abandon(Failure why) {
        close(why, "");
        release().run();
    }

    /** Waits for the peer's first Handshake or Data packet. */
    Packet await(Deadline deadline) throws IOException {
        lock.lock();
        try {
            while (first == null) {
                checkOpen();
                if (!clock.await(lock, changed, deadline) && first == null && ended == null) {
                    throw Failure.timeout("waiting for the peer's handshake");
                }
            }
            return first;
        } finally {
            lock.unlock();
        }
    }

    private void checkOpen() throws Failure {
        if (ended != null) {
            throw new Failure(ended.kind(), ended.getMessage(), ended);
        }
    }

    /** Sends our Handshake packet. */
    void send(LongFunction<Packet> handshake, Deadline deadline) throws IOException {
        route.send(handshake, deadline);
    }

    /** As {@link #send}; a repeated one of the peer is answered by it again. */
    void answer(LongFunction<Packet> handshake, Deadline deadline) throws IOException {
        lock.lock();
        try {
            answer = handshake;
        } finally {
            lock.unlock();
        }
        route.send(handshake, deadline);
    }

    /**
     * From now on packets go to {@code next}, first those that came too early for it.
     *
     * @throws Failure why it has ended, if it has
     */
    void handOver(User next) throws Failure {
        while (true) {
            Packet packet;
            lock.lock();
            try {
                checkOpen();
                packet = early.poll();
                if (packet == null) {
                    user = next;
                    return;
                }
            } finally {
                lock.unlock();
            }
            next.packet(packet);
        }
    }
}
