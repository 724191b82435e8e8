package skywire.visor;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
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
import skywire.platform.Scope;
import skywire.route.group.RouteGroup;
import skywire.route.setup.Dialled;
import skywire.route.setup.LegKeeper;
import skywire.route.setup.LegWish;
import skywire.route.setup.RouteDialer;

/** The local proxies of a visor, by name, each with its route to an exit. Thread-safe. */
public final class Proxies implements Closeable {
    /** Proxies at once. */
    public static final int MOST = 64;

    private final Platform platform;
    private final Routes routes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Place> places = new LinkedHashMap<>(); // guarded by lock
    private boolean closed; // guarded by lock

    /** How a link to an exit is made. */
    interface Routes {
        /**
         * Dials.
         *
         * @param legs how many, and how many hops each has
         */
        KeyedLink dial(PublicKey exit, LegWish legs, Progress progress, Deadline deadline) throws IOException;
    }

    /** The place of one name. Its fields are guarded by lock. */
    private static final class Place {
        final SocksClientConfig config;
        final Scope start; // the thread that starts it, and those that tell of its legs
        SocksClient client; // null while it is being started
        IOException failure; // why it could not be started
        boolean stopped;

        Place(SocksClientConfig config, Scope start) {
            this.config = config;
            this.start = start;
        }
    }

    Proxies(Platform platform, Routes routes) {
        this.platform = platform;
        this.routes = routes;
    }

    /** Proxies whose links are routes. */
    static Proxies over(Platform platform, RouteDialer routes, HopCheck check) {
        return new Proxies(platform, (exit, legs, progress, deadline) -> {
            Dialled dialled = routes.dial(exit, SocksServer.PORT, legs, progress, deadline);
            return new WatchedRoute(dialled, check::silent, routes::avoid);
        });
    }

    /**
     * Starts a proxy and waits until its exit answers.
     *
     * @param hops exact number of hops of its route, 0 for what the visor's configuration says
     * @throws Failure of kind {@code REFUSED} if one of that name runs, {@code CLOSED_HERE} if it was stopped before it
     *     ran, or why it could not be started
     */
    public SocksClient start(SocksClientConfig config, int hops, Progress progress, Deadline deadline)
            throws IOException {
        return start(config, LegWish.ONE.withHops(hops, hops), progress, deadline);
    }

    /** As {@link #start}, over a route that may have several legs; returns when the first one is up. */
    public SocksClient start(SocksClientConfig config, LegWish legs, Progress progress, Deadline deadline)
            throws IOException {
        Place place = claim(config);
        try {
            place.start.forkChild("start", () -> start(place, legs, progress, deadline));
            return await(place);
        } catch (IOException e) {
            abandon(place);
            throw e;
        }
    }

    /** On a thread of its own, so that it can be told to stop while it waits for the network. */
    private void start(Place place, LegWish legs, Progress progress, Deadline deadline) {
        try {
            SocksClient client = SocksClient.start(
                    platform,
                    place.config,
                    (stages, limit) -> watched(place, routes.dial(place.config.exit(), legs, stages, limit)),
                    (stage, text) -> tell(place, progress, stage, text),
                    deadline);
            settle(place, client, null);
        } catch (IOException e) {
            settle(place, null, e);
        } catch (RuntimeException | Error e) {
            settle(place, null, new Failure(Failure.Kind.CLOSED_HERE, "the proxy could not be started", e));
            throw e;
        }
    }

    /** Has the log tell what happens to the legs, where there are to be several. */
    private KeyedLink watched(Place place, KeyedLink link) throws IOException {
        if (link instanceof WatchedRoute route && route.legs().isPresent()) {
            try {
                var log = new LegLog(platform.clock(), place.config.name(), route.group());
                place.start.forkChild("legs", log::run);
            } catch (IOException e) {
                link.close();
                throw e;
            }
        }
        return link;
    }

    private void tell(Place place, Progress progress, String stage, String text) throws IOException {
        if (place.start.isClosed()) {
            throw stopped(place); // an interrupted thread would close the listener's link
        }
        progress.stage(stage, text);
    }

    private static Failure stopped(Place place) {
        return new Failure(Failure.Kind.CLOSED_HERE, place.config.name() + " was stopped while it was being started");
    }

    private Place claim(SocksClientConfig config) throws Failure {
        lock.lock();
        try {
            if (closed) {
                throw Failure.closedHere("the visor");
            }
            if (places.containsKey(config.name())) {
                throw new Failure(Failure.Kind.REFUSED, "a proxy called " + config.name() + " runs already");
            }
            if (places.size() >= MOST) {
                throw new Failure(Failure.Kind.LIMIT, MOST + " proxies run already, as many as may");
            }
            var place = new Place(config, new Scope(platform, "proxy/" + config.name()));
            places.put(config.name(), place);
            return place;
        } finally {
            lock.unlock();
        }
    }

    /** The start has ended in one way or the other. */
    private void settle(Place place, SocksClient client, IOException failure) {
        boolean unwanted;
        lock.lock();
        try {
            unwanted = client != null && place.stopped;
            if (!unwanted) {
                place.client = client;
            }
            place.failure = place.stopped ? stopped(place) : failure;
            if (place.client == null) {
                places.remove(place.config.name(), place);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (unwanted) {
            client.close();
        }
    }

    private SocksClient await(Place place) throws IOException {
        lock.lock();
        try {
            while (place.client == null && place.failure == null) {
                platform.clock().await(lock, changed, Deadline.NEVER);
            }
            if (place.failure != null) {
                throw place.failure;
            }
            return place.client;
        } finally {
            lock.unlock();
        }
    }

    /** Stops a proxy, also one that is being started; false if there is none of that name. */
    public boolean stop(String name) {
        Place place;
        lock.lock();
        try {
            place = places.get(name);
        } finally {
            lock.unlock();
        }
        if (place != null) {
            abandon(place);
        }
        return place != null;
    }

    /** Returns when its addresses are free. */
    private void abandon(Place place) {
        SocksClient client;
        lock.lock();
        try {
            place.stopped = true;
            client = place.client;
        } finally {
            lock.unlock();
        }
        if (client != null) {
            client.close();
        }
        place.start.close();
        lock.lock();
        try {
            places.remove(place.config.name(), place);
        } finally {
            lock.unlock();
        }
    }

    /** All that run or are being started, oldest first. */
    public List<SocksClientConfig> configs() {
        lock.lock();
        try {
            return places.values().stream().map(place -> place.config).toList();
        } finally {
            lock.unlock();
        }
    }

    /** Those that run, oldest first. */
    public List<SocksClient> list() {
        List<SocksClient> list = new ArrayList<>();
        lock.lock();
        try {
            places.values().stream()
                    .map(place -> place.client)
                    .filter(Objects::nonNull)
                    .forEach(list::add);
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

    /** A proxy's present route; empty while it has none. */
    static Optional<RouteGroup> group(SocksClient client) {
        return client.link().map(link -> ((WatchedRoute) link).group());
    }

    /** Who sees to the legs of a proxy's present route; empty while it has none, or if it is to have one leg. */
    public static Optional<LegKeeper> legs(SocksClient client) {
        return client.link().flatMap(link -> ((WatchedRoute) link).legs());
    }

    /** Who sees to the legs of a route group, if it is the route of one of these proxies. */
    public Optional<LegKeeper> legs(RouteGroup group) {
        return of(group).flatMap(Proxies::legs);
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
        List<Place> all;
        lock.lock();
        try {
            closed = true;
            all = List.copyOf(places.values());
        } finally {
            lock.unlock();
        }
        all.forEach(this::abandon);
    }
}
