package skywire.transport;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import skywire.directory.TransportDirectory;
import skywire.entry.SignedTransportEntry;
import skywire.entry.TransportEntry;
import skywire.entry.TransportId;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.limit.LogLimit;
import skywire.limit.Quota;
import skywire.link.KeyedLink;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;
import skywire.platform.Scope;

/**
 * All transports of a visor: dials and accepts them through its carriers, keeps persistent ones up, tells the transport
 * directory (transport §7). Thread-safe.
 */
public final class TransportSet implements Closeable {
    /** Transports a visor has at most if nothing else is configured; persistent ones are made beyond it. */
    public static final int MOST = 200;

    /** Settlements of inbound links under way at once. */
    public static final int MOST_SETTLEMENTS = 256;

    private static final System.Logger LOG = System.getLogger(TransportSet.class.getName());
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration LEAVE_LIMIT = Duration.ofSeconds(2);

    private final Platform platform;
    private final SecretKey own;
    private final int most;
    private final Scope scope;
    private final Quota queued;
    private final TransportTable table;
    private final Registrar registrar;
    private final LogLimit peerLog;
    private final Map<String, Carrier> carriers = new TreeMap<>(); // written once before start
    private final Persistence persistence;
    private final AtomicInteger settling = new AtomicInteger();
    private volatile PacketSink sink; // written once by start

    /**
     * An empty set that does nothing until {@link #start}.
     *
     * @param directory where transports are registered
     * @param carriers the ways of making transports; the set closes them
     * @param most limit of transports, see {@link #MOST}
     * @param queued for the packets that wait in this node, in the queues of transports and of route groups
     */
    public TransportSet(
            Platform platform,
            SecretKey own,
            TransportDirectory directory,
            List<Carrier> carriers,
            int most,
            Quota queued) {
        this.queued = queued;
        this.platform = platform;
        this.own = own;
        this.most = most;
        this.scope = new Scope(platform, "transports");
        this.table = new TransportTable(platform.clock(), own.publicKey());
        this.registrar = new Registrar(platform.clock(), directory);
        this.peerLog = new LogLimit(platform.clock(), LOG);
        this.persistence = new Persistence(platform.clock());
        carriers.forEach(c -> this.carriers.put(c.type(), c));
    }

    /** Begins to accept; packets and endings of transports go to {@code to}. To be called once. */
    public void start(PacketSink to) throws IOException {
        sink = to;
        for (Carrier carrier : carriers.values()) {
            scope.own(carrier);
            scope.forkChild("accept/" + carrier.type(), () -> acceptFrom(carrier));
        }
        scope.fork("registrar", registrar::run);
        scope.fork("keeper", this::keep);
    }

    /** What the packets that wait in this node hold, here and in the layers above. */
    public Quota queued() {
        return queued;
    }

    /** The types transports can have here, sorted. */
    public List<String> types() {
        return new ArrayList<>(carriers.keySet());
    }

    /** The live transport of that id. */
    public Optional<Transport> get(UUID id) {
        return table.get(id);
    }

    /** The live transport of that type to that visor. */
    public Optional<Transport> find(PublicKey remote, String type) {
        return table.get(TransportId.of(own.publicKey(), remote, type));
    }

    /** All live transports, oldest first. */
    public List<Transport> list() {
        return table.list();
    }

    /** Transports to that visor. */
    public List<Transport> to(PublicKey remote) {
        return list().stream().filter(t -> t.remoteKey().equals(remote)).toList();
    }

    /**
     * The transport of that type to that visor: the one there is, or a new one.
     *
     * @param label {@link TransportEntry#USER} or another one, for a new transport
     * @throws Failure of kind {@code NOT_FOUND} for a type that is not available here, {@code LIMIT} if there are too
     *     many, or why it could not be made
     */
    public Transport dial(PublicKey remote, String type, String label, Deadline deadline) throws IOException {
        return dial(remote, type, label, most, deadline);
    }

    private Transport dial(PublicKey remote, String type, String label, int limit, Deadline deadline)
            throws IOException {
        Carrier carrier = carriers.get(type);
        if (carrier == null) {
            throw new Failure(Failure.Kind.NOT_FOUND, "no transports of type \"" + type + "\" here");
        }
        if (remote.isNull()) {
            throw new Failure(Failure.Kind.NOT_FOUND, "no visor has the null key");
        }
        UUID id = TransportId.of(own.publicKey(), remote, type);
        Optional<Transport> existing = table.beginDial(id, limit, deadline);
        if (existing.isPresent()) {
            return existing.get();
        }
        try {
            return settleDialled(carrier, remote, label, limit, deadline);
        } finally {
            table.dialled(id);
        }
    }

    private Transport settleDialled(Carrier carrier, PublicKey remote, String label, int limit, Deadline deadline)
            throws IOException {
        KeyedLink link = carrier.dial(remote, deadline);
        try {
            if (!link.remoteKey().equals(remote)) {
                throw Failure.untrusted("dialled " + remote.brief() + ", got "
                        + link.remoteKey().brief());
            }
            SignedTransportEntry entry = Settlement.initiate(link, own, carrier.type(), platform.clock(), deadline);
            return adopt(new Transport(platform, link, entry, true, label, sink, queued), limit);
        } catch (IOException e) {
            link.close();
            Failure why = Failure.wrap(carrier.type() + " transport to " + remote.brief(), e);
            if (why.kind() != Failure.Kind.REFUSED) {
                throw why;
            }
            // the other side has a link, or is about to have one since it dials as well: that one is as good
            UUID id = TransportId.of(own.publicKey(), remote, carrier.type());
            return table.awaitOther(id, deadline).orElseThrow(() -> why);
        }
    }

    private Transport adopt(Transport transport, int limit) throws IOException {
        Optional<Transport> replaced = table.add(transport, limit);
        replaced.ifPresent(old -> old.end(new Failure(Failure.Kind.CLOSED_HERE, "replaced by a newer link")));
        registrar.up(transport);
        scope.own(transport);
        transport.start(() -> ended(transport)); // it may end before this returns
        LOG.log(System.Logger.Level.INFO, "transport up: " + transport);
        return transport;
    }

    private void ended(Transport transport) {
        scope.disown(transport);
        table.remove(transport);
        Failure why = transport.ended();
        LOG.log(System.Logger.Level.INFO, "transport down: " + transport + ": " + why.getMessage());
        sink.ended(transport, why);
        registrar.down(transport);
    }

    private void acceptFrom(Carrier carrier) throws IOException {
        while (true) {
            KeyedLink link = carrier.accept();
            if (settling.incrementAndGet() > MOST_SETTLEMENTS || table.size() >= most) {
                settling.decrementAndGet();
                link.close();
                continue;
            }
            try {
                scope.forkChild("settle/" + link.remoteKey().brief(), () -> {
                    try {
                        settleAccepted(carrier, link);
                    } finally {
                        settling.decrementAndGet();
                    }
                });
            } catch (IOException e) {
                link.close(); // this set has ended
                throw e;
            }
        }
    }

    private void settleAccepted(Carrier carrier, KeyedLink link) {
        try {
            scope.own(link);
            SignedTransportEntry entry = Settlement.respond(
                    link, own, carrier.type(), id -> wants(id, link), platform.clock(), Deadline.NEVER);
            adopt(new Transport(platform, link, entry, false, TransportEntry.USER, sink, queued), most);
        } catch (IOException e) {
            link.close();
            peerLog.log(
                    System.Logger.Level.DEBUG,
                    carrier.type() + " transport from " + link.remoteKey().brief() + ": " + Failure.text(e));
        } finally {
            scope.disown(link);
        }
    }

    /** A peer that calls although we have a transport may have started anew: the old one has to show signs of life. */
    private boolean wants(UUID id, KeyedLink link) {
        boolean wanted = table.wants(id, link.remoteKey(), most);
        if (!wanted) {
            table.get(id).ifPresent(Transport::ping);
        }
        return wanted;
    }

    /** Ends a transport on purpose; false if there is none of that id. */
    public boolean remove(UUID id) {
        Optional<Transport> transport = get(id);
        transport.ifPresent(Transport::close);
        return transport.isPresent();
    }

    /** Transports to keep up from now on: a missing one is dialled again and again, less and less often. */
    public void persist(List<Persistent> wanted) {
        persistence.set(wanted);
    }

    /** What is kept up. */
    public List<Persistent> persistent() {
        return persistence.wanted();
    }

    /**
     * A transport to keep up.
     *
     * @param key the other visor
     * @param type type of the transport
     */
    public record Persistent(PublicKey key, String type) {}

    private void keep() throws IOException {
        while (true) {
            platform.clock().sleep(TICK);
            list().forEach(Transport::tick);
            for (Persistent wanted :
                    persistence.due(w -> find(w.key(), w.type()).isPresent())) {
                scope.forkChild("persist/" + wanted.key().brief(), () -> dialPersistent(wanted));
            }
        }
    }

    private void dialPersistent(Persistent wanted) {
        try {
            Deadline limit = platform.clock().in(Persistence.DIAL_LIMIT);
            dial(wanted.key(), wanted.type(), TransportEntry.USER, Integer.MAX_VALUE, limit);
            persistence.done(wanted, true);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "persistent " + Failure.text(e));
            persistence.done(wanted, false);
        }
    }

    /** Ends all transports and carriers, and takes the transports off the directory as far as that is quick. */
    @Override
    public void close() {
        if (!scope.isClosed()) {
            registrar.leave(platform.clock().in(LEAVE_LIMIT));
        }
        scope.close();
    }
}
