package skywire.transport;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.limit.LogLimit;
import skywire.link.HandshakeGate;
import skywire.link.KeyedLink;
import skywire.link.SecureLink;
import skywire.noise.Pattern;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Listener;
import skywire.platform.Mailbox;
import skywire.platform.Platform;
import skywire.platform.Scope;

/**
 * TCP between visors that know each other's addresses (transport §4, §5, §8). Inbound handshakes run side by side, so a
 * silent peer holds up nobody. Thread-safe.
 */
public final class StcpCarrier implements Carrier {
    /** The type of its transports. */
    public static final String TYPE = "stcp";

    private static final System.Logger LOG = System.getLogger(StcpCarrier.class.getName());
    private static final int FIRST_EPHEMERAL = 49153;
    private static final int EPHEMERALS = 65536 - FIRST_EPHEMERAL;
    private static final int BACKLOG = 64;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Platform platform;
    private final SecretKey own;
    private final Scope scope;
    private final LogLimit peerLog;
    private final HandshakeGate handshakes = new HandshakeGate();
    private final Mailbox<KeyedLink> accepted;
    private final AtomicInteger ephemeral = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<PublicKey, HostPort> addresses; // guarded by lock
    private HostPort listening; // written once before the carrier is handed out; null if it only dials

    private StcpCarrier(Platform platform, SecretKey own, Map<PublicKey, HostPort> addresses) {
        this.platform = platform;
        this.own = own;
        this.addresses = new LinkedHashMap<>(addresses);
        this.scope = new Scope(platform, "stcp");
        this.peerLog = new LogLimit(platform.clock(), LOG);
        this.accepted = new Mailbox<>(platform.clock(), BACKLOG);
    }

    /** A carrier that dials the visors in the table and accepts from any. */
    public static StcpCarrier listen(
            Platform platform, SecretKey own, Map<PublicKey, HostPort> addresses, HostPort listen) throws IOException {
        var carrier = new StcpCarrier(platform, own, addresses);
        Listener listener = carrier.scope.own(platform.network().listen(listen));
        carrier.listening = listener.local();
        carrier.scope.fork("accept", () -> carrier.acceptFrom(listener));
        return carrier;
    }

    /** A carrier that only dials. */
    public static StcpCarrier dialOnly(Platform platform, SecretKey own, Map<PublicKey, HostPort> addresses) {
        return new StcpCarrier(platform, own, addresses);
    }

    @Override
    public String type() {
        return TYPE;
    }

    /** Where it listens, with the port really bound; {@code "-"} if it only dials. */
    public String listening() {
        return listening == null ? "-" : listening.toString();
    }

    /** The port it listens on, 0 if it only dials. */
    public int port() {
        return listening == null ? 0 : listening.port();
    }

    /** Adds or replaces the address of a visor. */
    public void know(PublicKey key, HostPort address) {
        lock.lock();
        try {
            addresses.put(key, address);
        } finally {
            lock.unlock();
        }
    }

    private HostPort address(PublicKey key) throws Failure {
        lock.lock();
        try {
            HostPort address = addresses.get(key);
            if (address == null) {
                throw new Failure(Failure.Kind.NOT_FOUND, "entry not found in PK table");
            }
            return address;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public KeyedLink dial(PublicKey to, Deadline deadline) throws IOException {
        HostPort address = address(to);
        Deadline limit = deadline.orEarlier(platform.clock(), NetworkHandshake.LIMIT);
        Link link = platform.network().dial(address, limit);
        try {
            int port = FIRST_EPHEMERAL + Math.floorMod(ephemeral.getAndIncrement(), EPHEMERALS);
            NetworkHandshake.initiate(link, own, port, to, limit);
            SecureLink secure = SecureLink.initiator(link, Pattern.KK, own, to, platform, deadline);
            return new CarrierLink(secure, to, PORT, port);
        } catch (IOException e) {
            link.close();
            throw Failure.wrap("stcp handshake with " + to.brief() + " at " + address, e);
        }
    }

    private void acceptFrom(Listener listener) throws IOException {
        while (true) {
            Link link = listener.accept();
            if (!handshakes.enter(link)) {
                link.close();
                continue;
            }
            scope.forkChild("handshake", () -> {
                try {
                    handshake(link);
                } finally {
                    handshakes.leave(link);
                }
            });
        }
    }

    private void handshake(Link link) {
        try {
            scope.own(link);
            Deadline limit = platform.clock().in(NetworkHandshake.LIMIT);
            NetworkHandshake.End caller =
                    NetworkHandshake.respond(link, own.publicKey(), port -> port == PORT, platform, limit);
            SecureLink secure = SecureLink.responder(link, Pattern.KK, own, caller.key(), platform, limit);
            accepted.put(
                    new CarrierLink(secure, caller.key(), caller.port(), PORT),
                    platform.clock().in(PATIENCE));
        } catch (IOException e) {
            link.close();
            peerLog.log(System.Logger.Level.DEBUG, "stcp handshake from " + link.remote() + ": " + Failure.text(e));
        } finally {
            scope.disown(link);
        }
    }

    @Override
    public KeyedLink accept() throws IOException {
        return accepted.take(Deadline.NEVER);
    }

    @Override
    public void close() {
        accepted.close(Failure.closedHere("stcp"));
        scope.close();
        for (Optional<KeyedLink> left = accepted.poll(); left.isPresent(); left = accepted.poll()) {
            left.get().close();
        }
    }
}
