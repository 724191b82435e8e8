package skywire.dmsg.server;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import skywire.directory.DmsgDirectory;
import skywire.directory.SeededDirectory;
import skywire.dmsg.DmsgClient;
import skywire.dmsg.DmsgConfig;
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
     * time. The discoveries are asked over dmsg by a stranger with a key of its own, since our key's sessions would end
     * those of the other. Must be called before our own server listens, or it finds that.
     */
    public static Optional<String> otherServer(
            Platform platform, DmsgServerConfig config, List<Registration> registrations) throws IOException {
        Deadline limit = platform.clock().in(LOOKUP_LIMIT);
        for (Registration registration : registrations) {
            String usual = config.publicAddress().isEmpty() ? config.listen().toString() : config.publicAddress();
            String own = registration.address().isEmpty() ? usual : registration.address();
            Optional<String> other = registration.servers().isEmpty()
                    ? Optional.empty()
                    : asStranger(platform, config.key().publicKey(), own, registration, limit);
            if (other.isPresent()) {
                return other;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> asStranger(
            Platform platform, PublicKey key, String own, Registration where, Deadline limit) throws IOException {
        DmsgConfig stranger = DmsgConfig.of(SecretKey.generate(platform.random()))
                .withSessions(1)
                .unpublished();
        var directory = new AtomicReference<DmsgDirectory>();
        try (DmsgClient _ = DmsgClient.start(platform, stranger, overDmsg -> {
            directory.set(SeededDirectory.over(platform, key, where.servers(), where.discovery(), overDmsg));
            return directory.get();
        })) {
            return otherServer(platform, directory.get(), key, own, limit);
        }
    }

    /**
     * The same with a directory that is asked as it is.
     *
     * @param own the address we shall publish, {@code host:port}
     * @param limit for asking the directory
     */
    public static Optional<String> otherServer(
            Platform platform, DmsgDirectory directory, PublicKey key, String own, Deadline limit) throws Failure {
        Optional<HostPort> other =
                published(directory, key, limit).filter(a -> !a.equals(own)).flatMap(KeyCheck::parse);
        boolean alive = other.isPresent()
                && holdsKey(platform, other.get(), key, platform.clock().in(PROOF_LIMIT));
        return alive ? other.map(HostPort::toString) : Optional.empty();
    }

    private static Optional<String> published(DmsgDirectory directory, PublicKey key, Deadline limit) throws Failure {
        try {
            return directory.entry(key, limit).flatMap(DmsgEntry::server).map(ServerInfo::address);
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
