package skywire.dmsg.server;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import skywire.directory.DmsgDirectory;
import skywire.entry.DmsgEntry;
import skywire.entry.ServerInfo;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.limit.LogLimit;
import skywire.link.HandshakeFrames;
import skywire.noise.Handshake;
import skywire.noise.Pattern;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Platform;

/**
 * Looks for a living server with the same key before one starts (deployment §4): an entry of the key with another
 * address, and somebody there who proves to hold the key. An earlier run of the same server, dead by now, is none.
 */
public final class KeyCheck {
    /** Time for asking the directory; if it does not answer by then, the check is left to the running server. */
    public static final Duration LOOKUP_LIMIT = Duration.ofSeconds(3);

    /** Time for connecting to the other server and its proof. */
    public static final Duration PROOF_LIMIT = Duration.ofSeconds(5);

    private static final System.Logger LOG = System.getLogger(KeyCheck.class.getName());

    private KeyCheck() {}

    /**
     * The address at which another server of this key is alive; empty if there is none, or it cannot be found out in
     * time. Must be called before our own server listens, or it finds that.
     *
     * @param own the address we shall publish, {@code host:port}
     */
    public static Optional<String> otherServer(Platform platform, DmsgDirectory directory, PublicKey key, String own)
            throws Failure {
        Optional<HostPort> other =
                published(platform, directory, key).filter(a -> !a.equals(own)).flatMap(KeyCheck::parse);
        if (other.isEmpty()
                || !holdsKey(platform, other.get(), key, platform.clock().in(PROOF_LIMIT))) {
            return Optional.empty();
        }
        return Optional.of(other.get().toString());
    }

    private static Optional<String> published(Platform platform, DmsgDirectory directory, PublicKey key)
            throws Failure {
        try {
            return directory
                    .entry(key, platform.clock().in(LOOKUP_LIMIT))
                    .flatMap(DmsgEntry::server)
                    .map(ServerInfo::address);
        } catch (IOException e) {
            passOn(e);
            LOG.log(System.Logger.Level.DEBUG, "who uses our key cannot be looked up: " + Failure.text(e));
            return Optional.empty();
        }
    }

    private static Optional<HostPort> parse(String address) {
        try {
            return Optional.of(HostPort.parse(address));
        } catch (IllegalArgumentException e) {
            LOG.log(System.Logger.Level.DEBUG, "stored address is none: " + LogLimit.clean(address));
            return Optional.empty();
        }
    }

    /** Whether the server there completes a session handshake as the holder of the key; ours in it is a new one. */
    static boolean holdsKey(Platform platform, HostPort at, PublicKey key, Deadline deadline) throws Failure {
        SecretKey stranger = SecretKey.generate(platform.random());
        try (Link link = platform.network().dial(at, deadline)) {
            Handshake handshake = Handshake.initiator(Pattern.XK, stranger, key, platform.random());
            HandshakeFrames.initiate(link, handshake, deadline);
            return true;
        } catch (IOException e) {
            passOn(e);
            LOG.log(System.Logger.Level.DEBUG, "no server of our key at " + at + ": " + Failure.text(e));
            return false;
        }
    }

    private static void passOn(IOException e) throws Failure {
        if (e instanceof Failure f && f.kind() == Failure.Kind.CANCELLED) {
            throw f;
        }
    }
}
