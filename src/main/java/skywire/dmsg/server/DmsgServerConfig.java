package skywire.dmsg.server;

import java.time.Duration;
import java.util.function.Consumer;
import skywire.key.SecretKey;
import skywire.platform.HostPort;

/** How a dmsg server runs (dmsg §7). Immutable once it is handed out; never printed, as it holds the key. */
public final class DmsgServerConfig implements Cloneable {
    private final SecretKey key;
    private final HostPort listen;
    private final String publicAddress;

    // Written by with() only, before anybody else sees the copy.
    private String serverType = "";
    private int maxSessions = 2048;
    private int maxSessionsPerAddress;
    private Duration refresh = Duration.ofMinutes(1);
    private Duration clockTolerance = Duration.ZERO;
    private Duration idle = Duration.ofMinutes(5);
    private MeshConfig mesh = MeshConfig.NONE;
    private boolean listed = true;

    private DmsgServerConfig(SecretKey key, HostPort listen, String publicAddress) {
        this.key = key;
        this.listen = listen;
        this.publicAddress = publicAddress;
    }

    /**
     * The usual limits: 2048 sessions, entry every minute, clocks not compared, streams idle for 5 minutes at most, no
     * links of its own to other servers.
     *
     * @param key its identity
     * @param listen where it accepts sessions; port 0 takes a free one
     * @param publicAddress what its entry tells clients to dial, {@code host:port}; empty for the address it listens on
     */
    public static DmsgServerConfig of(SecretKey key, HostPort listen, String publicAddress) {
        return new DmsgServerConfig(key, listen, publicAddress);
    }

    private DmsgServerConfig with(Consumer<DmsgServerConfig> change) {
        try {
            var copy = (DmsgServerConfig) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same with another limit of sessions, which is a hard one. */
    public DmsgServerConfig withMaxSessions(int max) {
        return with(copy -> copy.maxSessions = max);
    }

    /** The same with a limit of sessions per IP address, 0 for none; loopback is not counted. */
    public DmsgServerConfig withMaxSessionsPerAddress(int max) {
        return with(copy -> copy.maxSessionsPerAddress = max);
    }

    /** The same with a type in its entry, e.g. {@code official}; may be empty. */
    public DmsgServerConfig withServerType(String type) {
        return with(copy -> copy.serverType = type);
    }

    /** The same with another period of publishing. */
    public DmsgServerConfig withRefresh(Duration period) {
        return with(copy -> copy.refresh = period);
    }

    /** The same, comparing the time of stream requests with ours, which may differ by this; zero: it is not compared. */
    public DmsgServerConfig withClockTolerance(Duration tolerance) {
        return with(copy -> copy.clockTolerance = tolerance);
    }

    /** The same with another limit for streams in which nothing moves. */
    public DmsgServerConfig withIdle(Duration limit) {
        return with(copy -> copy.idle = limit);
    }

    /** The same with other links to servers. */
    public DmsgServerConfig withMesh(MeshConfig links) {
        return with(copy -> copy.mesh = links);
    }

    /** The same without an entry in any discovery: a private server is reached through those it announces itself to. */
    public DmsgServerConfig unlisted() {
        return with(copy -> copy.listed = false);
    }

    /** Its identity. */
    public SecretKey key() {
        return key;
    }

    /** Where it accepts sessions. */
    public HostPort listen() {
        return listen;
    }

    /** What its entry tells clients to dial; empty for the address it listens on. */
    public String publicAddress() {
        return publicAddress;
    }

    /** Published as such. */
    public String serverType() {
        return serverType;
    }

    /** Sessions at a time. */
    public int maxSessions() {
        return maxSessions;
    }

    /** Sessions at a time from one IP address, 0 for no limit. */
    public int maxSessionsPerAddress() {
        return maxSessionsPerAddress;
    }

    /** How often the entry is published again. */
    public Duration refresh() {
        return refresh;
    }

    /** How far the time of a stream request may be from ours; zero: it is not compared. */
    public Duration clockTolerance() {
        return clockTolerance;
    }

    /** A relayed stream in which nothing moves for that long is ended. */
    public Duration idle() {
        return idle;
    }

    /** How it is linked to other servers. */
    public MeshConfig mesh() {
        return mesh;
    }

    /** Whether its entry is published. */
    public boolean listed() {
        return listed;
    }
}
