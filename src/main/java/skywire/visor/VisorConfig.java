package skywire.visor;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import skywire.app.socks.AddressRange;
import skywire.app.socks.SocksServerConfig;
import skywire.app.socks.TargetFilter;
import skywire.config.Config;
import skywire.config.ConfigException;
import skywire.entry.DmsgEntry;
import skywire.entry.ServerInfo;
import skywire.http.HttpUrl;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.HostPort;
import skywire.route.group.RouteGroup;
import skywire.route.setup.RouteDialer;
import skywire.route.setup.RouteRequest;
import skywire.transport.DmsgCarrier;
import skywire.transport.StcpCarrier;
import skywire.transport.TransportSet;

/**
 * What a visor is told (visor §1). The names in the file are those of the public network. Immutable.
 *
 * @param key its identity
 * @param discovery the dmsg discovery; over dmsg itself if it is a dmsg URL
 * @param servers dmsg servers known beforehand; there are some if the discovery is reached over dmsg
 * @param localServers whether the discovery may name dmsg servers at loopback, private and other local addresses
 * @param sessions dmsg servers to stay connected to, 0 for all
 * @param stcp transports over TCP between visors that know each other's addresses
 * @param transportDiscovery where transports are registered
 * @param persistent transports to keep up
 * @param byteLog where it is written down what transports carry, if anywhere
 * @param routing how routes are found and set up
 * @param exit whom this visor lets out to the Internet, if anybody
 */
public record VisorConfig(
        SecretKey key,
        HttpUrl discovery,
        List<DmsgEntry> servers,
        boolean localServers,
        int sessions,
        Stcp stcp,
        HttpUrl transportDiscovery,
        List<TransportSet.Persistent> persistent,
        Optional<ByteLogFolder> byteLog,
        Routing routing,
        Optional<SocksServerConfig> exit) {
    private static final int MOST_SESSIONS = 1_000;
    private static final List<String> TYPES = List.of(StcpCarrier.TYPE, DmsgCarrier.TYPE);

    /** Copies the lists; a discovery over dmsg needs a server to be reached by. */
    public VisorConfig {
        servers = List.copyOf(servers);
        persistent = List.copyOf(persistent);
        if (discovery.isDmsg() && servers.isEmpty()) {
            throw new IllegalArgumentException("a discovery over dmsg is reached by servers known beforehand");
        }
    }

    /** Without dmsg servers known beforehand: the discovery tells all of them. */
    public VisorConfig(
            SecretKey key,
            HttpUrl discovery,
            int sessions,
            Stcp stcp,
            HttpUrl transportDiscovery,
            List<TransportSet.Persistent> persistent,
            Optional<ByteLogFolder> byteLog,
            Routing routing,
            Optional<SocksServerConfig> exit) {
        this(key, discovery, List.of(), false, sessions, stcp, transportDiscovery, persistent, byteLog, routing, exit);
    }

    /** Where the identity comes from when the configuration states none, e.g. a file of its own. */
    @FunctionalInterface
    public interface KeySource {
        /** The key, made if need be. */
        SecretKey key() throws ConfigException;
    }

    /**
     * Transports over TCP.
     *
     * @param table addresses of other visors
     * @param listen where others reach this one; empty if nowhere
     */
    public record Stcp(Map<PublicKey, HostPort> table, Optional<HostPort> listen) {
        /** Copies the table, in its order. */
        public Stcp {
            table = new LinkedHashMap<>(table);
        }
    }

    /**
     * Where it is written down what transports carry.
     *
     * @param folder made if it is missing
     * @param keep age at which files are removed
     */
    public record ByteLogFolder(Path folder, Duration keep) {}

    /**
     * How routes are found and set up.
     *
     * @param setupNodes who may set up routes here, and is asked to
     * @param finder a service that knows paths, if there is one
     * @param finderTimeout how long it may think
     * @param minHops least number of transports of our routes
     * @param muxRoutes legs of a proxy's route, unless the proxy is told otherwise; 1 to {@link RouteGroup#MOST_LEGS}
     * @param calculate whether paths are calculated here before the finder is asked
     * @param keepAlive how long the rules of our routes live without traffic
     */
    public record Routing(
            List<PublicKey> setupNodes,
            Optional<HttpUrl> finder,
            Duration finderTimeout,
            int minHops,
            int muxRoutes,
            boolean calculate,
            Duration keepAlive) {
        /** Copies the list. */
        public Routing {
            setupNodes = List.copyOf(setupNodes);
        }
    }

    /**
     * Reads a configuration.
     *
     * @param otherwise gives the identity if the configuration does not; asked last, as it may make one, which a wrong
     *     configuration must not leave behind
     * @param folder where the visor keeps its state; relative paths begin there
     */
    public static VisorConfig read(Config config, KeySource otherwise, Path folder) throws ConfigException {
        Optional<SecretKey> stated = config.secretKey("sk", "pk");
        Config dmsg = config.object("dmsg");
        List<DmsgEntry> servers = servers(dmsg);
        HttpUrl discovery = discovery(dmsg, servers);
        boolean local = dmsg.flag("allow_private", false);
        int sessions = dmsg.integer("sessions_count", 2, 0, MOST_SESSIONS);
        Stcp stcp = stcp(config.object("skywire-tcp"));
        HttpUrl transports = url(config.object("transport"), "discovery");
        List<TransportSet.Persistent> persistent = persistent(config);
        Optional<ByteLogFolder> byteLog = byteLog(config.object("transport").object("log_store"), folder);
        Routing routing = routing(config.object("routing"));
        Optional<SocksServerConfig> exit = exit(config.object("skysocks"));
        SecretKey key = stated.isPresent() ? stated.get() : otherwise.key();
        return new VisorConfig(
                key, discovery, servers, local, sessions, stcp, transports, persistent, byteLog, routing, exit);
    }

    /** {@code discovery_dmsg} is used instead of {@code discovery} if it is there. */
    private static HttpUrl discovery(Config dmsg, List<DmsgEntry> servers) throws ConfigException {
        Optional<HttpUrl> overDmsg = optionalUrl(dmsg, "discovery_dmsg");
        String plain = dmsg.string("discovery", "");
        if (overDmsg.isEmpty()) {
            HttpUrl url = plain.isEmpty() ? url(dmsg, "discovery") : parsed(dmsg, "discovery", plain);
            if (url.isDmsg()) {
                throw dmsg.error(
                        "discovery", "\"discovery\" must be an http:// address; one over dmsg is \"discovery_dmsg\"");
            }
            return url;
        }
        if (!overDmsg.get().isDmsg()) {
            throw dmsg.error("discovery_dmsg", "\"discovery_dmsg\" must be a dmsg:// address");
        }
        if (servers.isEmpty()) {
            throw dmsg.error(
                    "discovery_dmsg",
                    "\"discovery_dmsg\" needs \"servers\" to be reached by:"
                            + " [{\"static\": \"<key>\", \"server\": {\"address\": \"host:port\"}}]");
        }
        return overDmsg.get();
    }

    private static List<DmsgEntry> servers(Config dmsg) throws ConfigException {
        List<DmsgEntry> servers = new ArrayList<>();
        for (Config one : dmsg.objects("servers")) {
            String address = one.object("server")
                    .address("address")
                    .orElseThrow(() -> one.error("server", "\"address\" is missing in \"server\""))
                    .toString();
            servers.add(DmsgEntry.server(one.requiredPublicKey("static"), ServerInfo.of(address, 1, "")));
        }
        return servers;
    }

    private static HttpUrl url(Config config, String name) throws ConfigException {
        return parsed(config, name, config.string(name));
    }

    private static Optional<HttpUrl> optionalUrl(Config config, String name) throws ConfigException {
        String text = config.string(name, "");
        return text.isEmpty() ? Optional.empty() : Optional.of(parsed(config, name, text));
    }

    private static HttpUrl parsed(Config config, String name, String text) throws ConfigException {
        try {
            return HttpUrl.parse(text);
        } catch (IllegalArgumentException e) {
            throw config.error(name, "\"" + name + "\": " + e.getMessage());
        }
    }

    private static Stcp stcp(Config config) throws ConfigException {
        return new Stcp(config.addressTable("pk_table"), config.address("listening_address"));
    }

    private static List<TransportSet.Persistent> persistent(Config config) throws ConfigException {
        List<TransportSet.Persistent> wanted = new ArrayList<>();
        for (Config one : config.objects("persistent_transports")) {
            String type = one.string("type", StcpCarrier.TYPE);
            if (!TYPES.contains(type)) {
                throw one.error(
                        "type", "\"type\" must be one of " + String.join(", ", TYPES) + ", not \"" + type + "\"");
            }
            wanted.add(new TransportSet.Persistent(one.requiredPublicKey("pk"), type));
        }
        return wanted;
    }

    private static Optional<ByteLogFolder> byteLog(Config config, Path folder) throws ConfigException {
        String type = config.string("type", "file");
        Path location = folder.resolve(config.string("location", "transport_logs"));
        Duration keep = config.duration("rotation_interval", Duration.ofDays(7));
        return switch (type) {
            case "file" -> Optional.of(new ByteLogFolder(location, keep));
            case "memory" -> Optional.empty();
            default -> throw config.error("type", "\"type\" must be \"file\" or \"memory\", not \"" + type + "\"");
        };
    }

    private static Routing routing(Config config) throws ConfigException {
        RouteDialer.Settings usual = RouteDialer.Settings.DEFAULT;
        return new Routing(
                config.publicKeys("route_setup_nodes"),
                optionalUrl(config, "route_finder"),
                config.duration("route_finder_timeout", Duration.ofSeconds(10)),
                config.integer("min_hops", 0, 0, RouteRequest.MOST_HOPS),
                config.integer("mux_routes", 1, 1, RouteGroup.MOST_LEGS),
                config.flag("calculate_routes", true),
                config.duration("keep_alive", usual.keepAlive()));
    }

    private static Optional<SocksServerConfig> exit(Config config) throws ConfigException {
        boolean enabled = config.flag("enable", false);
        Optional<String> passcode = Optional.of(config.string("passcode", "")).filter(p -> !p.isEmpty());
        List<PublicKey> clients = config.publicKeys("whitelist");
        boolean open = config.flag("open", false);
        List<AddressRange> allowed = new ArrayList<>();
        for (String range : config.strings("allow")) {
            try {
                allowed.add(AddressRange.parse(range));
            } catch (IllegalArgumentException e) {
                throw config.error("allow", "\"allow\": " + e.getMessage());
            }
        }
        if (!enabled) {
            return Optional.empty();
        }
        try {
            return Optional.of(new SocksServerConfig(passcode, clients, open, new TargetFilter(allowed)));
        } catch (IllegalArgumentException e) {
            throw config.error(
                    "enable", "\"skysocks\": " + e.getMessage() + " (\"passcode\", \"whitelist\" or \"open\")");
        }
    }
}
