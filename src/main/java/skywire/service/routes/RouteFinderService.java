package skywire.service.routes;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import skywire.directory.DmsgDirectory;
import skywire.entry.TransportEntry;
import skywire.key.SecretKey;
import skywire.platform.Deadline;
import skywire.platform.HostPort;
import skywire.platform.Platform;
import skywire.service.ServiceFront;

/**
 * A route finder (setup §6): answers which paths lead from one visor to another, from the transports a discovery
 * lists. It keeps nothing. It serves TCP, and dmsg too when it has a key. Thread-safe.
 */
public final class RouteFinderService implements Closeable {
    private final ServiceFront front;
    private final FreshGraph graph;

    /**
     * How it behaves. Immutable.
     *
     * @param listen TCP address; port 0 takes any
     * @param fresh how long a list of transports is good for
     */
    public record Config(HostPort listen, Duration fresh) {
        /** Asks for the list again after 5 s. */
        public static Config at(HostPort listen) {
            return new Config(listen, Duration.ofSeconds(5));
        }

        /** The same with another age of the list, zero for a new one each time. */
        public Config withFresh(Duration other) {
            return new Config(listen, other);
        }
    }

    /** Where the transports come from: a transport discovery here, or a client of one elsewhere. */
    @FunctionalInterface
    public interface Transports {
        /** All transports there are. */
        List<TransportEntry> all(Deadline deadline) throws IOException;
    }

    private RouteFinderService(ServiceFront front, FreshGraph graph) {
        this.front = front;
        this.graph = graph;
    }

    /**
     * Starts one; the source is first asked when somebody asks for a path.
     *
     * @throws skywire.platform.Failure with one clear sentence if the address cannot be used
     */
    public static RouteFinderService start(Platform platform, Config config, Transports source) throws IOException {
        var graph = new FreshGraph(platform.clock(), config.fresh(), source);
        var api = new RouteApi(platform, graph);
        return new RouteFinderService(
                ServiceFront.open(platform, "routes/http", config.listen(), api.routes(), graph::complaint), graph);
    }

    /** Where it listens on TCP, with the port really bound. */
    public HostPort address() {
        return front.address();
    }

    /**
     * Serves over dmsg as well, at port 80 of this key.
     *
     * @param servers where to find the dmsg servers; a session to each of them is kept
     */
    public void serveDmsg(SecretKey key, DmsgDirectory servers) throws IOException {
        front.serveDmsg(key, servers);
    }

    /** Sessions with dmsg servers. */
    public int dmsgSessions() {
        return front.dmsgSessions();
    }

    /** Why the transports cannot be had; empty while all is well. */
    public Optional<String> trouble() {
        return graph.trouble();
    }

    /** Stops serving. Idempotent. */
    @Override
    public void close() {
        front.close();
    }
}
