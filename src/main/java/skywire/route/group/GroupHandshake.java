package skywire.route.group;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongFunction;
import skywire.key.SecretKey;
import skywire.limit.Quota;
import skywire.link.SecureLink;
import skywire.noise.Pattern;
import skywire.packet.Handshake;
import skywire.packet.Packet;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Link;
import skywire.platform.Platform;
import skywire.route.mux.Capability;
import skywire.route.mux.Extension;

/**
 * The first packets of a route group: both say that they encrypt and what they can, and noise KK is made between the ends
 * (routing §6, mux §2.1). There is no falling back to plain text: a relay could cause it. A relay can hide what an end can,
 * though: then there is one leg, as encrypted as ever.
 */
final class GroupHandshake {
    /** The side that dials waits this long for the peer's Handshake, repeating its own. */
    static final Duration INITIATOR_LIMIT = Duration.ofSeconds(6);

    /** The other side waits this long for the first packet. */
    static final Duration RESPONDER_LIMIT = Duration.ofSeconds(20);

    /** A Handshake that is not answered is sent again after this time. */
    static final Duration REPEAT = Duration.ofSeconds(2);

    private final Platform platform;
    private final SecretKey own;
    private final Quota quota;
    private final Quota windows;

    /**
     * @param quota of what waits for readers
     * @param windows of what peers may be allowed to send
     */
    GroupHandshake(Platform platform, SecretKey own, Quota quota, Quota windows) {
        this.platform = platform;
        this.own = own;
        this.quota = quota;
        this.windows = windows;
    }

    /**
     * A group that both ends have agreed on.
     *
     * @param link below the encryption, if there is one apart
     * @param app what applications read and write
     */
    record Made(GroupLink link, Link app) {}

    Made initiate(Opening opening, boolean mux, Deadline deadline) throws IOException {
        Deadline limit = deadline.orEarlier(platform.clock(), INITIATOR_LIMIT);
        if (!mux) {
            requireEncryption(askUntilAnswered(opening, id -> Handshake.of(id, true), limit));
            return plain(opening, null, true, deadline);
        }
        skywire.noise.Handshake noise =
                skywire.noise.Handshake.initiator(Pattern.KK, own, peer(opening), platform.random());
        byte[] groupId = new byte[Extension.GROUP_ID];
        platform.random().nextBytes(groupId);
        var offer = new Extension(groupId, 0, noise.write(new byte[0]));
        Handshake answer = requireEncryption(askUntilAnswered(opening, offer::handshake, limit));
        Optional<Extension> extension = Extension.of(answer).filter(e -> e.isOf(groupId));
        if (extension.isPresent()) {
            noise.read(extension.get().noise());
            var seals = new Seals(noise.sendFrames(), noise.receiveFrames());
            return full(opening, new MuxStream.Agreement(GroupKind.FULL, groupId, seals, true, true), null, true);
        }
        return (answer.capabilities() & Capability.MUX) == 0
                ? plain(opening, null, true, deadline)
                : compatible(opening, answer, null, true, deadline);
    }

    private Packet askUntilAnswered(Opening opening, LongFunction<Packet> handshake, Deadline limit)
            throws IOException {
        while (true) {
            opening.send(handshake, limit);
            Deadline next = limit.orEarlier(platform.clock(), REPEAT);
            try {
                return opening.await(next);
            } catch (Failure e) {
                if (e.kind() != Failure.Kind.TIMEOUT || limit.passed()) {
                    throw e;
                }
            }
        }
    }

    /** Answers the first packet of a new group. */
    Made respond(Opening opening, Handshake offer) throws IOException {
        Deadline limit = platform.clock().in(RESPONDER_LIMIT);
        Optional<Extension> extension = Extension.of(offer);
        if (extension.isPresent()
                && (extension.get().leg() > 0 || extension.get().noise().length == 0)) {
            throw new Failure(Failure.Kind.REFUSED, "a leg of a group that is not here");
        }
        if (extension.isPresent()) {
            skywire.noise.Handshake noise =
                    skywire.noise.Handshake.responder(Pattern.KK, own, peer(opening), platform.random());
            noise.read(extension.get().noise());
            byte[] groupId = extension.get().group();
            var answer = new Extension(groupId, 0, noise.write(new byte[0]));
            opening.answer(answer::handshake, limit);
            var seals = new Seals(noise.sendFrames(), noise.receiveFrames());
            return full(
                    opening,
                    new MuxStream.Agreement(GroupKind.FULL, groupId, seals, true, true),
                    answer.handshake(1),
                    false);
        }
        boolean mux = (offer.capabilities() & Capability.MUX) != 0;
        Handshake answer =
                mux ? Handshake.of(1, true, Capability.MUX | Capability.SACK, new byte[0]) : Handshake.of(1, true);
        opening.answer(answer::to, limit);
        return mux ? compatible(opening, offer, answer, false, limit) : plain(opening, answer, false, limit);
    }

    private Made full(Opening opening, MuxStream.Agreement agreed, Handshake answer, boolean dialled)
            throws IOException {
        MuxStream stream = MuxStream.open(platform, opening.route(), agreed, answer, dialled, quota, windows);
        handOver(opening, stream.primary(), stream);
        return new Made(stream, stream);
    }

    private Made compatible(Opening opening, Handshake theirs, Handshake answer, boolean dialled, Deadline deadline)
            throws IOException {
        boolean sack = (theirs.capabilities() & Capability.SACK) != 0;
        boolean newSack = (theirs.capabilities() & Capability.HOL) != 0;
        var agreed = new MuxStream.Agreement(GroupKind.COMPATIBLE, new byte[0], null, sack, newSack);
        MuxStream stream = MuxStream.open(platform, opening.route(), agreed, answer, dialled, quota, windows);
        handOver(opening, stream.primary(), stream);
        return new Made(stream, secured(stream, dialled, deadline));
    }

    private Made plain(Opening opening, Handshake answer, boolean dialled, Deadline deadline) throws IOException {
        var stream = new GroupStream(platform.clock(), opening.route(), answer, quota);
        handOver(opening, stream, stream);
        return new Made(stream, secured(stream, dialled, deadline));
    }

    private static void handOver(Opening opening, Opening.User user, GroupLink stream) throws IOException {
        try {
            opening.handOver(user);
        } catch (IOException e) {
            stream.close();
            throw e;
        }
    }

    private SecureLink secured(GroupLink stream, boolean dialled, Deadline deadline) throws IOException {
        var remote = stream.descriptor().srcKey();
        return dialled
                ? SecureLink.initiator(stream, Pattern.KK, own, remote, platform, deadline)
                : SecureLink.responder(stream, Pattern.KK, own, remote, platform, deadline);
    }

    private static skywire.key.PublicKey peer(Opening opening) {
        return opening.route().descriptor().srcKey();
    }

    static Handshake requireEncryption(Packet opening) throws Failure {
        if (!(opening instanceof Handshake handshake) || !handshake.encrypt()) {
            throw Failure.untrusted("the peer, or a relay on the way, wants no end-to-end encryption");
        }
        return handshake;
    }
}
