package skywire.deployment;

import java.util.List;
import java.util.Optional;
import skywire.bytes.MalformedException;
import skywire.config.Config;
import skywire.config.ConfigException;
import skywire.entry.DmsgEntry;
import skywire.http.HttpUrl;
import skywire.key.PublicKey;

/**
 * Services that belong together, and the dmsg servers that lead to them: one block of a deployment document (discovery
 * §6.2), or what the configuration of a dmsg server says in its place (deployment §3). Immutable.
 *
 * @param name what messages call it, e.g. {@code prod}
 * @param discovery the dmsg discovery over plain HTTP, if it has an address there
 * @param discoveryKey the dmsg discovery over dmsg, at port {@value #PORT} of this key
 * @param servers its dmsg servers as far as they are known, each key once; unsigned entries
 * @param sessions servers to stay connected to, 0 for all
 * @param transportDiscovery where transports are registered
 * @param routeFinder a service that knows paths
 * @param setupNodes who may set up routes
 */
public record Deployment(
        String name,
        Optional<HttpUrl> discovery,
        Optional<PublicKey> discoveryKey,
        List<DmsgEntry> servers,
        int sessions,
        Service transportDiscovery,
        Service routeFinder,
        List<PublicKey> setupNodes) {
    /** The port of every service over dmsg. */
    public static final int PORT = 80;

    /** Copies the lists. */
    public Deployment {
        servers = List.copyOf(servers);
        setupNodes = List.copyOf(setupNodes);
    }

    /** A deployment of which only the dmsg part is known. */
    static Deployment ofDmsg(
            String name,
            Optional<HttpUrl> discovery,
            Optional<PublicKey> discoveryKey,
            List<DmsgEntry> servers,
            int sessions) {
        return new Deployment(name, discovery, discoveryKey, servers, sessions, Service.NONE, Service.NONE, List.of());
    }

    /**
     * Where a service is.
     *
     * @param http over plain HTTP
     * @param dmsg over dmsg
     */
    public record Service(Optional<HttpUrl> http, Optional<HttpUrl> dmsg) {
        /** A service that is not there. */
        public static final Service NONE = new Service(Optional.empty(), Optional.empty());

        /** Over plain HTTP if it can be had so, else over dmsg. */
        public Optional<HttpUrl> any() {
            return http.or(() -> dmsg);
        }
    }

    /** The dmsg discovery as a service. */
    public Service discoveryService() {
        return new Service(discovery, discoveryKey.map(key -> HttpUrl.parse("dmsg://" + key.hex() + ":" + PORT)));
    }

    /** The same with other servers. */
    Deployment withServers(List<DmsgEntry> others) {
        return new Deployment(
                name, discovery, discoveryKey, others, sessions, transportDiscovery, routeFinder, setupNodes);
    }

    /** Reads a block of a deployment document; members that no program here uses are not looked at. */
    static Deployment read(String name, Config block) throws ConfigException {
        Service discovery = service(block, "dmsg_discovery");
        return new Deployment(
                name,
                discovery.http(),
                discovery.dmsg().isEmpty()
                        ? Optional.empty()
                        : Optional.of(key(
                                block, "dmsg_discovery_dmsg", discovery.dmsg().get())),
                Servers.read(block, "dmsg_servers"),
                0,
                service(block, "transport_discovery"),
                service(block, "route_finder"),
                block.publicKeys("route_setup_nodes"));
    }

    /** The address over dmsg has a member of its own; in files of 2024 it stands in that of the other. */
    private static Service service(Config block, String name) throws ConfigException {
        Optional<HttpUrl> url = url(block, name);
        Optional<HttpUrl> twin = dmsgUrl(block, name + "_dmsg");
        if (url.isPresent() && url.get().isDmsg()) {
            checkService(block, name, url.get());
            return new Service(Optional.empty(), twin.or(() -> url));
        }
        return new Service(url, twin);
    }

    private static Optional<HttpUrl> dmsgUrl(Config block, String name) throws ConfigException {
        Optional<HttpUrl> url = url(block, name);
        if (url.isPresent() && !isService(url.get())) {
            throw block.error(name, notAService(name));
        }
        return url;
    }

    /** A URL, if there is one; {@code ""} counts as none. */
    static Optional<HttpUrl> url(Config block, String name) throws ConfigException {
        String text = block.string(name, "");
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(HttpUrl.parse(text));
        } catch (IllegalArgumentException e) {
            throw block.error(name, "\"" + name + "\": " + e.getMessage());
        }
    }

    /** The key in {@code dmsg://<key>:80}, if there is one; {@code ""} counts as none. */
    static Optional<PublicKey> discoveryKey(Config block, String name) throws ConfigException {
        Optional<HttpUrl> url = dmsgUrl(block, name);
        return url.isEmpty() ? Optional.empty() : Optional.of(key(block, name, url.get()));
    }

    /** The key of a {@code dmsg://} URL that stands there. */
    static PublicKey key(Config block, String name, HttpUrl url) throws ConfigException {
        try {
            return PublicKey.parse(url.address().host());
        } catch (MalformedException e) {
            throw block.error(name, "\"" + name + "\" is not a public key: no point of the curve");
        }
    }

    private static boolean isService(HttpUrl url) {
        return url.isDmsg() && url.address().port() == PORT && url.path().isEmpty();
    }

    private static String notAService(String name) {
        return "\"" + name + "\" must be dmsg://<public key>:" + PORT;
    }

    /** Refuses a URL that is not that of a service over dmsg. */
    static void checkService(Config block, String name, HttpUrl url) throws ConfigException {
        if (!isService(url)) {
            throw block.error(name, notAService(name));
        }
    }
}
