package skywire.service.transports;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import skywire.directory.DmsgDirectory;
import skywire.entry.TransportEntry;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.Deadline;
import skywire.platform.HostPort;
import skywire.platform.Platform;
import skywire.platform.Scope;
import skywire.service.ServiceFront;
import skywire.service.SignedRequests;
import skywire.service.store.FileStore;
import skywire.service.store.Store;

/**
 * A transport discovery (transport §10, §11): visors register their transports over HTTP, and ask for those of others.
 * It serves TCP, and dmsg too when it has a key. Thread-safe.
 */
public final class TransportDiscovery implements Closeable {
    private static final Duration SWEEP = Duration.ofSeconds(10);

    private final Platform platform;
    private final Scope scope;
    private final Store store;
    private final TransportRows rows;
    private final ServiceFront front;

    /**
     * How it behaves. Immutable.
     *
     * @param listen TCP address; port 0 takes any
     * @param networkMonitors keys that may remove the transports of others
     * @param lifetime time after which a transport is forgotten unless it is registered again; zero for never. Visors
     *     of this software register every 90 s, older ones of others only once
     * @param capacity greatest number of transports
     * @param mostPerEdge greatest number of transports of one visor
     */
    public record Config(
            HostPort listen, List<PublicKey> networkMonitors, Duration lifetime, int capacity, int mostPerEdge) {
        /** Transports it takes unless told otherwise. */
        public static final int CAPACITY = 50_000;

        /** Transports of one visor it takes unless told otherwise. */
        public static final int MOST_PER_EDGE = 1000;

        /** A life time that fits visors of this software: two registrations may be missed. */
        public static final Duration THREE_PERIODS = Duration.ofSeconds(5 * 60);

        /** Copies the list. */
        public Config {
            networkMonitors = List.copyOf(networkMonitors);
        }

        /** Without monitors and expiry. */
        public static Config at(HostPort listen) {
            return new Config(listen, List.of(), Duration.ZERO, CAPACITY, MOST_PER_EDGE);
        }

        /** The same with another life time, zero for endless. */
        public Config withLifetime(Duration other) {
            return new Config(listen, networkMonitors, other, capacity, mostPerEdge);
        }
    }

    private TransportDiscovery(Platform platform, Store store, TransportRows rows, ServiceFront front) {
        this.platform = platform;
        this.scope = new Scope(platform, "transport-discovery");
        this.store = store;
        this.rows = rows;
        this.front = front;
    }

    /** Starts one that keeps its transports in memory. */
    public static TransportDiscovery start(Platform platform, Config config) throws IOException {
        return start(platform, config, Store.none());
    }

    /**
     * Starts one that keeps its transports in this file.
     *
     * @throws skywire.platform.Failure with one clear sentence if the file or the address cannot be used
     */
    public static TransportDiscovery start(Platform platform, Config config, Path file) throws IOException {
        return start(platform, config, FileStore.open(platform, file));
    }

    private static TransportDiscovery start(Platform platform, Config config, Store store) throws IOException {
        try {
            var rows = new TransportRows(platform, store, config.capacity(), config.mostPerEdge());
            var api = new TransportApi(platform, config, rows, store, SignedRequests.start(platform));
            ServiceFront front =
                    ServiceFront.open(platform, "transports/http", config.listen(), api.routes(), store::complaint);
            var discovery = new TransportDiscovery(platform, store, rows, front);
            discovery.scope.own(front::close);
            discovery.scope.fork("sweeper", discovery::sweep);
            return discovery;
        } catch (IOException e) {
            store.close();
            throw e;
        }
    }

    private void sweep() throws IOException {
        while (true) {
            platform.clock().sleep(SWEEP);
            rows.sweep();
        }
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

    /** All transports, for a route finder in the same process; never waits. */
    public List<TransportEntry> all(Deadline deadline) {
        return rows.all();
    }

    /** Number of transports. */
    public int size() {
        return rows.size();
    }

    /** Why the store cannot be written; empty while all is well. */
    public Optional<String> trouble() {
        return store.trouble();
    }

    /** Stops serving; what is stored stays. Idempotent. */
    @Override
    public void close() {
        scope.close();
        store.close();
    }
}
