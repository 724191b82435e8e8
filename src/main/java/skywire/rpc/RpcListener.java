package skywire.rpc;

import java.io.Closeable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import skywire.key.PublicKey;
import skywire.limit.LogLimit;
import skywire.link.KeyedLink;
import skywire.link.KeyedListener;
import skywire.platform.Failure;
import skywire.platform.Platform;
import skywire.platform.Scope;

/**
 * Accepts links on a port and serves calls on each, on a thread of its own. Whether a caller is admitted is decided by
 * its proved key before anything is read from it. Thread-safe.
 */
public final class RpcListener implements Closeable {
    private static final System.Logger LOG = System.getLogger(RpcListener.class.getName());

    private final KeyedListener listener;
    private final Predicate<PublicKey> admitted;
    private final Function<PublicKey, RpcServer> servers;
    private final Limits limits;
    private final Scope scope;
    private final LogLimit refusals;
    private final LongAdder refused = new LongAdder();
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<PublicKey, Integer> open = new LinkedHashMap<>(); // guarded by lock; links per caller
    private int all; // guarded by lock

    /**
     * Links served at once.
     *
     * @param all in all
     * @param perKey of one caller
     */
    public record Limits(int all, int perKey) {}

    private RpcListener(
            Platform platform,
            String name,
            KeyedListener listener,
            Predicate<PublicKey> admitted,
            Function<PublicKey, RpcServer> servers,
            Limits limits) {
        this.listener = listener;
        this.admitted = admitted;
        this.servers = servers;
        this.limits = limits;
        this.scope = new Scope(platform, name);
        this.refusals = new LogLimit(platform.clock(), LOG);
    }

    /**
     * Starts serving; takes over the listener.
     *
     * @param admitted whose links are served; all others are closed at once
     * @param servers what is offered to a caller
     */
    public static RpcListener start(
            Platform platform,
            String name,
            KeyedListener listener,
            Predicate<PublicKey> admitted,
            Function<PublicKey, RpcServer> servers,
            Limits limits)
            throws IOException {
        var it = new RpcListener(platform, name, listener, admitted, servers, limits);
        it.scope.own(listener);
        it.scope.fork("accept", it::accept);
        return it;
    }

    private void accept() throws IOException {
        while (true) {
            KeyedLink link = listener.accept();
            PublicKey caller = link.remoteKey();
            if (!admitted.test(caller)) {
                refuse(link, "not admitted");
            } else if (!enter(caller)) {
                refuse(link, "too many links");
            } else {
                start(link, caller);
            }
        }
    }

    private void refuse(KeyedLink link, String why) {
        link.close();
        refused.increment();
        String caller = link.remoteKey().brief();
        refusals.log(System.Logger.Level.INFO, scope.name() + ": refused a call from " + caller + ": " + why);
    }

    private void start(KeyedLink link, PublicKey caller) throws IOException {
        try {
            scope.own(link);
            scope.forkChild(caller.brief(), () -> serve(link, caller));
        } catch (IOException e) {
            leave(caller);
            throw e;
        }
    }

    private void serve(KeyedLink link, PublicKey caller) {
        try {
            servers.apply(caller).serve(link);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> scope.name() + ": " + LogLimit.clean(Failure.text(e)));
        } finally {
            link.close();
            scope.disown(link);
            leave(caller);
        }
    }

    private boolean enter(PublicKey caller) {
        lock.lock();
        try {
            int mine = open.getOrDefault(caller, 0);
            if (all >= limits.all() || mine >= limits.perKey()) {
                return false;
            }
            open.put(caller, mine + 1);
            all++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void leave(PublicKey caller) {
        lock.lock();
        try {
            all--;
            open.computeIfPresent(caller, (key, n) -> n == 1 ? null : n - 1);
        } finally {
            lock.unlock();
        }
    }

    /** Links being served. */
    public int open() {
        lock.lock();
        try {
            return all;
        } finally {
            lock.unlock();
        }
    }

    /** Links refused so far. */
    public long refused() {
        return refused.sum();
    }

    /** Stops accepting and ends all links. */
    @Override
    public void close() {
        scope.close();
    }
}
