package skywire.directory;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import skywire.entry.DmsgEntry;
import skywire.http.Dialer;
import skywire.http.HttpClient;
import skywire.http.HttpUrl;
import skywire.key.PublicKey;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Platform;

/**
 * A discovery with servers known beforehand (dmsg §10). It is how a client asks a discovery that is reached over that
 * client itself: the way to the discovery comes from the seeds and from what was learnt, never from the discovery.
 *
 * <p>Services publish nothing of themselves: those named here are taken to be clients on all known servers. Servers of
 * the last list are remembered, {@value #MOST} at most. Our own entry is always asked for, published and deleted at the
 * discovery. While the discovery does not answer, the servers are the seeds and those of the last list.
 *
 * <p>Thread-safe. No lock is held while the discovery is asked: over our own dmsg that comes back here.
 */
public final class SeededDirectory implements DmsgDirectory {
    /** Servers of a discovery's list that are remembered; the rest of a longer list is used once and forgotten. */
    static final int MOST = 1024;

    /** Time a list may take before the known servers must do. */
    static final Duration LIST_LIMIT = Duration.ofSeconds(8);

    private static final System.Logger LOG = System.getLogger(SeededDirectory.class.getName());

    private final Clock clock;
    private final DmsgDirectory discovery;
    private final PublicKey own; // NULL for a client, which is no server
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<PublicKey, DmsgEntry> seeds = new LinkedHashMap<>(); // guarded by lock
    private final Set<PublicKey> services = new LinkedHashSet<>(); // guarded by lock
    private Map<PublicKey, DmsgEntry> learnt = new LinkedHashMap<>(); // guarded by lock; replaced, never changed
    private boolean first; // guarded by lock; there is no session yet by which the discovery could be asked

    private SeededDirectory(
            Clock clock, DmsgDirectory discovery, PublicKey own, Collection<DmsgEntry> seeds, boolean first) {
        this.clock = clock;
        this.discovery = discovery;
        this.own = own;
        this.first = first;
        seeds.forEach(seed -> this.seeds.putIfAbsent(seed.key(), seed));
    }

    /**
     * The discovery of that key, asked over dmsg at port 80, for a client.
     *
     * @param seeds servers to begin with, unsigned as a rule; of several with one key the first counts
     * @param overDmsg dials hosts that are public keys, by the client that uses this directory
     */
    public static SeededDirectory over(
            Platform platform, Collection<DmsgEntry> seeds, PublicKey discoveryKey, Dialer overDmsg) {
        return over(platform, seeds, discoveryKey, overDmsg, false);
    }

    /**
     * The same for networks that are not the Internet.
     *
     * @param localServers whether the discovery may name servers at local addresses; it may anyhow if a seed is at one
     */
    public static SeededDirectory over(
            Platform platform,
            Collection<DmsgEntry> seeds,
            PublicKey discoveryKey,
            Dialer overDmsg,
            boolean localServers) {
        return over(platform, PublicKey.NULL, seeds, discoveryKey, overDmsg, localServers);
    }

    /**
     * The same for a client whose key is a server's too.
     *
     * @param own its key: what is known of it beforehand never stands in for what the discovery has
     */
    public static SeededDirectory over(
            Platform platform, PublicKey own, Collection<DmsgEntry> seeds, PublicKey discoveryKey, Dialer overDmsg) {
        return over(platform, own, seeds, discoveryKey, overDmsg, false);
    }

    private static SeededDirectory over(
            Platform platform,
            PublicKey own,
            Collection<DmsgEntry> seeds,
            PublicKey discoveryKey,
            Dialer overDmsg,
            boolean localServers) {
        var http = new HttpClient(platform, overDmsg, HttpUrl.parse("dmsg://" + discoveryKey.hex()));
        boolean local =
                localServers || seeds.stream().anyMatch(seed -> !seed.key().equals(own) && isLocal(seed));
        var discovery = new HttpDmsgDirectory(http, platform.clock(), local);
        var directory = new SeededDirectory(platform.clock(), discovery, own, seeds, true);
        directory.addService(discoveryKey);
        return directory;
    }

    /** A discovery that is reached without dmsg, with servers and, by {@link #addService}, services known beforehand. */
    public static SeededDirectory beside(Platform platform, DmsgDirectory discovery, Collection<DmsgEntry> seeds) {
        return new SeededDirectory(platform.clock(), discovery, PublicKey.NULL, seeds, false);
    }

    /** Adds a server to those known beforehand, unless its key is there. */
    public void addSeed(DmsgEntry server) {
        lock.lock();
        try {
            seeds.putIfAbsent(server.key(), server);
        } finally {
            lock.unlock();
        }
    }

    /** Adds a client that is on every known server, also on those learnt later. */
    public void addService(PublicKey key) {
        lock.lock();
        try {
            services.add(key);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<DmsgEntry> entry(PublicKey key, Deadline deadline) throws IOException {
        if (isService(key)) {
            return Optional.of(DmsgEntry.client(key, onAll(deadline), ""));
        }
        Optional<DmsgEntry> known = key.equals(own) ? Optional.empty() : known(key);
        return known.isPresent() ? known : discovery.entry(key, deadline);
    }

    @Override
    public Optional<DmsgEntry> stored(PublicKey key, Deadline deadline) throws IOException {
        Optional<DmsgEntry> known = key.equals(own) ? Optional.empty() : known(key);
        return known.isPresent() || isService(key) ? entry(key, deadline) : discovery.stored(key, deadline);
    }

    /** The class a directory gives a server is a hint; where servers were named beforehand, those are the official ones. */
    @Override
    public boolean isOfficial(DmsgEntry server) {
        lock.lock();
        try {
            return seeds.isEmpty() ? discovery.isOfficial(server) : seeds.containsKey(server.key());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Doubts doubts() {
        return discovery.doubts();
    }

    private boolean isService(PublicKey key) {
        lock.lock();
        try {
            return services.contains(key) && !key.equals(own);
        } finally {
            lock.unlock();
        }
    }

    private Optional<DmsgEntry> known(PublicKey server) {
        lock.lock();
        try {
            return Optional.ofNullable(learnt.getOrDefault(server, seeds.get(server)));
        } finally {
            lock.unlock();
        }
    }

    private List<PublicKey> onAll(Deadline deadline) throws IOException {
        List<PublicKey> keys = knownKeys();
        if (keys.isEmpty()) {
            allServers(deadline);
            keys = knownKeys();
        }
        return keys;
    }

    private List<PublicKey> knownKeys() {
        lock.lock();
        try {
            Set<PublicKey> keys = new LinkedHashSet<>(learnt.keySet());
            keys.addAll(seeds.keySet());
            return new ArrayList<>(keys);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void publish(DmsgEntry entry, Deadline deadline) throws IOException {
        discovery.publish(entry, deadline);
    }

    @Override
    public void delete(DmsgEntry entry, Deadline deadline) throws IOException {
        discovery.delete(entry, deadline);
    }

    /** The first time these are the seeds, at once: over them the discovery can be asked later. */
    @Override
    public List<DmsgEntry> availableServers(Deadline deadline) throws IOException {
        return isFirst() ? others(List.of()) : list(discovery::availableServers, deadline);
    }

    @Override
    public List<DmsgEntry> allServers(Deadline deadline) throws IOException {
        return list(discovery::allServers, deadline);
    }

    private boolean isFirst() {
        lock.lock();
        try {
            boolean was = first && !seeds.isEmpty();
            first = false;
            return was;
        } finally {
            lock.unlock();
        }
    }

    private interface Question {
        List<DmsgEntry> ask(Deadline deadline) throws IOException;
    }

    private List<DmsgEntry> list(Question question, Deadline deadline) throws IOException {
        List<DmsgEntry> listed;
        try {
            listed = question.ask(deadline.orEarlier(clock, LIST_LIMIT));
        } catch (IOException e) {
            return withoutDiscovery(e);
        }
        remember(listed);
        return others(listed);
    }

    private void remember(List<DmsgEntry> servers) {
        Map<PublicKey, DmsgEntry> last = new LinkedHashMap<>();
        for (DmsgEntry server : servers) {
            if (last.size() < MOST) {
                last.putIfAbsent(server.key(), server);
            }
        }
        lock.lock();
        try {
            if (!last.isEmpty()) { // an empty list teaches nothing: what was known may still be up
                learnt = last;
            }
        } finally {
            lock.unlock();
        }
    }

    /** These servers, then the seeds that are not among them. */
    private List<DmsgEntry> others(List<DmsgEntry> listed) {
        Map<PublicKey, DmsgEntry> servers = new LinkedHashMap<>();
        listed.forEach(server -> servers.putIfAbsent(server.key(), server));
        lock.lock();
        try {
            seeds.forEach(servers::putIfAbsent);
        } finally {
            lock.unlock();
        }
        return new ArrayList<>(servers.values());
    }

    /** A server that has moved is listed with both addresses: one of them may lead on. */
    private List<DmsgEntry> withoutDiscovery(IOException why) throws IOException {
        if (Failure.kindOf(why) == Failure.Kind.CANCELLED) {
            throw why;
        }
        List<DmsgEntry> servers;
        lock.lock();
        try {
            servers = new ArrayList<>(learnt.values());
            for (DmsgEntry seed : seeds.values()) {
                DmsgEntry last = learnt.get(seed.key());
                if (last == null || !address(last).equals(address(seed))) {
                    servers.add(seed);
                }
            }
        } finally {
            lock.unlock();
        }
        if (servers.isEmpty()) {
            throw why;
        }
        LOG.log(System.Logger.Level.DEBUG, () -> "known servers must do: " + Failure.text(why));
        return servers;
    }

    /** Whoever begins with servers at local addresses is in a network of its own. */
    private static boolean isLocal(DmsgEntry server) {
        return LocalAddress.is(HostPort.parse(address(server)).host());
    }

    private static String address(DmsgEntry server) {
        return server.server().map(info -> info.address()).orElse("");
    }
}
