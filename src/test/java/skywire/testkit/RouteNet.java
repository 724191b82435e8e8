package skywire.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import skywire.directory.TransportDirectory;
import skywire.entry.SignedTransportEntry;
import skywire.entry.TransportEntry;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.limit.Quota;
import skywire.link.KeyedLink;
import skywire.link.KeyedListener;
import skywire.packet.RouteDescriptor;
import skywire.packet.Rule;
import skywire.platform.Deadline;
import skywire.platform.HostPort;
import skywire.platform.Platform;
import skywire.route.EdgeRules;
import skywire.route.RuleInstaller;
import skywire.route.group.GroupSet;
import skywire.route.group.RouteGroup;
import skywire.route.group.Router;
import skywire.transport.StcpCarrier;
import skywire.transport.Transport;
import skywire.transport.TransportSet;

/** A few visors without services, joined by stcp transports; routes are installed by hand. */
public final class RouteNet implements AutoCloseable {
    /** Owner of the rules installed by hand. */
    public static final PublicKey SETUP = secret("setup").publicKey();

    private final List<Stop> nodes = new ArrayList<>();
    private final Platform platform;
    private final long queued;

    /** Something that a route can lead through. */
    public interface Stop {
        /** Its key. */
        SecretKey secret();

        /** How it dials and is dialled. */
        StcpCarrier carrier();

        /** Its transports. */
        TransportSet transports();

        /** Takes its rules. */
        RuleInstaller installer();

        /** Everything of it ends. */
        void close();

        /** Its public key. */
        default PublicKey key() {
            return secret().publicKey();
        }
    }

    /** One visor. */
    public record Node(
            Platform platform, SecretKey secret, StcpCarrier carrier, TransportSet transports, Router router, Table at)
            implements Stop {
        @Override
        public RuleInstaller installer() {
            return router.installer();
        }

        @Override
        public void close() {
            router.close();
            transports.close();
        }
    }

    /** An empty net. */
    public RouteNet(Platform platform) {
        this(platform, 1L << 30);
    }

    /** An empty net whose visors may each hold that many bytes in queues. */
    public RouteNet(Platform platform, long queued) {
        this.platform = platform;
        this.queued = queued;
    }

    /** A visor that has died already and is not to be closed. */
    public void forget(String seed) {
        nodes.removeIf(n -> n.secret().equals(secret(seed)));
    }

    private static SecretKey secret(String seed) {
        return SecretKey.fromSeed(seed.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds a visor on the platform of the net. */
    public Node add(String seed) throws IOException {
        return add(platform, "127.0.0.1", seed);
    }

    /** Adds a visor on another machine. */
    public Node add(Platform machine, String address, String seed) throws IOException {
        SecretKey secret = secret(seed);
        StcpCarrier carrier = StcpCarrier.listen(machine, secret, Map.of(), new HostPort(address, 0));
        var table = new Table();
        var transports = new TransportSet(machine, secret, table, List.of(carrier), 1_000, new Quota(queued));
        var node = new Node(machine, secret, carrier, transports, Router.start(machine, secret, transports), table);
        nodes.add(node);
        return node;
    }

    /** Adds a relay on another machine that treats packets badly when told to. */
    public FaultyRelay addFaulty(Platform machine, String address, String seed) throws IOException {
        FaultyRelay relay = FaultyRelay.start(machine, address, secret(seed), new Quota(queued));
        nodes.add(relay);
        return relay;
    }

    /** A line of visors, each joined to the next. */
    public List<Node> line(int n) throws IOException {
        var line = new ArrayList<Node>();
        for (int i = 0; i < n; i++) {
            line.add(add("visor " + i));
            if (i > 0) {
                join(line.get(i - 1), line.get(i));
            }
        }
        return line;
    }

    /** A transport between two visors. */
    public Transport join(Stop from, Stop to) throws IOException {
        return join(from, to, HostPort.parse(to.carrier().listening()));
    }

    /** A transport between two visors, for which the first one dials an address that leads to the second one. */
    public Transport join(Stop from, Stop to, HostPort by) throws IOException {
        from.carrier().know(to.key(), by);
        Deadline limit = platform.clock().in(Duration.ofSeconds(10));
        Transport transport = from.transports().dial(to.key(), StcpCarrier.TYPE, TransportEntry.USER, limit);
        while (to.transports().get(transport.id()).isEmpty()) {
            platform.clock().sleep(Duration.ofMillis(1)); // the other side is about to put it into its table
            limit.check("transport");
        }
        return transport;
    }

    /** Rules for a route along these visors, installed everywhere but at the first, which gets them back. */
    public EdgeRules route(List<? extends Stop> path, int fromPort, int toPort, Duration keepAlive) throws IOException {
        int last = path.size() - 1;
        var ids = new ArrayList<List<Long>>();
        for (Stop node : path) {
            ids.add(node.installer().reserve(SETUP, 2)); // the first is for forth, the second for back
        }
        for (int i = 1; i < last; i++) {
            Rule forth = new Rule.Intermediary(
                    keepAlive, ids.get(i).get(0), ids.get(i + 1).get(0), between(path, i, i + 1));
            Rule back = new Rule.Intermediary(
                    keepAlive, ids.get(i).get(1), ids.get(i - 1).get(1), between(path, i, i - 1));
            path.get(i).installer().addIntermediary(SETUP, List.of(forth, back));
        }
        var forth = new RouteDescriptor(path.get(0).key(), path.get(last).key(), fromPort, toPort);
        path.get(last)
                .installer()
                .addEdge(
                        SETUP,
                        EdgeRules.of(
                                forth,
                                new Rule.Forward(
                                        keepAlive,
                                        ids.get(last).get(1),
                                        forth.inverted(),
                                        ids.get(last - 1).get(1),
                                        between(path, last, last - 1)),
                                new Rule.Consume(keepAlive, ids.get(last).get(0), forth)));
        return EdgeRules.of(
                forth.inverted(),
                new Rule.Forward(keepAlive, ids.get(0).get(0), forth, ids.get(1).get(0), between(path, 0, 1)),
                new Rule.Consume(keepAlive, ids.get(0).get(1), forth.inverted()));
    }

    private static UUID between(List<? extends Stop> path, int from, int to) {
        return path.get(from)
                .transports()
                .find(path.get(to).key(), StcpCarrier.TYPE)
                .orElseThrow()
                .id();
    }

    /** Both ends of a stream. */
    public record Ends(RouteGroup dialled, RouteGroup accepted) {}

    /** A route group along these visors, keep-alive 30 s. */
    public Ends open(List<Node> path, int port) throws IOException {
        return open(path, port, Duration.ofSeconds(30));
    }

    /** A route group along these visors. */
    public Ends open(List<? extends Stop> path, int port, Duration keepAlive) throws IOException {
        return open(path, port, keepAlive, GroupSet::initiateBound);
    }

    /** A route group that may get more legs, its first one along these visors. */
    public Ends openMux(List<? extends Stop> path, int port) throws IOException {
        return open(path, port, Duration.ofSeconds(30), GroupSet::initiateMux);
    }

    private interface Initiate {
        RouteGroup initiate(GroupSet groups, PublicKey owner, EdgeRules rules, UUID arrivesBy, Deadline deadline)
                throws IOException;
    }

    private Ends open(List<? extends Stop> path, int port, Duration keepAlive, Initiate how) throws IOException {
        GroupSet groups = ((Node) path.getFirst()).router().groups();
        try (KeyedListener listener = ((Node) path.getLast()).router().groups().listen(port)) {
            EdgeRules rules = route(path, groups.ports().take(), port, keepAlive);
            RouteGroup dialled = how.initiate(
                    groups,
                    SETUP,
                    rules,
                    rules.forward().nextTransport(),
                    platform.clock().in(Duration.ofSeconds(20)));
            KeyedLink accepted = listener.accept();
            return new Ends(dialled, (RouteGroup) accepted);
        }
    }

    /** Another leg of a group, along these visors; both ends use it when this returns. */
    public void addLeg(RouteGroup dialled, List<? extends Stop> path) throws IOException {
        EdgeRules rules = route(path, dialled.localPort(), dialled.remotePort(), Duration.ofSeconds(30));
        ((Node) path.getFirst())
                .router()
                .groups()
                .addLeg(
                        dialled,
                        SETUP,
                        rules,
                        rules.forward().nextTransport(),
                        platform.clock().in(Duration.ofSeconds(20)));
    }

    @Override
    public void close() {
        nodes.forEach(Stop::close);
    }

    /** A transport directory in memory, one per visor, for looking at. */
    public static final class Table implements TransportDirectory {
        private final ReentrantLock lock = new ReentrantLock();
        private final Map<UUID, SignedTransportEntry> entries = new LinkedHashMap<>(); // guarded by lock

        /** What is registered. */
        public List<SignedTransportEntry> entries() {
            lock.lock();
            try {
                return new ArrayList<>(entries.values());
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void register(List<SignedTransportEntry> all, Deadline deadline) {
            lock.lock();
            try {
                all.forEach(e -> entries.put(e.entry().id(), e));
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void delete(UUID id, Deadline deadline) {
            lock.lock();
            try {
                entries.remove(id);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public Optional<TransportEntry> byId(UUID id, Deadline deadline) {
            return entries().stream()
                    .map(SignedTransportEntry::entry)
                    .filter(e -> e.id().equals(id))
                    .findFirst();
        }

        @Override
        public List<TransportEntry> byEdge(PublicKey edge, Deadline deadline) {
            return entries().stream()
                    .map(SignedTransportEntry::entry)
                    .filter(e -> e.hasEdge(edge))
                    .toList();
        }

        @Override
        public List<TransportEntry> all(Deadline deadline) {
            return entries().stream().map(SignedTransportEntry::entry).toList();
        }
    }
}
