package skywire.service.discovery;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import skywire.directory.DmsgDirectory;
import skywire.entry.DmsgEntry;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.Deadline;
import skywire.platform.HostPort;
import skywire.platform.Platform;
import skywire.platform.Scope;
import skywire.service.ServiceFront;
import skywire.service.store.FileStore;
import skywire.service.store.Store;

/**
 * A dmsg discovery (discovery §2–§4): takes signed entries over HTTP, gives them out, forgets them in time. It serves
 * TCP, and dmsg too when it has a key. Thread-safe.
 */
public final class DmsgDiscovery implements Closeable {
    private static final Duration SWEEP = Duration.ofSeconds(10);
    private static final int MOST_NAMED = 4; // in what is told of trouble

    private final Platform platform;
    private final Scope scope;
    private final Store store;
    private final EntryTable table;
    private final ServiceFront front;

    /**
     * How it behaves. Immutable.
     *
     * @param listen TCP address; port 0 takes any
     * @param testMode whether servers may have loopback addresses
     * @param passphrase servers that post it as their type become official; empty for none
     * @param officialServers servers that are official without it
     * @param networkMonitors keys that may remove the entries of others
     * @param clientLifetime time after which a client's entry is forgotten, zero for never (older clients post once)
     * @param capacity greatest number of keys
     */
    public record Config(
            HostPort listen,
            boolean testMode,
            String passphrase,
            List<PublicKey> officialServers,
            List<PublicKey> networkMonitors,
            Duration clientLifetime,
            int capacity) {
        /** Keys a discovery takes unless told otherwise. */
        public static final int CAPACITY = 100_000;

        /** Copies the lists. */
        public Config {
            officialServers = List.copyOf(officialServers);
            networkMonitors = List.copyOf(networkMonitors);
        }

        /** Production mode without passphrase, lists and expiry of clients. */
        public static Config at(HostPort listen) {
            return new Config(listen, false, "", List.of(), List.of(), Duration.ZERO, CAPACITY);
        }

        /** The same, for networks on one machine: servers may have loopback addresses. */
        public Config forTests() {
            return new Config(listen, true, passphrase, officialServers, networkMonitors, clientLifetime, capacity);
        }

        /** Without the passphrase. */
        @Override
        public String toString() {
            return "discovery at " + listen + (testMode ? ", test mode" : "");
        }
    }

    private DmsgDiscovery(Platform platform, Store store, EntryTable table, ServiceFront front) {
        this.platform = platform;
        this.scope = new Scope(platform, "discovery");
        this.store = store;
        this.table = table;
        this.front = front;
    }

    /** Starts one that keeps its entries in memory. */
    public static DmsgDiscovery start(Platform platform, Config config) throws IOException {
        return start(platform, config, Store.none());
    }

    /**
     * Starts one that keeps its entries in this file.
     *
     * @throws skywire.platform.Failure with one clear sentence if the file or the address cannot be used
     */
    public static DmsgDiscovery start(Platform platform, Config config, Path file) throws IOException {
        return start(platform, config, FileStore.open(platform, file));
    }

    private static DmsgDiscovery start(Platform platform, Config config, Store store) throws IOException {
        try {
            var table = new EntryTable(platform, store, config.capacity());
            var api = new DiscoveryApi(platform, config, table, store);
            ServiceFront front = ServiceFront.open(
                    platform, "discovery/http", config.listen(), api.routes(), () -> trouble(store.complaint(), table));
            var discovery = new DmsgDiscovery(platform, store, table, front);
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
            table.sweep();
        }
    }

    /** Where it listens on TCP, with the port really bound. */
    public HostPort address() {
        return front.address();
    }

    /**
     * Serves over dmsg as well, at port 80 of this key, on every server that has registered here.
     *
     * @param known servers to begin with, besides those registered
     */
    public void serveDmsg(SecretKey key, List<DmsgEntry> known) throws IOException {
        front.serveDmsg(key, new OwnEntries(List.copyOf(known)));
    }

    /** Sessions with dmsg servers. */
    public int dmsgSessions() {
        return front.dmsgSessions();
    }

    /** Number of keys. */
    public int size() {
        return table.size();
    }

    /** Why the store cannot be written, or which server's key is used on two machines; empty while all is well. */
    public Optional<String> trouble() {
        return trouble(store.trouble(), table);
    }

    private static Optional<String> trouble(Optional<String> ofStore, EntryTable table) {
        List<String> all = new ArrayList<>();
        ofStore.ifPresent(all::add);
        List<String> servers = table.addresses().alternating();
        servers.stream().limit(MOST_NAMED).forEach(all::add);
        if (servers.size() > MOST_NAMED) {
            all.add((servers.size() - MOST_NAMED) + " more such servers");
        }
        return all.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", all));
    }

    /** How often a server returned to the address it had before its last, since the start. */
    public long addressReturns() {
        return table.addresses().returns();
    }

    /** The table as the discovery's own dmsg client sees it; it is not written to. */
    private final class OwnEntries implements DmsgDirectory {
        private final List<DmsgEntry> known;

        OwnEntries(List<DmsgEntry> known) {
            this.known = known;
        }

        @Override
        public Optional<DmsgEntry> entry(PublicKey key, Deadline deadline) {
            return table.get(key)
                    .or(() -> known.stream().filter(e -> e.key().equals(key)).findFirst());
        }

        @Override
        public void publish(DmsgEntry entry, Deadline deadline) {
            throw new IllegalStateException("the discovery publishes nothing of itself");
        }

        @Override
        public void delete(DmsgEntry entry, Deadline deadline) {
            throw new IllegalStateException("the discovery publishes nothing of itself");
        }

        @Override
        public List<DmsgEntry> availableServers(Deadline deadline) {
            return allServers(deadline);
        }

        @Override
        public List<DmsgEntry> allServers(Deadline deadline) {
            List<DmsgEntry> servers = table.servers();
            List<PublicKey> keys = servers.stream().map(DmsgEntry::key).toList();
            known.stream().filter(e -> !keys.contains(e.key())).forEach(servers::add);
            return servers;
        }
    }

    /** Stops serving; what is stored stays. Idempotent. */
    @Override
    public void close() {
        scope.close();
        store.close();
    }
}
