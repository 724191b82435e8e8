package skywire.dmsg.server;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import skywire.dmsg.DmsgError;
import skywire.dmsg.PeerAnnounce;
import skywire.dmsg.SignedObject;
import skywire.dmsg.StreamRequest;
import skywire.dmsg.StreamResponse;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.yamux.YamuxStream;

/**
 * What a server does with one stream of a client (dmsg §5): reads the request, checks all of it, asks the destination,
 * passes its answer back, and joins the two streams. Old clients drop their whole session on a bad request or an empty
 * stream, so nothing is opened towards a destination before the request is known to be good.
 *
 * <p>A refusal of our own is a response signed with our key, then the end of the stream: a client that knows this learns
 * why, any other fails at once.
 */
final class Connector {
    /** Limit for the request, which follows the opening of a stream at once. */
    static final Duration REQUEST_LIMIT = Duration.ofSeconds(5);
    /** Limit for the destination's answer; old clients answer one stream after another. */
    static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);

    private static final System.Logger LOG = System.getLogger(Connector.class.getName());

    /** Limit for one other server while more are to be asked. */
    static final Duration PEER_LIMIT = Duration.ofSeconds(2);
    /** Streams at a time that are passed on to other servers, or come from them. */
    static final int MOST_FORWARDED = 4096;

    private final DmsgServer server;
    private final PeerLinks peers;
    private final Clock clock;
    private final SecretKey key;
    private final Duration clockTolerance;

    /** What the destination has answered, on which stream. */
    private record Answer(YamuxStream stream, SignedObject object, StreamResponse response) {}

    Connector(DmsgServer server, PeerLinks peers, Clock clock, SecretKey key, Duration clockTolerance) {
        this.server = server;
        this.peers = peers;
        this.clock = clock;
        this.key = key;
        this.clockTolerance = clockTolerance;
    }

    /** Serves one stream of a session that we have accepted; ends it unless it has been joined to the destination's. */
    void serve(ServerSession from, YamuxStream stream) {
        guard(from, stream, () -> {
            SignedObject object = from.objects().read(stream, clock.in(REQUEST_LIMIT));
            Optional<PeerAnnounce> announce = PeerAnnounce.read(object);
            if (announce.isPresent()) {
                answer(from, stream, announce.get(), object);
            } else {
                answer(from, stream, object);
            }
        });
    }

    /** The same for a request that came over a link that we have dialled. */
    void serve(Onward from, YamuxStream stream, SignedObject object) {
        guard(from, stream, () -> answer(from, stream, object));
    }

    private interface Part {
        void run() throws IOException;
    }

    private void guard(Onward from, YamuxStream stream, Part part) {
        try {
            part.run();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> "request of " + from.remote() + ": " + Failure.text(e));
            server.counts().requests.count(DmsgError.OBJECT_INVALID);
            stream.close();
        }
    }

    private void answer(ServerSession from, YamuxStream stream, PeerAnnounce announce, SignedObject object)
            throws IOException {
        if (!peers.accept(from, announce, object)) {
            refuse(from, stream, object, DmsgError.RESPONSE_NOT_ACCEPTED);
            return;
        }
        SignedObject yes = StreamResponse.accept(object.hash(), new byte[0]).sign(key);
        from.objects().write(stream, yes, clock.in(REQUEST_LIMIT));
        stream.close();
    }

    private void answer(Onward from, YamuxStream stream, SignedObject object) throws IOException {
        StreamRequest request = StreamRequest.read(object);
        DmsgError refusal = server.isRefusing() ? DmsgError.ENTITY_CLOSED : check(from, request, object);
        if (refusal == null && request.destination().key().equals(key.publicKey())) {
            refusal = tellAddress(from, stream, request, object);
        } else if (refusal == null) {
            refusal = connect(from, stream, request, object);
        }
        if (refusal != null) {
            refuse(from, stream, object, refusal);
        }
    }

    /** What is wrong with a request, or null. */
    private DmsgError check(Onward from, StreamRequest request, SignedObject object) {
        boolean foreign = isForeign(from, request);
        if (foreign && (request.ipInfo() || !peers.mayForward(from))) {
            return DmsgError.REQUEST_SOURCE_KEY;
        }
        if (!clockTolerance.isZero()) {
            long off = Math.abs(clock.unixNanos() - request.timestamp());
            if (request.timestamp() > 0 && off > clockTolerance.toNanos()) {
                return DmsgError.REQUEST_TIMESTAMP;
            }
        }
        return request.fault(object).orElse(null);
    }

    /** Whether somebody else has signed it than who is at the other end: another server's client. */
    private static boolean isForeign(Onward from, StreamRequest request) {
        return !request.source().key().equals(from.key());
    }

    /** Answers the question for the client's own address (dmsg §7, IP lookup). */
    private DmsgError tellAddress(Onward from, YamuxStream stream, StreamRequest request, SignedObject object)
            throws IOException {
        byte[] address = Addresses.bytes(from.remote());
        if (!request.ipInfo() || address.length == 0) {
            return DmsgError.NO_NEXT_SESSION;
        }
        SignedObject answer = StreamResponse.ip(object.hash(), address).sign(key);
        from.objects().write(stream, answer, clock.in(REQUEST_LIMIT));
        stream.close();
        return null;
    }

    /** To a session of the destination here; else by another server, unless another server asks: one hop at most. */
    private DmsgError connect(Onward from, YamuxStream stream, StreamRequest request, SignedObject object)
            throws IOException {
        ServerSession to = server.session(request.destination().key()).orElse(null);
        boolean foreign = isForeign(from, request);
        if (to == null && (foreign || from.key().equals(key.publicKey()))) {
            return DmsgError.NO_NEXT_SESSION; // our own client asks the other servers itself
        }
        if ((to == null || foreign) && server.forwardedNow() >= MOST_FORWARDED) {
            return DmsgError.ACCEPT_QUEUE_FULL;
        }
        return to == null
                ? connectElsewhere(from, stream, request, object)
                : connectHere(from, stream, to, object, foreign);
    }

    private DmsgError connectHere(
            Onward from, YamuxStream stream, ServerSession to, SignedObject object, boolean foreign)
            throws IOException {
        YamuxStream onward;
        try {
            onward = to.open(clock.in(REQUEST_LIMIT));
        } catch (Failure e) {
            return e.kind() == Failure.Kind.LIMIT ? DmsgError.ACCEPT_QUEUE_FULL : DmsgError.NO_NEXT_SESSION;
        }
        Answer answer;
        try {
            answer = ask(to, onward, object, to.key(), clock.in(ANSWER_LIMIT));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> "no answer of " + to.key() + ": " + Failure.text(e));
            server.counts().requests.count(DmsgError.RESPONSE_NOT_ACCEPTED);
            stream.close(); // no word of ours: the dialler takes the end of the stream as it takes it of old servers
            return null;
        }
        pass(from, stream, answer, foreign);
        return null;
    }

    /** The first peer with a valid answer of the destination wins; one after another, as each answers at once or has it. */
    private DmsgError connectElsewhere(Onward from, YamuxStream stream, StreamRequest request, SignedObject object)
            throws IOException {
        PublicKey destination = request.destination().key();
        List<PeerLink> candidates = peers.towards(destination, from.key());
        for (PeerLink peer : candidates) {
            Answer answer;
            try {
                // Nobody waits behind the last one, and old destinations take their time.
                Deadline limit = clock.in(peer == candidates.getLast() ? REQUEST_LIMIT : PEER_LIMIT);
                answer = ask(peer.onward(), peer.onward().open(limit), object, destination, limit);
            } catch (IOException e) {
                if (Failure.kindOf(e) == Failure.Kind.CANCELLED) {
                    throw e;
                }
                if (Failure.kindOf(e) == Failure.Kind.TIMEOUT) {
                    peer.wasSlow();
                }
                continue;
            }
            peers.memory().found(destination, peer.key());
            peer.countForwarded();
            server.counts().streamsForwarded.incrementAndGet();
            pass(from, stream, answer, true);
            return null;
        }
        peers.memory().nobodyHas(destination);
        return DmsgError.NO_NEXT_SESSION;
    }

    /** Passes the request on; the answer is the destination's, or this fails and the stream is ended. */
    private Answer ask(Onward to, YamuxStream onward, SignedObject request, PublicKey destination, Deadline deadline)
            throws IOException {
        try {
            to.objects().write(onward, request, clock.in(REQUEST_LIMIT));
            SignedObject object = to.objects().read(onward, deadline);
            StreamResponse response = StreamResponse.read(object);
            response.verify(object, request.hash(), destination);
            return new Answer(onward, object, response);
        } catch (IOException | RuntimeException e) {
            onward.close();
            throw e;
        }
    }

    /** Gives the destination's answer back, and joins the streams if it is a yes. */
    private void pass(Onward from, YamuxStream stream, Answer answer, boolean forwarded) throws IOException {
        boolean joined = false;
        try {
            from.objects().write(stream, answer.object(), clock.in(REQUEST_LIMIT));
            if (answer.response().accepted()) {
                joined = true;
                server.join(stream, answer.stream(), forwarded);
            } else {
                server.counts().requests.count(answer.response().refusal());
                stream.close();
            }
        } finally {
            if (!joined) {
                answer.stream().close();
            }
        }
    }

    private void refuse(Onward from, YamuxStream stream, SignedObject object, DmsgError why) throws IOException {
        server.counts().requests.count(why);
        SignedObject answer = StreamResponse.refuse(object.hash(), why).sign(key);
        from.objects().write(stream, answer, clock.in(REQUEST_LIMIT));
        stream.close();
    }
}
