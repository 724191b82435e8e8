package skywire.dmsg.server;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import skywire.directory.DmsgDirectory;
import skywire.directory.KeyClash;
import skywire.dmsg.SessionObjects;
import skywire.entry.ServerInfo;
import skywire.key.PublicKey;
import skywire.limit.LogLimit;
import skywire.link.HandshakeFrames;
import skywire.link.HandshakeGate;
import skywire.noise.Handshake;
import skywire.noise.Pattern;
import skywire.platform.Clock;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Listener;
import skywire.platform.Platform;
import skywire.platform.Scope;
import skywire.yamux.Side;
import skywire.yamux.YamuxConfig;
import skywire.yamux.YamuxSession;
import skywire.yamux.YamuxStream;

/**
 * A dmsg server (dmsg §7): one session per client key, the newest; streams between them. Thread-safe.
 *
 * <p>A connection is a thread of its own only until its handshake is done; a request only until it is answered.
 */
public final class DmsgServer implements Closeable {
    /** Limit of a whole session handshake. */
    static final Duration HANDSHAKE_LIMIT = Duration.ofSeconds(5);

    private static final System.Logger LOG = System.getLogger(DmsgServer.class.getName());

    private final Platform platform;
    private final DmsgServerConfig config;
    private final Listener listener;
    private final Scope scope;
    private final SessionTable sessions;
    private final HandshakeGate handshakes = new HandshakeGate();
    private final Addresses addresses;
    private final Connector connector;
    private final Announcement announcement;
    private final Counts counts = new Counts();
    private final LogLimit troubles;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Bridge> bridges = new LinkedHashSet<>(); // guarded by lock

    private DmsgServer(Platform platform, DmsgServerConfig config, DmsgDirectory directory, Listener listener) {
        this.platform = platform;
        this.config = config;
        this.listener = listener;
        this.scope =
                new Scope(platform, "dmsg-server/" + config.key().publicKey().brief());
        this.sessions = new SessionTable(config.maxSessions());
        this.addresses = new Addresses(Integer.MAX_VALUE, config.maxSessionsPerAddress());
        this.connector = new Connector(this, platform.clock(), config.key(), config.clockTolerance());
        String address = config.publicAddress().isEmpty() ? listener.local().toString() : config.publicAddress();
        this.announcement = new Announcement(
                platform,
                directory,
                config.key(),
                ServerInfo.of(address, config.maxSessions(), config.serverType()),
                config.refresh());
        this.troubles = new LogLimit(platform.clock(), LOG);
    }

    /** Listens and serves; the entry is published in the background, as often as it takes. */
    public static DmsgServer start(Platform platform, DmsgServerConfig config, DmsgDirectory directory)
            throws IOException {
        Listener listener = platform.network().listen(config.listen());
        var server = new DmsgServer(platform, config, directory, listener);
        server.scope.own(listener);
        server.scope.fork("accept", server::acceptAll);
        server.scope.fork("entry", server.announcement::run);
        server.scope.fork("sweep", server::sweep);
        LOG.log(
                System.Logger.Level.INFO,
                "dmsg server " + config.key().publicKey() + " listens on " + listener.local());
        return server;
    }

    /** Where it listens. */
    public HostPort address() {
        return listener.local();
    }

    /** Its identity. */
    public PublicKey key() {
        return config.key().publicKey();
    }

    /** Evidence that another process uses our key; while there is some, our entry is held back. */
    public Optional<KeyClash> clash() {
        return announcement.clash();
    }

    /** How it is now. */
    public ServerHealth health() {
        return new ServerHealth(
                sessions.size(),
                handshakes.size(),
                bridgeCount(),
                counts.streamsOpened.get(),
                counts.requestsRefused.get(),
                counts.connectionsRefused.get(),
                counts.sessionsReplaced.get(),
                counts.bytesRelayed.get(),
                announcement.published());
    }

    private int bridgeCount() {
        lock.lock();
        try {
            return bridges.size();
        } finally {
            lock.unlock();
        }
    }

    /** Takes the entry back and ends all sessions. */
    @Override
    public void close() {
        scope.end(null);
        sessions.close().forEach(session -> session.mux().close());
        scope.close();
        announcement.withdraw();
    }

    Counts counts() {
        return counts;
    }

    Optional<ServerSession> session(PublicKey key) {
        return sessions.find(key);
    }

    // ---- sessions ----

    private void acceptAll() throws IOException {
        while (true) {
            Link link = listener.accept();
            String from = Addresses.of(link.remote());
            if (!handshakes.enter(link)) {
                refuse(link, "too many handshakes");
                continue;
            }
            try {
                scope.forkChild("handshake", () -> admit(link, from));
            } catch (IOException e) {
                link.close();
                throw e;
            }
        }
    }

    private void refuse(Link link, String why) {
        counts.connectionsRefused.incrementAndGet();
        troubles.log(System.Logger.Level.DEBUG, "connection from " + link.remote() + " refused: " + why);
        link.close();
    }

    private void admit(Link link, String from) {
        scopedOwn(link);
        try {
            Handshake handshake = Handshake.responder(Pattern.XK, config.key(), null, platform.random());
            HandshakeFrames.respond(link, handshake, clock().in(HANDSHAKE_LIMIT));
            if (!addresses.enter(from)) {
                refuse(link, "too many sessions from this address");
                return;
            }
            begin(link, handshake, from);
        } catch (IOException e) {
            refuse(link, Failure.text(e));
        } finally {
            scope.disown(link);
            handshakes.leave(link);
        }
    }

    private void scopedOwn(Link link) {
        try {
            scope.own(link);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "closing while a connection came", e); // own() closed the link
        }
    }

    private void begin(Link link, Handshake handshake, String from) throws Failure {
        PublicKey key = handshake.remoteKey();
        var objects = new SessionObjects(handshake.sender(), handshake.receiver());
        var session = new ServerSession(key, link.remote(), objects);
        String name = "dmsg-server/" + key.brief();
        session.start(YamuxSession.open(
                platform, name, link, Side.SERVER, YamuxConfig.SERVER, stream -> incoming(session, stream)));
        session.mux().onEnd(() -> ended(session, from));
        try {
            sessions.add(session).ifPresent(this::replaced);
        } catch (Failure e) {
            session.mux().close();
            throw e;
        }
        if (session.mux().isClosed()) {
            sessions.remove(session); // it ended before it was in the table
        }
        tellAvailable();
    }

    private void replaced(ServerSession old) {
        counts.sessionsReplaced.incrementAndGet();
        old.mux().close();
    }

    private void ended(ServerSession session, String from) {
        addresses.leave(from);
        sessions.remove(session);
        tellAvailable();
    }

    private void tellAvailable() {
        announcement.available(Math.max(0, config.maxSessions() - sessions.size()));
    }

    // ---- streams ----

    /** A client opened a stream. On the reader thread of the session. */
    private void incoming(ServerSession session, YamuxStream stream) {
        if (!session.enter()) {
            stream.reset("too many requests at a time");
            return;
        }
        try {
            scope.forkChild("request", () -> {
                try {
                    connector.serve(session, stream);
                } finally {
                    session.leave();
                }
            });
        } catch (IOException e) {
            session.leave();
            stream.reset("closing");
        }
    }

    /** Joins the two streams of a request that was answered with yes. */
    void join(YamuxStream from, YamuxStream to) {
        var bridge = new Bridge(clock(), from, to, this::bridgeEnded);
        lock.lock();
        try {
            bridges.add(bridge);
        } finally {
            lock.unlock();
        }
        counts.streamsOpened.incrementAndGet();
        bridge.start();
    }

    private void bridgeEnded(Bridge bridge) {
        counts.bytesRelayed.addAndGet(bridge.bytes());
        lock.lock();
        try {
            bridges.remove(bridge);
        } finally {
            lock.unlock();
        }
    }

    private void sweep() throws IOException {
        Duration period = config.idle().dividedBy(4);
        while (true) {
            clock().sleep(period);
            for (Bridge bridge : allBridges()) {
                bridge.endIfIdle(config.idle());
            }
        }
    }

    private List<Bridge> allBridges() {
        lock.lock();
        try {
            return new ArrayList<>(bridges);
        } finally {
            lock.unlock();
        }
    }

    private Clock clock() {
        return platform.clock();
    }
}
