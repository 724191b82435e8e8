package skywire.dmsg.server;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import skywire.dmsg.DmsgAddress;
import skywire.dmsg.PeerAnnounce;
import skywire.dmsg.SignedObject;
import skywire.dmsg.StreamRequest;
import skywire.dmsg.StreamResponse;
import skywire.key.SecretKey;
import skywire.platform.Clock;
import skywire.platform.Failure;
import skywire.yamux.YamuxStream;

/**
 * What we ask a server that we have linked to, once: to take our announcement, or else what our address is, which it does
 * not matter but which servers from before the mesh leave unanswered (dmsg §7, §8). Whoever is silent is not asked to
 * forward, so that no client waits for that.
 */
final class PeerQuestion {
    /** Limit for the answer. */
    static final Duration LIMIT = Duration.ofSeconds(5);

    /** A silent server is asked so many times in all, with this pause. */
    static final int TIMES = 3;

    static final Duration AGAIN = Duration.ofMinutes(1);

    private static final int ANY_PORT = 1;
    private static final System.Logger LOG = System.getLogger(PeerQuestion.class.getName());

    private final Clock clock;
    private final SecretKey key;

    PeerQuestion(Clock clock, SecretKey key) {
        this.clock = clock;
        this.key = key;
    }

    /** Asks, and waits for the answer. */
    PeerState ask(Onward peer, boolean announce) throws IOException {
        SignedObject object = announce ? announcement() : lookup(peer);
        try (YamuxStream stream = peer.open(clock.in(LIMIT))) {
            peer.objects().write(stream, object, clock.in(LIMIT));
            SignedObject answer = peer.objects().read(stream, clock.in(LIMIT));
            StreamResponse response = StreamResponse.read(answer);
            response.verify(answer, object.hash(), peer.key());
            if (!announce) {
                return PeerState.CAPABLE;
            }
            return response.accepted() ? PeerState.ANNOUNCED : PeerState.REFUSED;
        } catch (EOFException e) {
            return announce ? PeerState.REFUSED : PeerState.CAPABLE; // it has read the request, and ended the stream
        } catch (IOException e) {
            if (Failure.kindOf(e) == Failure.Kind.CANCELLED) {
                throw e;
            }
            LOG.log(System.Logger.Level.DEBUG, () -> "server " + peer.key().brief() + ": " + Failure.text(e));
            return PeerState.NOT_CAPABLE;
        }
    }

    private SignedObject announcement() {
        return new PeerAnnounce(clock.unixNanos(), key.publicKey()).sign(key);
    }

    private SignedObject lookup(Onward peer) {
        var from = new DmsgAddress(key.publicKey(), ANY_PORT);
        var to = new DmsgAddress(peer.key(), ANY_PORT);
        return new StreamRequest(clock.unixNanos(), from, to, true, false, new byte[0]).sign(key);
    }
}
