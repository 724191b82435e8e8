package skywire.dmsg;

import java.io.IOException;
import java.time.Duration;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Platform;

/**
 * Asks a server, as a stranger with a new key, to lead to our own key while we have no session there. An answer proves
 * that somebody else holds the key: it is signed with it. Unless the server's mesh led to a session of ours elsewhere.
 */
final class KeyProbe {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final System.Logger LOG = System.getLogger(KeyProbe.class.getName());

    private KeyProbe() {}

    /** Whether another process with this key answers through that server; false if nobody does in time. */
    static boolean isTaken(
            Platform platform, PublicKey own, PublicKey server, HostPort address, RequestMemory ours, Deadline deadline)
            throws IOException {
        SecretKey stranger = SecretKey.generate(platform.random());
        Deadline limit = deadline.orEarlier(platform.clock(), LIMIT);
        var memory = new RequestMemory(platform.clock(), false);
        ours.watchFor(stranger.publicKey());
        try (DmsgSession session =
                DmsgSession.open(platform, stranger, server, address, new PortTable<>(), memory, Transit.NONE, limit)) {
            return answers(session, new DmsgAddress(own, DmsgCtrl.PORT), limit) && !ours.hasSeen(stranger.publicKey());
        } catch (IOException e) {
            if (Failure.kindOf(e) == Failure.Kind.CANCELLED) {
                throw e;
            }
            LOG.log(System.Logger.Level.DEBUG, "nobody else of our key: " + Failure.text(e));
            return false;
        } finally {
            ours.forget(stranger.publicKey());
        }
    }

    private static boolean answers(DmsgSession session, DmsgAddress to, Deadline deadline) throws IOException {
        try (DmsgStream stream = session.dial(to, deadline)) {
            return stream.remoteKey().equals(to.key());
        } catch (Refusal refusal) {
            return true; // signed as well
        }
    }
}
