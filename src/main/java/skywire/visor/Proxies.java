package skywire.visor;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import skywire.app.socks.SocksClient;
import skywire.app.socks.SocksClientConfig;
import skywire.app.socks.SocksServer;
import skywire.control.Progress;
import skywire.directory.Path;
import skywire.key.PublicKey;
import skywire.link.KeyedLink;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;
import skywire.route.group.RouteGroup;
import skywire.route.setup.Dialled;
import skywire.route.setup.RouteDialer;

/** The local proxies of a visor, by name, each with its route to an exit. Thread-safe. */
public final class Proxies implements Closeable {
    /** Proxies at once. */
    public static final int MOST = 64;

    private final Platform platform;
    private final RouteDialer routes;
    private final HopCheck check;
    private final ReentrantLock lock = new ReentrantLock();
    // Guarded by lock. A name whose proxy is being started has none yet.
    private final Map<String, Optional<SocksClient>> running = new LinkedHashMap<>();
    private boolean closed; // guarded by lock

    Proxies(Platform platform, RouteDialer routes, HopCheck check) {
        this.platform = platform;
        this.routes = routes;
        this.check = check;
    }

    /**
     * Starts a proxy and waits until its exit answers.
     *
     * @param hops exact number of hops of its route, 0 for what the visor's configuration says
     * @throws Failure of kind {@code REFUSED} if one of that name runs, or why it could not be started
     */
    public SocksClient start(SocksClientConfig config, int hops, Progress progress, Deadline deadline)
            throws IOException {
        claim(config.name());
        SocksClient client = null;
        try {
            client = SocksClient.start(
                    platform, config, (stages, limit) -> dial(config.exit(), hops, stages, limit), progress, deadline);
        } finally {
            settle(config.name(), client);
        }
        return client;
    }

    private KeyedLink dial(PublicKey exit, int hops, Progress progress, Deadline deadline) throws IOException {
        Dialled dialled = hops == 0
                ? routes.dial(exit, SocksServer.PORT, progress, deadline)
                : routes.dial(exit, SocksServer.PORT, hops, hops, progress, deadline);
        return new WatchedRoute(dialled.group(), dialled.path(), check::silent, routes::avoid);
    }

    private void claim(String name) throws Failure {
        lock.lock();
        try {
            if (closed) {
                throw Failure.closedHere("the visor");
            }
            if (running.containsKey(name)) {
                throw new Failure(Failure.Kind.REFUSED, "a proxy called " + name + " runs already");
            }
            if (running.size() >= MOST) {
                throw new Failure(Failure.Kind.LIMIT, MOST + " proxies run already, as many as may");
            }
            running.put(name, Optional.empty());
        } finally {
            lock.unlock();
        }
    }

    /** The start has ended; {@code client} is null if it failed. */
    private void settle(String name, SocksClient client) throws Failure {
        boolean tooLate;
        lock.lock();
        try {
            tooLate = closed && client != null;
            if (client == null || closed) {
                running.remove(name);
            } else {
                running.put(name, Optional.of(client));
            }
        } finally {
            lock.unlock();
        }
        if (tooLate) {
            client.close();
            throw Failure.closedHere("the visor");
        }
    }

    /** Stops a proxy; false if none of that name runs. */
    public boolean stop(String name) {
        Optional<SocksClient> client;
        lock.lock();
        try {
            client = running.getOrDefault(name, Optional.empty());
            client.ifPresent(c -> running.remove(name));
        } finally {
            lock.unlock();
        }
        client.ifPresent(SocksClient::close);
        return client.isPresent();
    }

    /** Those that run, oldest first. */
    public List<SocksClient> list() {
        List<SocksClient> list = new ArrayList<>();
        lock.lock();
        try {
            running.values().forEach(client -> client.ifPresent(list::add));
        } finally {
            lock.unlock();
        }
        return list;
    }

    /** The path of a proxy's present route; empty while it has none. */
    public static Optional<Path> path(SocksClient client) {
        return client.link().map(link -> ((WatchedRoute) link).path());
    }

    /** The path of a route group, if it is the route of one of these proxies. */
    public Optional<Path> path(RouteGroup group) {
        return of(group).flatMap(Proxies::path);
    }

    /** The proxy whose route this group is. */
    Optional<SocksClient> of(RouteGroup group) {
        return list().stream()
                .filter(client -> client.link().orElse(null) instanceof WatchedRoute route && route.group() == group)
                .findFirst();
    }

    /** Stops all. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        list().forEach(SocksClient::close);
        lock.lock();
        try {
            running.values().removeIf(Optional::isPresent);
        } finally {
            lock.unlock();
        }
    }
}
