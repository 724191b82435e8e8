package skywire.dmsg;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import skywire.bytes.MalformedException;
import skywire.directory.DmsgDirectory;
import skywire.directory.Doubts;
import skywire.directory.KeyAlarm;
import skywire.directory.KeyClash;
import skywire.http.Dialer;
import skywire.key.PublicKey;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Platform;
import skywire.platform.Scope;

/**
 * One key's presence on dmsg: sessions to servers, streams dialled and accepted through them (spec dmsg §9). Thread-safe.
 *
 * <p>After {@link #start} it connects on its own and stays connected; a lost server is replaced, and the directory is told.
 * Only one client of a key may run at a time.
 */
public final class DmsgClient implements Closeable {
    /** Limit of a dial: what an old peer may take. */
    public static final Duration DIAL_LIMIT = Duration.ofSeconds(20);

    private static final Duration FAREWELL_LIMIT = Duration.ofSeconds(2);
    private static final System.Logger LOG = System.getLogger(DmsgClient.class.getName());

    private final Platform platform;
    private final DmsgConfig config;
    private final DmsgDirectory directory;
    private final PortTable<Object> ports = new PortTable<>();
    private final SessionSet sessions;
    private final DialMemory memory;
    private final Presence presence;
    private final Scope scope;

    private DmsgClient(
            Platform platform, DmsgConfig config, Function<Dialer, DmsgDirectory> directory, Transit transit) {
        this.platform = platform;
        this.config = config;
        this.directory = directory.apply(this::dialHost);
        this.scope = new Scope(platform, "dmsg/" + publicKey().brief());
        var alarm = new KeyAlarm(platform.clock(), publicKey());
        this.sessions = new SessionSet(platform, config, ports, alarm, transit);
        this.memory = new DialMemory(platform.clock());
        this.presence = new Presence(platform, config, this.directory, sessions, alarm);
    }

    /** Starts a client and returns at once; see {@link #awaitReady}. */
    public static DmsgClient start(Platform platform, DmsgConfig config, DmsgDirectory directory) {
        return start(platform, config, overUs -> directory);
    }

    /**
     * The same with a directory that is reached over this very client, such as a {@link
     * skywire.directory.SeededDirectory}.
     *
     * @param directory makes it from {@link #http}; must not dial yet
     */
    public static DmsgClient start(Platform platform, DmsgConfig config, Function<Dialer, DmsgDirectory> directory) {
        return start(platform, config, directory, Transit.NONE);
    }

    /**
     * The same for the client of a dmsg server.
     *
     * @param transit what the server makes of the sessions
     */
    public static DmsgClient start(
            Platform platform, DmsgConfig config, Function<Dialer, DmsgDirectory> directory, Transit transit) {
        var client = new DmsgClient(platform, config, directory, transit);
        var keeper = new SessionKeeper(platform, config, client.directory, client.sessions, client.scope);
        try {
            client.scope.fork("keeper", keeper::run);
            client.scope.fork("pinger", keeper::measure);
            client.scope.fork("presence", client.presence::run);
        } catch (IOException e) {
            throw new IllegalStateException("a new scope is closed", e);
        }
        return client;
    }

    /** Our key. */
    public PublicKey publicKey() {
        return config.key().publicKey();
    }

    /**
     * Waits until there is a session and, unless unpublished, the directory knows of it.
     *
     * @throws Failure of kind {@code TIMEOUT}, with what stood in the way as its cause
     */
    public void awaitReady(Deadline deadline) throws IOException {
        presence.awaitReady(deadline);
    }

    /** Whether there is a session and the directory has known of one. */
    public boolean isReady() {
        return presence.isReady();
    }

    /** What stood in the way of the last attempt to get a session or publish; empty once it worked. */
    public Optional<IOException> trouble() {
        return presence.trouble();
    }

    /**
     * Evidence that another process uses our key: it publishes entries of it, or takes our sessions away. While there is
     * some, ours are held back.
     */
    public Optional<KeyClash> clash() {
        return presence.clash();
    }

    /** What was wrong with the entries that the directory gave. */
    public Doubts doubts() {
        return directory.doubts();
    }

    /** The sessions alive, oldest first. */
    public List<DmsgSession> sessions() {
        return sessions.all();
    }

    /**
     * Opens a stream, within {@link #DIAL_LIMIT} at most. The caller owns it.
     *
     * @throws Failure of kind {@code NOT_FOUND} if the directory knows no such client; {@code REFUSED} if nothing listens
     *     there; {@code LIMIT} if its queue is full; {@code UNREACHABLE} if no server leads to it
     */
    public DmsgStream dial(DmsgAddress to, Deadline deadline) throws IOException {
        if (to.port() == 0 || to.key().isNull()) {
            throw Failure.malformed("dial needs a key and a port: " + to);
        }
        checkOpen();
        return new DmsgDial(this, to, deadline.orEarlier(platform.clock(), DIAL_LIMIT)).run();
    }

    /** Dials for HTTP: hosts are public keys. */
    public Dialer http() {
        return this::dialHost;
    }

    private DmsgStream dialHost(HostPort at, Deadline deadline) throws IOException {
        try {
            return dial(new DmsgAddress(PublicKey.parse(at.host()), at.port()), deadline);
        } catch (MalformedException e) {
            throw Failure.wrap(at.host(), e);
        }
    }

    /**
     * Accepts streams to a port from now on.
     *
     * @throws Failure of kind {@code REFUSED} if the port is taken
     */
    public DmsgListener listen(int port) throws IOException {
        checkOpen();
        var listener = new DmsgListener(port, ports, platform.clock(), scope::disown);
        ports.take(port, listener);
        try {
            return scope.own(listener);
        } catch (IOException e) {
            ports.free(port, listener);
            throw DmsgError.ENTITY_CLOSED.failure(e);
        }
    }

    private void checkOpen() throws Failure {
        if (scope.isClosed()) {
            throw DmsgError.ENTITY_CLOSED.failure();
        }
    }

    /** Number of local ports in use. */
    public int portsInUse() {
        return ports.size();
    }

    /** Removes our entry from the directory (2 s at most), then ends everything. Idempotent. */
    @Override
    public void close() {
        if (scope.isClosed()) {
            return;
        }
        try {
            presence.withdraw(platform.clock().in(FAREWELL_LIMIT));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, scope.name() + ": entry not removed: " + Failure.text(e));
        }
        scope.end(null);
        sessions.close();
        scope.close();
    }

    // ---- for a dial ----

    Platform platform() {
        return platform;
    }

    DmsgDirectory directory() {
        return directory;
    }

    DialMemory memory() {
        return memory;
    }

    Optional<DmsgSession> session(PublicKey server) {
        return sessions.find(server);
    }

    DmsgSession connect(PublicKey server, Deadline deadline) throws IOException {
        var entry = directory.entry(server, deadline).orElseThrow(DmsgError.ENTRY_NOT_FOUND::failure);
        return sessions.connect(entry, deadline);
    }
}
