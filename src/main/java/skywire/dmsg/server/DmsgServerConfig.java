package skywire.dmsg.server;

import java.time.Duration;
import skywire.key.SecretKey;
import skywire.platform.HostPort;

/**
 * How a dmsg server runs. Immutable.
 *
 * @param key its identity
 * @param listen where it accepts sessions; port 0 takes a free one
 * @param publicAddress what its entry tells clients to dial, {@code host:port}; empty for the address it listens on
 * @param serverType published as such, e.g. {@code official}; may be empty
 * @param maxSessions sessions at a time, a hard limit
 * @param maxSessionsPerAddress sessions at a time from one IP address, 0 for no limit; loopback is not counted
 * @param refresh how often the entry is published again
 * @param clockTolerance how far the time of a stream request may be from ours; zero: it is not compared
 * @param idle a relayed stream in which nothing moves for that long is ended
 * @param mesh how it is linked to other servers
 * @param listed whether its entry is published; a private server is reached through those it announces itself to
 */
public record DmsgServerConfig(
        SecretKey key,
        HostPort listen,
        String publicAddress,
        String serverType,
        int maxSessions,
        int maxSessionsPerAddress,
        Duration refresh,
        Duration clockTolerance,
        Duration idle,
        MeshConfig mesh,
        boolean listed) {
    /** The usual limits: 2048 sessions, entry every minute, clocks within 5 minutes, streams idle for 5 minutes at most. */
    public static DmsgServerConfig of(SecretKey key, HostPort listen, String publicAddress) {
        Duration five = Duration.ofMinutes(5);
        return new DmsgServerConfig(
                key, listen, publicAddress, "", 2048, 0, Duration.ofMinutes(1), five, five, MeshConfig.NONE, true);
    }

    /** The same with another limit of sessions. */
    public DmsgServerConfig withMaxSessions(int max) {
        return new DmsgServerConfig(
                key,
                listen,
                publicAddress,
                serverType,
                max,
                maxSessionsPerAddress,
                refresh,
                clockTolerance,
                idle,
                mesh,
                listed);
    }

    /** The same with a limit of sessions per IP address. */
    public DmsgServerConfig withMaxSessionsPerAddress(int max) {
        return new DmsgServerConfig(
                key, listen, publicAddress, serverType, maxSessions, max, refresh, clockTolerance, idle, mesh, listed);
    }

    /** The same with another type in its entry. */
    public DmsgServerConfig withServerType(String type) {
        return new DmsgServerConfig(
                key,
                listen,
                publicAddress,
                type,
                maxSessions,
                maxSessionsPerAddress,
                refresh,
                clockTolerance,
                idle,
                mesh,
                listed);
    }

    /** The same with another period of publishing. */
    public DmsgServerConfig withRefresh(Duration period) {
        return new DmsgServerConfig(
                key,
                listen,
                publicAddress,
                serverType,
                maxSessions,
                maxSessionsPerAddress,
                period,
                clockTolerance,
                idle,
                mesh,
                listed);
    }

    /** The same with another tolerance of clocks. */
    public DmsgServerConfig withClockTolerance(Duration tolerance) {
        return new DmsgServerConfig(
                key,
                listen,
                publicAddress,
                serverType,
                maxSessions,
                maxSessionsPerAddress,
                refresh,
                tolerance,
                idle,
                mesh,
                listed);
    }

    /** The same with another idle limit of streams. */
    public DmsgServerConfig withIdle(Duration limit) {
        return new DmsgServerConfig(
                key,
                listen,
                publicAddress,
                serverType,
                maxSessions,
                maxSessionsPerAddress,
                refresh,
                clockTolerance,
                limit,
                mesh,
                listed);
    }

    /** The same with other links. */
    public DmsgServerConfig withMesh(MeshConfig links) {
        return new DmsgServerConfig(
                key,
                listen,
                publicAddress,
                serverType,
                maxSessions,
                maxSessionsPerAddress,
                refresh,
                clockTolerance,
                idle,
                links,
                listed);
    }

    /** The same without an entry in any discovery. */
    public DmsgServerConfig unlisted() {
        return new DmsgServerConfig(
                key,
                listen,
                publicAddress,
                serverType,
                maxSessions,
                maxSessionsPerAddress,
                refresh,
                clockTolerance,
                idle,
                mesh,
                false);
    }
}
