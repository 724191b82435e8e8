package skywire.route.group;

import java.io.IOException;
import java.time.Duration;
import skywire.key.SecretKey;
import skywire.link.SecureLink;
import skywire.noise.Pattern;
import skywire.packet.Handshake;
import skywire.packet.Packet;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;

/**
 * The first packets of a route group: both say that they encrypt, then noise KK between the ends (routing §6). There is
 * no falling back to plain text: a relay could cause it.
 */
final class GroupHandshake {
    /** The side that dials waits this long for the peer's Handshake, repeating its own. */
    static final Duration INITIATOR_LIMIT = Duration.ofSeconds(6);

    /** The other side waits this long for the first packet. */
    static final Duration RESPONDER_LIMIT = Duration.ofSeconds(20);

    /** A Handshake that is not answered is sent again after this time. */
    static final Duration REPEAT = Duration.ofSeconds(2);

    private GroupHandshake() {}

    static SecureLink initiate(GroupStream stream, SecretKey own, Platform platform, Deadline deadline)
            throws IOException {
        Deadline limit = deadline.orEarlier(platform.clock(), INITIATOR_LIMIT);
        requireEncryption(askUntilAnswered(stream, platform, limit));
        return SecureLink.initiator(stream, Pattern.KK, own, stream.descriptor().srcKey(), platform, deadline);
    }

    private static Packet askUntilAnswered(GroupStream stream, Platform platform, Deadline limit) throws IOException {
        while (true) {
            stream.sendHandshake(false, limit);
            Deadline next = limit.orEarlier(platform.clock(), REPEAT);
            try {
                return stream.awaitOpening(next);
            } catch (Failure e) {
                if (e.kind() != Failure.Kind.TIMEOUT || limit.passed()) {
                    throw e;
                }
            }
        }
    }

    static SecureLink respond(GroupStream stream, SecretKey own, Platform platform) throws IOException {
        Deadline limit = platform.clock().in(RESPONDER_LIMIT);
        requireEncryption(stream.awaitOpening(limit));
        stream.sendHandshake(true, limit);
        return SecureLink.responder(stream, Pattern.KK, own, stream.descriptor().srcKey(), platform, limit);
    }

    private static void requireEncryption(Packet opening) throws Failure {
        if (!(opening instanceof Handshake handshake) || !handshake.encrypt()) {
            throw Failure.untrusted("the peer, or a relay on the way, wants no end-to-end encryption");
        }
    }
}
