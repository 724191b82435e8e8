package skywire.route.setup;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import skywire.control.Progress;
import skywire.directory.Path;
import skywire.entry.TransportEntry;
import skywire.key.PublicKey;
import skywire.packet.RouteDescriptor;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;
import skywire.route.group.GroupKind;
import skywire.route.group.GroupSet;
import skywire.route.group.RouteGroup;
import skywire.rpc.RpcFault;

/**
 * Gets route groups to other visors: finds a path, has it set up, begins the group. A path that does not work is left,
 * and the visors that seem to be the cause are avoided from then on (setup §5, retry with exclusion). Thread-safe.
 */
public final class RouteDialer {
    /** Paths tried for one dial. */
    public static final int MOST_ATTEMPTS = 6;

    /** For one dial in all. */
    public static final Duration DIAL_LIMIT = Duration.ofSeconds(90);

    /** For the first packets of a new group; a path that needs longer counts as broken. */
    public static final Duration HANDSHAKE_LIMIT = Duration.ofSeconds(8);

    private final Platform platform;
    private final PublicKey self;
    private final GroupSet groups;
    private final SetupClient setup;
    private final Settings settings;
    private final Suspects suspects;
    private final PathChoice choice;
    private final LegPaths legPaths;

    /**
     * What may be set.
     *
     * @param minHops least number of transports of a route
     * @param maxHops greatest number of transports of a route
     * @param keepAlive how long its rules live without traffic
     */
    public record Settings(int minHops, int maxHops, Duration keepAlive) {
        /** One hop is enough; rules live 30 s. */
        public static final Settings DEFAULT = new Settings(1, RouteRequest.MOST_HOPS, Duration.ofSeconds(30));

        /** Brings the hops into the range that can be set up. */
        public Settings {
            maxHops = Math.clamp(maxHops, 1, RouteRequest.MOST_HOPS);
            minHops = Math.clamp(minHops, 1, maxHops);
        }
    }

    /**
     * @param own our live transports: a route begins with one of them
     * @param sources who knows paths, asked in this order until one has some
     */
    public RouteDialer(
            Platform platform,
            PublicKey self,
            GroupSet groups,
            SetupClient setup,
            Supplier<List<TransportEntry>> own,
            List<RouteSource> sources,
            Settings settings) {
        this(platform, self, groups, setup, own, sources, settings, Surroundings.UNKNOWN);
    }

    /** As the other one, for a visor that knows something of the network around it. */
    public RouteDialer(
            Platform platform,
            PublicKey self,
            GroupSet groups,
            SetupClient setup,
            Supplier<List<TransportEntry>> own,
            List<RouteSource> sources,
            Settings settings,
            Surroundings surroundings) {
        this.platform = platform;
        this.self = self;
        this.groups = groups;
        this.setup = setup;
        this.settings = settings;
        this.suspects = new Suspects(platform.clock());
        this.choice = new PathChoice(platform, self, own, sources, suspects);
        this.legPaths = new LegPaths(platform, self, own, surroundings, choice, suspects);
    }

    /** These relays are known to be dead: dials of the next minute leave them out where there is another way. */
    public void avoid(Collection<PublicKey> relays) {
        suspects.add(relays);
    }

    /** Dials with the hops of this visor's settings. */
    public Dialled dial(PublicKey remote, int port, Deadline deadline) throws IOException {
        return dial(remote, port, settings.minHops(), settings.maxHops(), Progress.NONE, deadline);
    }

    /** Dials with the hops of this visor's settings, and tells how it goes. */
    public Dialled dial(PublicKey remote, int port, Progress progress, Deadline deadline) throws IOException {
        return dial(remote, port, settings.minHops(), settings.maxHops(), progress, deadline);
    }

    /**
     * Dials over a path of {@code minHops} to {@code maxHops} transports.
     *
     * @param progress hears of the stages {@code finding routes} and {@code setting up route}
     * @throws Failure of kind {@code NOT_FOUND} if there is no such path, {@code REFUSED} if the other end took the
     *     route and closed it, else what went wrong with the last path tried
     */
    public Dialled dial(PublicKey remote, int port, int minHops, int maxHops, Progress progress, Deadline deadline)
            throws IOException {
        return dial(remote, port, LegWish.ONE.withHops(minHops, Math.max(minHops, maxHops)), progress, deadline);
    }

    /**
     * Dials a group that is to have several legs. Returns when the first one is up; the others follow in the background,
     * see {@link Dialled#legs}. A peer that knows of no legs gets a plain route.
     *
     * @param progress hears of the stages {@code finding routes}, {@code setting up route} and {@code adding legs}
     * @throws Failure as the other forms
     */
    public Dialled dial(PublicKey remote, int port, LegWish wish, Progress progress, Deadline deadline)
            throws IOException {
        if (remote.isNull()) {
            throw new Failure(Failure.Kind.NOT_FOUND, "empty remote public key");
        }
        if (remote.equals(self)) {
            throw new Failure(Failure.Kind.NOT_FOUND, "no route to ourselves");
        }
        var hops = new Settings(
                wish.minHops() == 0 ? settings.minHops() : wish.minHops(),
                wish.maxHops() == 0 ? settings.maxHops() : wish.maxHops(),
                settings.keepAlive());
        Deadline limit = deadline.orEarlier(platform.clock(), DIAL_LIMIT);
        return new Attempts(remote, port, wish, hops, progress, limit).run();
    }

    /** One dial: path after path, until one works or none is left. */
    private final class Attempts {
        private final PublicKey remote;
        private final int port;
        private final LegWish legs;
        private final Settings hops;
        private final DialTold told;
        private final Deadline limit;
        private final Excluded excluded = new Excluded();
        private IOException last; // null before the first failure
        private boolean another; // whether another path may do better than the one that failed

        Attempts(PublicKey remote, int port, LegWish legs, Settings hops, Progress progress, Deadline limit) {
            this.remote = remote;
            this.port = port;
            this.legs = legs;
            this.hops = hops;
            this.told = new DialTold(platform.clock(), remote, progress);
            this.limit = limit;
        }

        Dialled run() throws IOException {
            for (int attempt = 1; attempt <= MOST_ATTEMPTS && !limit.passed(); attempt++) {
                Path path = nextPath();
                if (path == null) {
                    break;
                }
                told.begins();
                RouteGroup group;
                try {
                    group = open(path);
                } catch (IOException e) {
                    if (!another) {
                        throw Failure.wrap("route to " + remote.brief(), e);
                    }
                    last = e;
                    suspects.add(excluded.latest());
                    told.failure(e, excluded.latest());
                    continue;
                }
                suspects.clear(path.relays());
                try {
                    told.success(path);
                    return new Dialled(group, path, legs.isOne() ? Optional.empty() : Optional.of(keep(group, path)));
                } catch (IOException e) {
                    group.close();
                    throw e;
                }
            }
            throw Failure.wrap("route to " + remote.brief(), last == null ? Failure.timeout("dialling") : last);
        }

        /** Null if the one before failed and there is no other. */
        private Path nextPath() throws IOException {
            var wish = new RouteWish(hops.minHops(), hops.maxHops(), excluded.relays(), excluded.transports());
            List<Path> paths;
            try {
                paths = paths(wish);
            } catch (IOException e) {
                if (last == null || Failure.kindOf(e) == Failure.Kind.CANCELLED) {
                    throw e;
                }
                told.noOther();
                return null;
            }
            if (last == null) {
                told.candidates(paths.size());
            }
            return paths.getFirst();
        }

        /** Several legs are possible only if the first is not over dmsg. */
        private List<Path> paths(RouteWish wish) throws IOException {
            if (!legs.isOne()) {
                try {
                    return choice.paths(remote, wish.withoutDmsg(), limit);
                } catch (Failure e) {
                    if (e.kind() != Failure.Kind.NOT_FOUND) {
                        throw e;
                    }
                }
            }
            return choice.paths(remote, wish, limit);
        }

        private RouteGroup open(Path path) throws IOException {
            Grant grant;
            try {
                another = false;
                grant = request(path);
            } catch (RpcFault answer) {
                another = excluded.byAnswer(answer, path);
                throw answer;
            }
            try {
                UUID first = path.hops().getFirst().transport();
                Deadline soon = limit.orEarlier(platform.clock(), HANDSHAKE_LIMIT);
                return legs.isOne() || RouteWish.hasDmsg(path)
                        ? groups.initiateBound(grant.setupNode(), grant.rules(), first, soon)
                        : groups.initiateMux(grant.setupNode(), grant.rules(), first, soon);
            } catch (IOException e) {
                another = excluded.byFailure(e, path);
                throw e;
            }
        }

        private Grant request(Path path) throws IOException {
            int local = groups.ports().take();
            try {
                var descriptor = new RouteDescriptor(self, remote, local, port);
                return setup.request(RouteRequest.symmetric(descriptor, hops.keepAlive(), path), limit);
            } catch (IOException | RuntimeException e) {
                groups.ports().free(local);
                throw e;
            }
        }

        private LegKeeper keep(RouteGroup group, Path path) throws IOException {
            String never = RouteWish.hasDmsg(path)
                    ? "a route over dmsg gets no further legs"
                    : group.kind() == GroupKind.PLAIN ? "the other end knows of no legs" : "";
            told.legs(legs.total() - 1, never);
            var port = new GroupLegs(platform, groups, setup, suspects, group, hops.keepAlive());
            return LegKeeper.start(platform, port, legPaths, path, legs, settings, never);
        }
    }
}
