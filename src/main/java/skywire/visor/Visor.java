package skywire.visor;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import skywire.app.socks.SocksServer;
import skywire.bytes.MalformedException;
import skywire.config.ConfigFile;
import skywire.directory.DmsgDirectory;
import skywire.directory.HttpDmsgDirectory;
import skywire.directory.HttpRouteFinder;
import skywire.directory.HttpTransportDirectory;
import skywire.directory.RouteFinder;
import skywire.directory.SeededDirectory;
import skywire.directory.TransportDirectory;
import skywire.dmsg.DmsgAddress;
import skywire.dmsg.DmsgClient;
import skywire.dmsg.DmsgConfig;
import skywire.dmsg.DmsgCtrl;
import skywire.entry.TransportEntry;
import skywire.http.Dialer;
import skywire.http.HttpClient;
import skywire.http.HttpLimits;
import skywire.http.HttpServer;
import skywire.http.HttpUrl;
import skywire.http.Routes;
import skywire.key.PublicKey;
import skywire.limit.Quota;
import skywire.link.KeyedLink;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Platform;
import skywire.platform.Scope;
import skywire.route.group.Router;
import skywire.route.setup.LocalRoutes;
import skywire.route.setup.RouteDialer;
import skywire.route.setup.RouteRequest;
import skywire.route.setup.RouteSource;
import skywire.route.setup.RouterGateway;
import skywire.route.setup.SetupClient;
import skywire.route.setup.SetupPorts;
import skywire.transport.ByteLog;
import skywire.transport.Carrier;
import skywire.transport.DmsgCarrier;
import skywire.transport.StcpCarrier;
import skywire.transport.Transport;
import skywire.transport.TransportSet;

/**
 * A node: dmsg client, transports, routing, and what is offered on top (visor §2, here in plain start order). Starting
 * waits for nobody else: what needs the network connects in the background. Thread-safe.
 */
public final class Visor implements Closeable {
    /** What the entry in the discovery says it is. */
    private static final String CLIENT_TYPE = "visor";

    private static final int HTTP_PORT = 80;

    /** How long a question to a service over dmsg waits for dmsg. */
    private static final Duration READY_LIMIT = Duration.ofSeconds(60);

    /** Part of the heap for packets that wait in the node, in percent (threats §6). */
    private static final int QUEUED_PERCENT = 25;

    private final Platform platform;
    private final VisorConfig config;
    private final Scope scope;
    private final Instant since;

    // Written once, by assemble, before the visor is handed out.
    private DmsgClient dmsg;
    private StcpCarrier stcp;
    private TransportSet transports;
    private Router router;
    private LocalRoutes routes;
    private RouteFinder finder; // null if none is configured
    private RouteDialer dialer;
    private SocksServer exit; // null if it is none
    private Proxies proxies;

    private Visor(Platform platform, VisorConfig config) {
        this.platform = platform;
        this.config = config;
        this.scope = new Scope(platform, "visor/" + config.key().publicKey().brief());
        this.since = platform.clock().now();
    }

    /** Starts a visor; on failure (a port in use, say) nothing is left behind. */
    public static Visor start(Platform platform, VisorConfig config) throws IOException {
        var visor = new Visor(platform, config);
        try {
            visor.assemble();
            return visor;
        } catch (IOException | RuntimeException e) {
            visor.close();
            throw e;
        }
    }

    private void assemble() throws IOException {
        dmsg = scope.own(startDmsg());
        TransportDirectory directory =
                new HttpTransportDirectory(platform, http(config.transportDiscovery()), config.key());
        transports = scope.own(openTransports(directory));
        if (config.byteLog().isPresent()) {
            VisorConfig.ByteLogFolder log = config.byteLog().get();
            ConfigFile.folder(log.folder());
            scope.own(ByteLog.start(platform, transports, log.folder(), log.keep()));
        }
        router = scope.own(Router.start(platform, config.key(), transports));

        var setup = new SetupClient(platform, this::dialDmsg, config.routing().setupNodes());
        scope.own(new RouterGateway(platform, router.installer(), true)
                .start(dmsg.listen(SetupPorts.GATEWAY), setup::trusts));
        routes = new LocalRoutes(platform, directory, this::ownEntries);
        finder = config.routing()
                .finder()
                .map(url -> (RouteFinder) new HttpRouteFinder(platform, http(url)))
                .orElse(null);
        dialer = new RouteDialer(
                platform,
                key(),
                router.groups(),
                setup,
                this::ownEntries,
                sources(),
                settings(),
                new VisorSurroundings(routes, transports));

        if (config.exit().isPresent()) {
            exit = scope.own(SocksServer.start(
                    platform,
                    router.groups().listen(SocksServer.PORT),
                    config.exit().get()));
        }
        proxies = scope.own(Proxies.over(platform, dialer, new HopCheck(platform, dmsg)));
        scope.own(DmsgCtrl.start(platform, dmsg.listen(DmsgCtrl.PORT)));
        var pages = new Routes().add("GET", "/health", request -> VisorViews.httpHealth(this));
        scope.own(HttpServer.start(platform, scope.name() + "/http", HttpLimits.SERVICE, pages))
                .on(dmsg.listen(HTTP_PORT));
        transports.persist(config.persistent());
    }

    private DmsgClient startDmsg() throws IOException {
        DmsgConfig how =
                DmsgConfig.of(config.key()).withSessions(config.sessions()).withClientType(CLIENT_TYPE);
        Optional<PublicKey> discovery = keyOf(config.discovery());
        List<PublicKey> services = new ArrayList<>();
        keyOf(config.transportDiscovery()).ifPresent(services::add);
        if (config.routing().finder().isPresent()) {
            keyOf(config.routing().finder().get()).ifPresent(services::add);
        }
        return DmsgClient.start(platform, how, overDmsg -> {
            SeededDirectory directory = discovery.isPresent()
                    ? SeededDirectory.over(platform, config.servers(), discovery.get(), overDmsg, config.localServers())
                    : SeededDirectory.beside(platform, plainDiscovery(), config.servers());
            services.forEach(directory::addService);
            return directory;
        });
    }

    private DmsgDirectory plainDiscovery() {
        var http = new HttpClient(platform, Dialer.tcp(platform.network()), config.discovery());
        return new HttpDmsgDirectory(http, platform.clock(), config.localServers());
    }

    /** The key of a service that is reached over dmsg; it publishes no entry of itself. */
    private static Optional<PublicKey> keyOf(HttpUrl url) throws Failure {
        try {
            return url.isDmsg() ? Optional.of(PublicKey.parse(url.address().host())) : Optional.empty();
        } catch (MalformedException e) {
            throw Failure.wrap(url.toString(), e);
        }
    }

    private TransportSet openTransports(TransportDirectory directory) throws IOException {
        VisorConfig.Stcp how = config.stcp();
        stcp = scope.own(
                how.listen().isPresent()
                        ? StcpCarrier.listen(
                                platform,
                                config.key(),
                                how.table(),
                                how.listen().get())
                        : StcpCarrier.dialOnly(platform, config.key(), how.table()));
        var carriers = List.<Carrier>of(stcp, new DmsgCarrier(this::dialDmsg, dmsg.listen(Carrier.PORT)));
        return new TransportSet(
                platform, config.key(), directory, carriers, TransportSet.MOST, Quota.ofHeap(QUEUED_PERCENT));
    }

    private List<RouteSource> sources() {
        List<RouteSource> sources = new ArrayList<>();
        if (config.routing().calculate()) {
            sources.add(routes);
        }
        if (finder != null) {
            Duration limit = config.routing().finderTimeout();
            RouteSource source = RouteSource.of(finder);
            sources.add(
                    (ends, wish, deadline) -> source.paths(ends, wish, deadline.orEarlier(platform.clock(), limit)));
        }
        return sources;
    }

    private RouteDialer.Settings settings() {
        return new RouteDialer.Settings(
                config.routing().minHops(),
                RouteRequest.MOST_HOPS,
                config.routing().keepAlive());
    }

    private KeyedLink dialDmsg(PublicKey key, int port, Deadline deadline) throws IOException {
        return dmsg.dial(new DmsgAddress(key, port), deadline);
    }

    private HttpClient http(HttpUrl url) {
        Dialer over = url.isDmsg() ? this::dialService : Dialer.tcp(platform.network());
        return new HttpClient(platform, over, url);
    }

    /** Before dmsg is ready nothing is there to dial through; whoever asks tries again later, in the background. */
    private Link dialService(HostPort at, Deadline deadline) throws IOException {
        dmsg.awaitReady(deadline.orEarlier(platform.clock(), READY_LIMIT));
        return dmsg.http().dial(at, deadline);
    }

    private List<TransportEntry> ownEntries() {
        return transports.list().stream().map(t -> t.entry().entry()).toList();
    }

    /** Its key. */
    public PublicKey key() {
        return config.key().publicKey();
    }

    /** What it was told. */
    public VisorConfig config() {
        return config;
    }

    /** When it was started. */
    public Instant since() {
        return since;
    }

    /** Its dmsg client. */
    public DmsgClient dmsg() {
        return dmsg;
    }

    /** Its transports. */
    public TransportSet transports() {
        return transports;
    }

    /** Its routing layer. */
    public Router router() {
        return router;
    }

    /** Gets route groups to other visors. */
    public RouteDialer dialer() {
        return dialer;
    }

    /** Calculates paths from the transports that are registered. */
    public RouteSource routes() {
        return routes;
    }

    /** The route finder service, if one is configured. */
    public Optional<RouteFinder> finder() {
        return Optional.ofNullable(finder);
    }

    /** Its exit to the Internet, if it is one. */
    public Optional<SocksServer> exit() {
        return Optional.ofNullable(exit);
    }

    /** The proxies that run here. */
    public Proxies proxies() {
        return proxies;
    }

    /** Where it takes TCP transports, with the port really bound; {@code "-"} if nowhere. */
    public String stcpAddress() {
        return stcp.listening();
    }

    /** Adds or replaces the address at which a visor takes TCP transports. */
    public void know(PublicKey visor, HostPort address) {
        stcp.know(visor, address);
    }

    /**
     * A transport to another visor: the one there is, or a new one.
     *
     * @param type its type; empty for what works, TCP first
     */
    public Transport connect(PublicKey to, Optional<String> type, Deadline deadline) throws IOException {
        if (type.isPresent()) {
            return transports.dial(to, type.get(), TransportEntry.USER, deadline);
        }
        try {
            return transports.dial(to, StcpCarrier.TYPE, TransportEntry.USER, deadline);
        } catch (IOException e) {
            if (Failure.kindOf(e) == Failure.Kind.CANCELLED) {
                throw e;
            }
            return transports.dial(to, DmsgCarrier.TYPE, TransportEntry.USER, deadline);
        }
    }

    /** Ends everything, what was started last first. Idempotent. */
    @Override
    public void close() {
        scope.close();
    }
}
