package skywire.route.setup;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import skywire.key.PublicKey;
import skywire.limit.LogLimit;
import skywire.packet.Rule;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;
import skywire.route.EdgeRules;
import skywire.rpc.RpcFault;

/**
 * The visors of one request: connected, asked in parallel, and given back at the end. Calls to one visor never end those
 * to another. Used by the request's thread; the threads it starts each work on one visor.
 */
final class VisorCalls implements Closeable {
    private static final System.Logger LOG = System.getLogger(VisorCalls.class.getName());

    private final Platform platform;
    private final GatewayPool pool;
    private final List<PublicKey> visors;
    private final Deadline limit;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<PublicKey, GatewayClient> clients = new LinkedHashMap<>(); // guarded by lock
    private final Map<PublicKey, List<Long>> ids = new LinkedHashMap<>(); // guarded by lock; given to us

    VisorCalls(Platform platform, GatewayPool pool, List<PublicKey> visors, Deadline limit) {
        this.platform = platform;
        this.pool = pool;
        this.visors = visors;
        this.limit = limit;
    }

    /** Finds or makes a connection to every visor. */
    void connect() throws IOException {
        each("dial", visors, "a dial attempt failed with", visor -> {
            Optional<GatewayClient> kept = pool.kept(visor);
            hold(visor, kept.isPresent() ? kept.get() : dial(visor, limit));
        });
    }

    private GatewayClient dial(PublicKey visor, Deadline deadline) throws IOException {
        try {
            return pool.dial(visor, deadline.orEarlier(platform.clock(), RouteBuilder.DIAL_LIMIT));
        } catch (IOException e) {
            throw failure("dial " + visor.hex() + "@" + SetupPorts.GATEWAY, e);
        }
    }

    /** Gets route ids from every visor. */
    Map<PublicKey, List<Long>> reserve(Map<PublicKey, Integer> needed) throws IOException {
        each("reserve", visors, "failed to reserve route ids", visor -> {
            try {
                List<Long> given = reserve(visor, needed.get(visor));
                locked(() -> ids.put(visor, given));
            } catch (IOException e) {
                throw failure("reserve routeID from " + visor.hex() + " failed", e);
            }
        });
        return new LinkedHashMap<>(ids);
    }

    /** The first call on a connection: one that was kept may have died meanwhile, then a new one is tried. */
    private List<Long> reserve(PublicKey visor, int n) throws IOException {
        GatewayClient client = client(visor);
        boolean fresh = client.isFresh();
        try {
            return client.reserve(n, call());
        } catch (IOException e) {
            if (e instanceof RpcFault || fresh || limit.passed()) {
                throw e;
            }
        }
        client.close();
        GatewayClient again = dial(visor, limit);
        hold(visor, again);
        return again.reserve(n, call());
    }

    /** Gives all relays their rules. */
    void installRelays(Map<PublicKey, List<Rule.Intermediary>> relays) throws IOException {
        each("relay", List.copyOf(relays.keySet()), "failed to broadcast intermediary rules", visor -> {
            try {
                client(visor).addIntermediary(relays.get(visor), call());
            } catch (IOException e) {
                throw failure("add rules at " + visor.hex(), e);
            }
        });
    }

    /** Gives the far end its rules. */
    void installResponder(PublicKey visor, EdgeRules rules) throws IOException {
        try {
            client(visor).addEdge(rules, call());
        } catch (IOException e) {
            throw failure("failed to broadcast rules to destination router: " + visor.hex(), e);
        }
    }

    /**
     * Frees every id we were given, and so deletes the rules under it. Visors whose connection broke are dialled once
     * more: they may have installed what they could not confirm.
     */
    void takeBack() {
        takeBack(locked(() -> new LinkedHashMap<>(ids)));
    }

    /** The same for a request that is over. */
    static void takeBack(Platform platform, GatewayPool pool, Map<PublicKey, List<Long>> given) {
        Deadline limit = platform.clock().in(RouteBuilder.UNDO_LIMIT);
        try (var calls = new VisorCalls(platform, pool, List.copyOf(given.keySet()), limit)) {
            for (PublicKey visor : given.keySet()) {
                pool.kept(visor).ifPresent(client -> calls.hold(visor, client));
            }
            calls.takeBack(given);
        }
    }

    private void takeBack(Map<PublicKey, List<Long>> given) {
        Deadline deadline = platform.clock().in(RouteBuilder.UNDO_LIMIT);
        try {
            InParallel.each(
                            platform,
                            "setup-undo",
                            List.copyOf(given.keySet()),
                            visor -> delete(visor, given.get(visor), deadline))
                    .forEach(f -> LOG.log(
                            System.Logger.Level.DEBUG,
                            () -> "rules left to expire at " + f.item().brief() + ": "
                                    + LogLimit.clean(Failure.text(f.why()))));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "taking rules back was cut short", e);
        }
    }

    private void delete(PublicKey visor, List<Long> given, Deadline deadline) throws IOException {
        GatewayClient client = client(visor);
        if (client != null && client.usable()) {
            try {
                client.delete(given, deadline);
                return;
            } catch (IOException e) {
                if (client.usable()) {
                    throw e;
                }
            }
        }
        if (client != null) {
            client.close();
        }
        GatewayClient again = pool.dial(visor, deadline);
        hold(visor, again);
        again.delete(given, deadline);
    }

    private void each(String name, List<PublicKey> which, String what, InParallel.Task<PublicKey> task)
            throws IOException {
        var failed = InParallel.each(platform, "setup-" + name, which, task);
        if (!failed.isEmpty()) {
            throw failure(what, failed.getFirst().why());
        }
    }

    private static Failure failure(String what, IOException e) {
        if (e instanceof RpcFault) {
            return new Failure(Failure.Kind.REFUSED, what + ": " + e.getMessage(), e);
        }
        return Failure.wrap(what, e);
    }

    private Deadline call() {
        Clock clock = platform.clock();
        return limit.orEarlier(clock, RouteBuilder.CALL_LIMIT);
    }

    private GatewayClient client(PublicKey visor) {
        return locked(() -> clients.get(visor));
    }

    private void hold(PublicKey visor, GatewayClient client) {
        locked(() -> clients.put(visor, client));
    }

    private <T> T locked(java.util.function.Supplier<T> body) {
        lock.lock();
        try {
            return body.get();
        } finally {
            lock.unlock();
        }
    }

    /** Gives the connections back. */
    @Override
    public void close() {
        List<GatewayClient> all = locked(() -> new ArrayList<>(clients.values()));
        all.forEach(pool::release);
    }
}
