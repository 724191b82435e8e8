package skywire.dmsg.server;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import skywire.dmsg.DmsgAddress;
import skywire.dmsg.DmsgError;
import skywire.dmsg.PeerAnnounce;
import skywire.dmsg.SignedObject;
import skywire.dmsg.StreamRequest;
import skywire.dmsg.StreamResponse;
import skywire.key.SecretKey;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;
import skywire.yamux.YamuxStream;

/**
 * What we ask a server that we have linked to: to take our announcement, or else to pass on a request that a stranger has
 * signed, to nobody (dmsg §7, §8). One that takes part answers at once; one from before the mesh is silent, and is not
 * asked to forward afterwards, so that no client waits for that.
 */
final class PeerQuestion {
    /** Limit for the answer. */
    static final Duration LIMIT = Duration.ofSeconds(5);

    /** A silent server is asked so many times in all, with this pause: a stall is no proof. */
    static final int TIMES = 3;

    static final Duration AGAIN = Duration.ofMinutes(1);

    /** Pause before a server that does not take us for a peer is asked again: it may not have seen us listed yet. */
    static final Duration UNTIL_LISTED = Duration.ofSeconds(15);

    private static final int ANY_PORT = 1;
    private static final System.Logger LOG = System.getLogger(PeerQuestion.class.getName());

    private final Platform platform;
    private final SecretKey key;

    PeerQuestion(Platform platform, SecretKey key) {
        this.platform = platform;
        this.key = key;
    }

    /** Asks, and waits for the answer. */
    PeerState ask(Onward peer, boolean announce) throws IOException {
        SignedObject object = announce ? announcement() : request();
        try (YamuxStream stream = peer.open(soon())) {
            peer.objects().write(stream, object, soon());
            SignedObject answer = peer.objects().read(stream, soon());
            StreamResponse response = StreamResponse.read(answer);
            response.verify(answer, object.hash(), peer.key());
            if (announce) {
                return response.accepted() ? PeerState.ANNOUNCED : PeerState.REFUSED;
            }
            boolean stranger = response.refusal() == DmsgError.REQUEST_SOURCE_KEY;
            return stranger ? PeerState.REFUSED : PeerState.CAPABLE;
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

    private Deadline soon() {
        return platform.clock().in(LIMIT);
    }

    private SignedObject announcement() {
        return new PeerAnnounce(platform.clock().unixNanos(), key.publicKey()).sign(key);
    }

    /** Of somebody who exists for this moment only, to somebody who does not exist. */
    private SignedObject request() {
        SecretKey stranger = SecretKey.generate(platform.random());
        var nobody = SecretKey.generate(platform.random()).publicKey();
        return StreamRequest.dial(
                        platform.clock().unixNanos(),
                        new DmsgAddress(stranger.publicKey(), ANY_PORT),
                        new DmsgAddress(nobody, ANY_PORT),
                        new byte[0])
                .sign(stranger);
    }
}
