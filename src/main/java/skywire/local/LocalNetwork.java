package skywire.local;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import skywire.app.socks.SocksClient;
import skywire.app.socks.SocksClientConfig;
import skywire.control.Progress;
import skywire.deployment.LocalMember;
import skywire.directory.HttpDmsgDirectory;
import skywire.directory.Path;
import skywire.dmsg.DmsgAddress;
import skywire.dmsg.DmsgClient;
import skywire.dmsg.DmsgConfig;
import skywire.dmsg.server.DmsgServer;
import skywire.dmsg.server.DmsgServerConfig;
import skywire.http.Dialer;
import skywire.http.HttpClient;
import skywire.http.HttpUrl;
import skywire.key.PublicKey;
import skywire.packet.Hop;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Platform;
import skywire.platform.Scope;
import skywire.route.setup.LegWish;
import skywire.route.setup.SetupPorts;
import skywire.service.discovery.DmsgDiscovery;
import skywire.service.routes.RouteFinderService;
import skywire.service.setup.SetupNode;
import skywire.service.transports.TransportDiscovery;
import skywire.visor.LegStatus;
import skywire.visor.Proxies;
import skywire.visor.Visor;

/**
 * The development deployment on loopback: a dmsg discovery, two dmsg servers, transport discovery, route finder, setup node, and a
 * {@link Mesh} of visors, the first of which has a proxy through the others. All of it is what the programs run, and
 * speaks over sockets. Thread-safe.
 */
public final class LocalNetwork implements Closeable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration CLOSE_LIMIT = Duration.ofMillis(1500);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(5);
    private static final Duration TIMES_LIMIT = Duration.ofMillis(1500);
    private static final Duration LEGS_LIMIT = Duration.ofSeconds(10);

    private final Platform platform;
    private final LocalSettings settings;
    private final Scope scope;

    // Written once, by build, before the network is handed out.
    private DmsgDiscovery discovery;
    private TransportDiscovery transports;
    private RouteFinderService routes;
    private SetupNode setupNode;
    private Mesh mesh;
    private SocksClient proxy;

    private LocalNetwork(Platform platform, LocalSettings settings) {
        this.platform = platform;
        this.settings = settings;
        this.scope = new Scope(platform, "local");
    }

    /**
     * Starts everything and waits until the proxy works; on failure nothing is left behind.
     *
     * @param stages hears of each stage when it is done
     */
    public static LocalNetwork start(Platform platform, LocalSettings settings, Progress stages) throws IOException {
        var network = new LocalNetwork(platform, settings);
        try {
            network.build(stages, platform.clock().in(START_LIMIT));
            return network;
        } catch (IOException | RuntimeException e) {
            network.close();
            throw e;
        }
    }

    private void build(Progress stages, Deadline limit) throws IOException {
        discovery = scope.own(DmsgDiscovery.start(
                platform, DmsgDiscovery.Config.at(at(LocalMember.DISCOVERY)).forTests()));
        discovery.serveDmsg(LocalMember.DISCOVERY.key(), List.of());
        stages.stage("dmsg discovery", discovery.address().toString());

        stages.stage("dmsg servers", startServers(limit));

        transports =
                scope.own(TransportDiscovery.start(platform, TransportDiscovery.Config.at(at(LocalMember.TRANSPORTS))));
        transports.serveDmsg(LocalMember.TRANSPORTS.key(), dmsgDirectory());
        routes = scope.own(RouteFinderService.start(
                platform, RouteFinderService.Config.at(at(LocalMember.ROUTES)), transports::all));
        routes.serveDmsg(LocalMember.ROUTES.key(), dmsgDirectory());
        stages.stage("directories", "transports " + transports.address() + ", routes " + routes.address());

        PublicKey setup = startSetupNode(limit);
        stages.stage("setup node", setup.brief());

        mesh = scope.own(new Mesh(
                platform,
                settings,
                new Mesh.Services(url(discovery.address()), url(transports.address()), url(routes.address()), setup)));
        mesh.start(limit);
        await(limit, "the transports at the transport discovery", () -> transports.size() >= mesh.links());
        stages.stage("visors", settings.visors() + " ready, " + mesh.links() + " transports");

        stages.stage("proxy", startProxy(limit));
    }

    private static HttpUrl url(HostPort at) {
        return HttpUrl.parse("http://" + at);
    }

    private HttpDmsgDirectory dmsgDirectory() {
        var http = new HttpClient(platform, Dialer.tcp(platform.network()), url(discovery.address()));
        return new HttpDmsgDirectory(http, platform.clock());
    }

    private HostPort at(LocalMember member) {
        return member.address(settings.port());
    }

    private String startServers(Deadline limit) throws IOException {
        List<DmsgServer> servers = new ArrayList<>();
        List<String> places = new ArrayList<>();
        for (LocalMember member : LocalMember.SERVERS) {
            DmsgServer server = scope.own(startServer(member));
            servers.add(server);
            int wanted = at(member).port();
            boolean isElsewhere = wanted != 0 && wanted != server.address().port();
            places.add(server.address() + (isElsewhere ? " (" + wanted + " is taken)" : ""));
        }
        await(
                limit,
                "the dmsg servers' entries",
                () -> servers.stream().allMatch(server -> server.health().published()));
        return String.join(", ", places);
    }

    /** Nothing inside needs a server's port to be that of the built-in deployment: if it is taken, another one does. */
    private DmsgServer startServer(LocalMember member) throws IOException {
        try {
            return startServer(member, at(member));
        } catch (Failure e) {
            if (e.kind() != Failure.Kind.REFUSED || at(member).port() == 0) {
                throw e;
            }
            return startServer(member, member.address(0));
        }
    }

    private DmsgServer startServer(LocalMember member, HostPort at) throws IOException {
        return DmsgServer.start(platform, DmsgServerConfig.of(member.key(), at, ""), dmsgDirectory());
    }

    private PublicKey startSetupNode(Deadline limit) throws IOException {
        DmsgConfig config = DmsgConfig.of(LocalMember.SETUP_NODE.key()).withSessions(0);
        DmsgClient client = scope.own(DmsgClient.start(platform, config, dmsgDirectory()));
        setupNode = scope.own(SetupNode.start(
                platform,
                client.listen(SetupPorts.SETUP_NODE),
                (key, port, deadline) -> client.dial(new DmsgAddress(key, port), deadline),
                SetupNode.Config.DEFAULT));
        client.awaitReady(limit);
        return client.publicKey();
    }

    private String startProxy(Deadline limit) throws IOException {
        var config = new SocksClientConfig(
                SocksClientConfig.NAME, mesh.exitKey(), settings.socks(), settings.http(), Optional.empty());
        long before = platform.clock().nanoTime();
        var legs = LegWish.of(settings.mux()).withSpares(settings.spares()).withHops(settings.hops(), settings.hops());
        proxy = first().proxies().start(config, legs, Progress.NONE, limit);
        long millis = Duration.ofNanos(platform.clock().nanoTime() - before).toMillis();
        LegStatus.await(proxy, Progress.NONE, limit.orEarlier(platform.clock(), LEGS_LIMIT));
        String count = Proxies.legs(proxy)
                .map(keeper -> ", " + LegStatus.text(keeper.count()))
                .orElse("");
        return settings.hops() + " hops to " + mesh.exitKey().brief() + count + ", first byte in " + millis + " ms";
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private void await(Deadline limit, String what, Condition condition) throws IOException {
        while (!condition.holds()) {
            limit.check("waiting for " + what);
            platform.clock().sleep(LOOK_AGAIN);
        }
    }

    /** What it was told. */
    public LocalSettings settings() {
        return settings;
    }

    /** The visors. */
    public Mesh mesh() {
        return mesh;
    }

    /** The visor whose proxy it is; it lasts as long as the network. */
    public Visor first() {
        return mesh.visor(0).orElseThrow();
    }

    /** The proxy of the first visor. */
    public SocksClient proxy() {
        return proxy;
    }

    /** Where the dmsg discovery listens. */
    public HostPort discovery() {
        return discovery.address();
    }

    /** Where the transport discovery listens. */
    public HostPort transportDiscovery() {
        return transports.address();
    }

    /** Where the route finder listens. */
    public HostPort routeFinder() {
        return routes.address();
    }

    /** Route set-ups so far. */
    public SetupNode.Health setupNode() {
        return setupNode.health();
    }

    /** The path the proxy takes now; waits a moment for the round trips of its hops to be known. */
    public Optional<Path> path() throws IOException {
        Optional<Path> path = Proxies.path(proxy);
        if (path.isPresent()) {
            Deadline limit = platform.clock().in(TIMES_LIMIT);
            while (!timesKnown(path.get()) && !limit.passed()) {
                platform.clock().sleep(LOOK_AGAIN);
            }
        }
        return path;
    }

    /** Those of the path, and of all legs if there are several. */
    private boolean timesKnown(Path path) {
        Collection<Path> ways =
                Proxies.legs(proxy).map(keeper -> keeper.paths().values()).orElse(List.of());
        return Stream.concat(Stream.of(path), ways.stream())
                .flatMap(way -> way.hops().stream())
                .map(Hop::transport)
                .allMatch(id -> roundTrip(id).isPresent());
    }

    /** The round trip of a transport of any visor, once it is known. */
    public Optional<Duration> roundTrip(UUID transport) {
        return mesh.roundTrip(transport);
    }

    /** Ends everything within 2 s. */
    @Override
    public void close() {
        // The directories first: then nobody takes the time to take leave of them.
        if (routes != null) {
            routes.close();
        }
        if (transports != null) {
            transports.close();
        }
        if (mesh != null) {
            mesh.close(platform.clock().in(CLOSE_LIMIT));
        }
        scope.close();
    }
}
