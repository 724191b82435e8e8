package skywire.sim;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import skywire.config.Config;
import skywire.config.ConfigException;
import skywire.directory.DmsgDirectory;
import skywire.directory.HttpDmsgDirectory;
import skywire.dmsg.DmsgAddress;
import skywire.dmsg.DmsgClient;
import skywire.dmsg.DmsgConfig;
import skywire.dmsg.server.DmsgServer;
import skywire.dmsg.server.DmsgServerConfig;
import skywire.http.Dialer;
import skywire.http.HttpClient;
import skywire.http.HttpUrl;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.HostPort;
import skywire.route.setup.SetupPorts;
import skywire.service.discovery.DmsgDiscovery;
import skywire.service.routes.RouteFinderService;
import skywire.service.setup.SetupNode;
import skywire.service.transports.TransportDiscovery;
import skywire.visor.VisorConfig;

/**
 * A whole network: the three directories, two dmsg servers, a setup node, visors in a mesh, a web server outside. Each is a
 * host of its own. The first visor is the client, the last one the exit, those between are relays: each is linked to
 * both and to its neighbours, and the first has no link to the last.
 */
final class WholeNet implements AutoCloseable {
    private static final int SERVERS = 2;
    private static final int DISCOVERY = 9090;
    private static final int TRANSPORTS = 9091;
    private static final int ROUTES = 9092;

    final Simulation sim;
    final List<SimVisor> visors = new ArrayList<>();
    final List<DmsgServer> servers = new ArrayList<>();
    final List<SimHost> serverHosts = new ArrayList<>();
    final SimWeb web;
    final SimHost setupHost;
    final SecretKey setupKey;
    private final SimHost discoveryHost;
    private final Map<PublicKey, HostPort> known = new LinkedHashMap<>();
    private DmsgDiscovery discovery;
    private TransportDiscovery transports;
    private RouteFinderService finder;
    private DmsgClient setupDmsg;
    private SetupNode setup;

    WholeNet(Simulation sim, int relays) {
        this.sim = sim;
        sim.faults().between(Duration.ofMillis(4), Duration.ofMillis(2), 4_000_000);
        discoveryHost = sim.host("10.0.2.1");
        setupHost = sim.host("10.0.3.1");
        setupKey = SecretKey.generate(sim.random());
        web = new SimWeb(sim, sim.host("8.0.0.1"));
        sim.faults().name("web.example", web.host.address());
        for (int i = 0; i < relays + 2; i++) {
            var visor = new SimVisor(sim.host("10.0.0." + (i + 1)), SecretKey.generate(sim.random()));
            visors.add(visor);
            known.put(visor.publicKey(), visor.address);
        }
    }

    SimVisor client() {
        return visors.getFirst();
    }

    SimVisor exit() {
        return visors.getLast();
    }

    List<SimVisor> relays() {
        return visors.subList(1, visors.size() - 1);
    }

    /** Brings everything up, and returns when the mesh stands. */
    void start() throws Exception {
        discovery = DmsgDiscovery.start(
                discoveryHost,
                DmsgDiscovery.Config.at(at(discoveryHost, DISCOVERY)).forTests());
        transports =
                TransportDiscovery.start(discoveryHost, TransportDiscovery.Config.at(at(discoveryHost, TRANSPORTS)));
        finder = RouteFinderService.start(
                discoveryHost, RouteFinderService.Config.at(at(discoveryHost, ROUTES)), transports::all);
        for (int i = 0; i < SERVERS; i++) {
            SimHost host = sim.host("10.0.1." + (i + 1));
            serverHosts.add(host);
            HostPort at = at(host, 8080);
            SecretKey key = SecretKey.generate(sim.random());
            servers.add(DmsgServer.start(host, DmsgServerConfig.of(key, at, at.toString()), directory(host)));
        }
        web.start();
        setupDmsg = DmsgClient.start(setupHost, DmsgConfig.of(setupKey), directory(setupHost));
        setup = SetupNode.start(
                setupHost,
                setupDmsg.listen(SetupPorts.SETUP_NODE),
                (key, port, deadline) -> setupDmsg.dial(new DmsgAddress(key, port), deadline),
                SetupNode.Config.DEFAULT);
        for (SimVisor visor : visors) {
            start(visor);
        }
        setupDmsg.awaitReady(sim.clock().in(Duration.ofSeconds(60)));
        for (SimVisor visor : visors) {
            visor.node().dmsg().awaitReady(sim.clock().in(Duration.ofSeconds(60)));
        }
        sim.until("the mesh stands", Duration.ofSeconds(60), this::stands);
        sim.until("the transports are registered", Duration.ofSeconds(60), () -> transports.size() == links());
    }

    /** Starts a visor, again if it had stopped. */
    void start(SimVisor visor) throws IOException {
        try {
            Config config = Config.parse("visor.json", config(visor));
            visor.start(VisorConfig.read(config, () -> visor.key, Path.of("nowhere")));
        } catch (ConfigException e) {
            throw new AssertionError(e);
        }
    }

    private String config(SimVisor visor) {
        String table = known.entrySet().stream()
                .map(e -> "\"" + e.getKey().hex() + "\": \"" + e.getValue() + "\"")
                .collect(Collectors.joining(", "));
        String persistent = neighbours(visor).stream()
                .map(n -> "{\"pk\": \"" + n.publicKey().hex() + "\"}")
                .collect(Collectors.joining(", "));
        boolean calculates = sim.seed() % 2 == 0; // else the finder is asked
        return """
                {
                  "dmsg": {"discovery": "%s"},
                  "skywire-tcp": {"listening_address": "%s", "pk_table": {%s}},
                  "transport": {"discovery": "%s", "log_store": {"type": "memory"}},
                  "persistent_transports": [%s],
                  "routing": {
                    "route_setup_nodes": ["%s"], "route_finder": "%s", "calculate_routes": %s, "keep_alive": "%ds"
                  },
                  "skysocks": {"enable": %s, "open": true}
                }
                """.formatted(
                        url(DISCOVERY),
                        visor.address,
                        table,
                        url(TRANSPORTS),
                        persistent,
                        setupKey.publicKey().hex(),
                        url(ROUTES),
                        calculates,
                        SimVisor.KEEP_ALIVE.toSeconds(),
                        visor == exit());
    }

    private DmsgDirectory directory(SimHost host) {
        return new HttpDmsgDirectory(new HttpClient(host, Dialer.tcp(host.network()), url(DISCOVERY)), host.clock());
    }

    private HttpUrl url(int port) {
        return HttpUrl.parse("http://" + at(discoveryHost, port));
    }

    private static HostPort at(SimHost host, int port) {
        return new HostPort(host.address(), port);
    }

    /** The visors after this one that it is linked to. */
    private List<SimVisor> neighbours(SimVisor visor) {
        int i = visors.indexOf(visor);
        int last = visors.size() - 1;
        if (i == 0) {
            return relays();
        }
        return i == last ? List.of() : i + 1 == last ? List.of(exit()) : List.of(visors.get(i + 1), exit());
    }

    private int links() {
        return visors.stream().mapToInt(v -> neighbours(v).size()).sum();
    }

    private boolean stands() {
        return visors.stream()
                .allMatch(v -> neighbours(v).stream()
                        .allMatch(n -> !v.node().transports().to(n.publicKey()).isEmpty()
                                && !n.node().transports().to(v.publicKey()).isEmpty()));
    }

    /** Ends what is alive, in the order in which an operator would. */
    @Override
    public void close() {
        visors.stream().filter(v -> !v.host.isDead()).forEach(SimVisor::stop);
        setup.close();
        setupDmsg.close();
        web.close();
        for (int i = 0; i < SERVERS; i++) {
            if (!serverHosts.get(i).isDead()) {
                servers.get(i).close();
            }
        }
        finder.close();
        transports.close();
        discovery.close();
    }
}
