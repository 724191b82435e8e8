package skywire.dmsg.server;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import skywire.directory.DmsgDirectory;
import skywire.directory.KeyClash;
import skywire.dmsg.DmsgClient;
import skywire.dmsg.DmsgConfig;
import skywire.dmsg.SessionObjects;
import skywire.dmsg.SignedObject;
import skywire.entry.DmsgEntry;
import skywire.entry.ServerInfo;
import skywire.key.PublicKey;
import skywire.limit.LogLimit;
import skywire.link.HandshakeFrames;
import skywire.link.HandshakeGate;
import skywire.noise.Handshake;
import skywire.noise.Pattern;
import skywire.platform.Clock;
import skywire.platform.Deadline;
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

    /** Limit for taking the entry back at the end. */
    private static final Duration GOODBYE = Duration.ofSeconds(2);

    private static final System.Logger LOG = System.getLogger(DmsgServer.class.getName());

    private final Platform platform;
    private final DmsgServerConfig config;
    private final Listener listener;
    private final Scope scope;
    private final SessionTable sessions;
    private final HandshakeGate handshakes = new HandshakeGate();
    private final Addresses addresses;
    private final PeerLinks peers;
    private final Connector connector;
    private final Announcements announcements; // filled before anything is started
    private final Counts counts = new Counts();
    private final LogLimit troubles;
    private final Traffic traffic;
    private final long startedAt; // nanoTime
    private final Drain drain;
    private DmsgClient transit; // written once, before anything is started; null if it has no network of its own

    private DmsgServer(Platform platform, DmsgServerConfig config, Listener listener) {
        this.platform = platform;
        this.config = config;
        this.listener = listener;
        this.scope =
                new Scope(platform, "dmsg-server/" + config.key().publicKey().brief());
        this.sessions = new SessionTable(config.maxSessions(), key());
        this.addresses = new Addresses(Integer.MAX_VALUE, config.maxSessionsPerAddress());
        this.peers = new PeerLinks(platform, config.key(), config.mesh(), scope);
        this.connector = new Connector(this, peers, platform.clock(), config.key(), config.clockTolerance());
        this.announcements = new Announcements(platform);
        this.troubles = new LogLimit(platform.clock(), LOG);
        this.traffic = new Traffic(platform.clock());
        this.drain = new Drain(platform.clock(), scope, listener, announcements, sessions, traffic);
        this.startedAt = platform.clock().nanoTime();
        peers.serve(this::forwarded, announcements::hurry);
    }

    /**
     * Listens and serves; the entry is published at this directory in the background, as often as it takes. It links to no
     * other server.
     */
    public static DmsgServer start(Platform platform, DmsgServerConfig config, DmsgDirectory directory)
            throws IOException {
        var server = new DmsgServer(platform, config, platform.network().listen(config.listen()));
        server.announcements.add(server.announcement(directory, ""));
        return server.run();
    }

    /**
     * The same on its own network (dmsg §10): a client with the server's key keeps sessions with all servers that are
     * known, registers over them, and forwards over them. Nothing here waits for any of them, so that many servers that
     * know only each other can start at once.
     *
     * @param registrations the deployments it belongs to; it registers at each of them unless it is not to be listed
     */
    public static DmsgServer start(Platform platform, DmsgServerConfig config, List<Registration> registrations)
            throws IOException {
        Listener listener = platform.network().listen(config.listen());
        var server = new DmsgServer(platform, config, listener);
        var known = new TransitDirectory(
                platform, server.ownEntry(), config.mesh().peers(), registrations, server.peers::listed);
        DmsgConfig presence = DmsgConfig.of(config.key())
                .withSessions(0)
                .withUpdateInterval(config.refresh())
                .unpublished();
        server.transit = DmsgClient.start(platform, presence, known::over, server.peers);
        for (Registration registration : config.listed() ? registrations : List.<Registration>of()) {
            DmsgDirectory directory = known.discovery(registration);
            server.announcements.add(server.announcement(directory, registration.address()));
        }
        return server.run();
    }

    private Announcement announcement(DmsgDirectory directory, String stated) {
        String usual = config.publicAddress().isEmpty() ? listener.local().toString() : config.publicAddress();
        return new Announcement(
                platform,
                directory,
                config.key(),
                ServerInfo.of(stated.isEmpty() ? usual : stated, config.maxSessions(), config.serverType()),
                config.refresh());
    }

    /** Where our own client finds this server: not at the public address, which may not lead here from inside. */
    private DmsgEntry ownEntry() {
        HostPort at = listener.local();
        boolean any = at.host().matches("0[.]0[.]0[.]0|[0:]+");
        String address = any ? new HostPort("127.0.0.1", at.port()).toString() : at.toString();
        return DmsgEntry.server(key(), ServerInfo.of(address, 1, ""));
    }

    private DmsgServer run() throws IOException {
        scope.own(listener);
        scope.forkChild("accept", this::acceptAll);
        announcements.start(scope);
        scope.fork("sweep", () -> traffic.endIdle(config.idle()));
        LOG.log(System.Logger.Level.INFO, "dmsg server " + key() + " listens on " + listener.local());
        return this;
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
        return announcements.clash().or(() -> transit == null ? Optional.empty() : transit.clash());
    }

    /** How it is now. */
    public ServerHealth health() {
        return new ServerHealth(
                Duration.ofNanos(clock().nanoTime() - startedAt),
                sessions.size(),
                config.maxSessions(),
                handshakes.size(),
                traffic.streams(),
                counts.streamsOpened.get(),
                counts.streamsForwarded.get(),
                counts.requests.byReason(),
                counts.connections.byReason(),
                counts.sessionsReplaced.get(),
                traffic.bytes(),
                announcements.published(),
                drain.begun());
    }

    /** The sessions there are now, in no particular order. */
    public List<SessionView> sessionViews() {
        Set<PublicKey> peers =
                peers().stream().filter(PeerView::inbound).map(PeerView::key).collect(Collectors.toSet());
        return sessions.views(clock().nanoTime(), peers);
    }

    /** Its links with other servers. */
    public List<PeerView> peers() {
        return peers.views();
    }

    /**
     * Begins nothing new and lets what runs come to its end: stops listening, takes the entry back, answers requests for
     * further streams with error 200, ends the sessions that have no stream, and waits until all
     * streams have ended and their last bytes have arrived, until then at the latest. The server is still to be closed,
     * which ends what is left, and this wait with it.
     *
     * @return whether nothing is left
     */
    public boolean drain(Deadline until) throws IOException {
        return drain.run(until);
    }

    /** Whether further streams are refused. */
    boolean isRefusing() {
        return drain.refuses();
    }

    /** Takes the entry back and ends all sessions; 2 s at most for the one, while the way to the discovery is still there. */
    @Override
    public void close() {
        if (scope.isClosed()) {
            return;
        }
        announcements.withdraw(clock().in(GOODBYE));
        if (transit != null) {
            transit.close();
        }
        scope.end(null);
        traffic.release();
        sessions.close().forEach(session -> session.mux().close());
        scope.close();
    }

    Counts counts() {
        return counts;
    }

    Optional<ServerSession> session(PublicKey key) {
        return sessions.find(key);
    }

    // ---- sessions ----

    private void acceptAll() throws IOException {
        try {
            while (true) {
                accept(listener.accept());
            }
        } catch (IOException | RuntimeException | Error e) {
            if (!drain.begun()) {
                scope.end(e);
            }
            throw e;
        }
    }

    private void accept(Link link) throws IOException {
        if (!handshakes.enter(link)) {
            turnAway(link, TurnedAway.HANDSHAKES, "too many handshakes");
            return;
        }
        try {
            scope.forkChild("handshake", () -> admit(link, Addresses.of(link.remote())));
        } catch (IOException e) {
            link.close();
            throw e;
        }
    }

    private void turnAway(Link link, TurnedAway why, String text) {
        counts.connections.count(why);
        troubles.log(System.Logger.Level.DEBUG, "connection from " + link.remote() + " refused: " + text);
        link.close();
    }

    private void admit(Link link, String from) {
        scopedOwn(link);
        try {
            Handshake handshake = Handshake.responder(Pattern.XK, config.key(), null, platform.random());
            HandshakeFrames.respond(link, handshake, clock().in(HANDSHAKE_LIMIT));
            if (!addresses.enter(from)) {
                turnAway(link, TurnedAway.ADDRESS, "too many sessions from this address");
                return;
            }
            begin(link, handshake, from);
        } catch (IOException e) {
            turnAway(link, TurnedAway.HANDSHAKE, Failure.text(e));
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

    private void begin(Link link, Handshake handshake, String from) {
        PublicKey key = handshake.remoteKey();
        var objects = new SessionObjects(handshake.sender(), handshake.receiver());
        var session = new ServerSession(key, link.remote(), objects, clock().nanoTime());
        String name = "dmsg-server/" + key.brief();
        session.start(YamuxSession.open(
                platform, name, link, Side.SERVER, YamuxConfig.SERVER, stream -> incoming(session, stream)));
        session.mux().onEnd(() -> ended(session, from));
        try {
            sessions.add(session).ifPresent(this::replaced);
        } catch (Failure e) {
            turnAway(link, drain.begun() ? TurnedAway.DRAINING : TurnedAway.FULL, Failure.text(e));
            session.mux().close();
            return;
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
        peers.ended(session);
        tellAvailable();
    }

    private void tellAvailable() {
        int left = Math.max(0, config.maxSessions() - sessions.size());
        announcements.available(left);
    }

    // ---- streams ----

    /** A client opened a stream. On the reader thread of the session. */
    private void incoming(ServerSession session, YamuxStream stream) {
        if (!session.enter()) {
            stream.reset("too many requests at a time");
            return;
        }
        traffic.begins();
        try {
            scope.forkChild("request", () -> {
                try {
                    connector.serve(session, stream);
                } finally {
                    session.leave();
                    traffic.ends();
                }
            });
        } catch (IOException e) {
            session.leave();
            traffic.ends();
            stream.reset("closing");
        }
    }

    /** Another server asks, over a link that we have dialled. On a thread of the stream. */
    private void forwarded(Onward from, YamuxStream stream, SignedObject object) {
        traffic.begins();
        try {
            connector.serve(from, stream, object);
        } finally {
            traffic.ends();
        }
    }

    /** Joins the two streams of a request that was answered with yes; {@code elsewhere} if another server is involved. */
    void join(YamuxStream from, YamuxStream to, boolean elsewhere) {
        counts.streamsOpened.incrementAndGet();
        traffic.join(from, to, elsewhere);
    }

    /** Streams now in which another server is involved. */
    int forwardedNow() {
        return traffic.forwarded();
    }

    private Clock clock() {
        return platform.clock();
    }
}
