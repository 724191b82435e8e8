package skywire.route.setup;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import skywire.key.PublicKey;
import skywire.link.KeyedLink;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;
import skywire.platform.Scope;

/**
 * Keeps connections to visors' routers for the next request. A client is taken out while it is used; it comes back only
 * in working order. Dialling and closing happen outside the lock. Thread-safe.
 */
final class GatewayPool implements Closeable {
    /** How long an unused client is kept; below the idle limit newer peers put on streams. */
    static final Duration IDLE = Duration.ofSeconds(90);

    /** Unused clients in all; the oldest goes first. */
    static final int MOST_IDLE = 256;

    private static final Duration SWEEP = Duration.ofSeconds(15);

    private final Platform platform;
    private final Dialer dialer;
    private final Scope scope;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Idle> idle = new ArrayDeque<>(); // guarded by lock; oldest first
    private boolean closed; // guarded by lock

    private record Idle(GatewayClient client, long since) {}

    private GatewayPool(Platform platform, Dialer dialer) {
        this.platform = platform;
        this.dialer = dialer;
        this.scope = new Scope(platform, "gateway-pool");
    }

    /** An empty pool, with a thread that closes what is idle for too long. */
    static GatewayPool open(Platform platform, Dialer dialer) throws IOException {
        var pool = new GatewayPool(platform, dialer);
        pool.scope.fork("sweep", pool::sweep);
        return pool;
    }

    /** A kept client of the visor, if there is one; it may turn out to be dead. */
    Optional<GatewayClient> kept(PublicKey visor) {
        lock.lock();
        try {
            for (Iterator<Idle> newest = idle.descendingIterator(); newest.hasNext(); ) {
                Idle candidate = newest.next();
                if (candidate.client().visor().equals(visor)) {
                    newest.remove();
                    return Optional.of(candidate.client());
                }
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** A new client. */
    GatewayClient dial(PublicKey visor, Deadline deadline) throws IOException {
        KeyedLink link = dialer.dial(visor, SetupPorts.GATEWAY, deadline);
        if (!link.remoteKey().equals(visor)) {
            link.close();
            throw Failure.untrusted(
                    "dialled " + visor.brief() + ", reached " + link.remoteKey().brief());
        }
        return new GatewayClient(link);
    }

    /** Takes a client back: kept if it is in working order, closed otherwise. */
    void release(GatewayClient client) {
        List<GatewayClient> retired = new ArrayList<>();
        lock.lock();
        try {
            if (closed || !client.usable()) {
                retired.add(client);
            } else {
                idle.addLast(new Idle(client, platform.clock().nanoTime()));
                if (idle.size() > MOST_IDLE) {
                    retired.add(idle.removeFirst().client());
                }
            }
        } finally {
            lock.unlock();
        }
        retired.forEach(GatewayClient::close);
    }

    private void sweep() throws IOException {
        while (true) {
            platform.clock().sleep(SWEEP);
            takeOlderThan(IDLE).forEach(GatewayClient::close);
        }
    }

    private List<GatewayClient> takeOlderThan(Duration age) {
        List<GatewayClient> old = new ArrayList<>();
        long now = platform.clock().nanoTime();
        lock.lock();
        try {
            while (!idle.isEmpty() && now - idle.getFirst().since() >= age.toNanos()) {
                old.add(idle.removeFirst().client());
            }
        } finally {
            lock.unlock();
        }
        return old;
    }

    /** Clients kept at present. */
    int size() {
        lock.lock();
        try {
            return idle.size();
        } finally {
            lock.unlock();
        }
    }

    /** Closes what is kept; clients in use are closed when they come back. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        takeOlderThan(Duration.ZERO).forEach(GatewayClient::close);
        scope.close();
    }
}
