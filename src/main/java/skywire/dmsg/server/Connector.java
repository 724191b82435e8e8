package skywire.dmsg.server;

import java.io.IOException;
import java.time.Duration;
import skywire.dmsg.DmsgError;
import skywire.dmsg.SignedObject;
import skywire.dmsg.StreamRequest;
import skywire.dmsg.StreamResponse;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.Clock;
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

    private final DmsgServer server;
    private final Clock clock;
    private final SecretKey key;
    private final Duration clockTolerance;

    Connector(DmsgServer server, Clock clock, SecretKey key, Duration clockTolerance) {
        this.server = server;
        this.clock = clock;
        this.key = key;
        this.clockTolerance = clockTolerance;
    }

    /** Serves one stream; ends it unless it has been joined to the destination's. */
    void serve(ServerSession from, YamuxStream stream) {
        try {
            SignedObject object = from.objects().read(stream, clock.in(REQUEST_LIMIT));
            answer(from, stream, object);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> "no request on " + stream.remote() + ": " + Failure.text(e));
            server.counts().requests.count(DmsgError.OBJECT_INVALID);
            stream.close();
        }
    }

    private void answer(ServerSession from, YamuxStream stream, SignedObject object) throws IOException {
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
    private DmsgError check(ServerSession from, StreamRequest request, SignedObject object) {
        if (!request.source().key().equals(from.key())) {
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

    /** Answers the question for the client's own address (dmsg §7, IP lookup). */
    private DmsgError tellAddress(ServerSession from, YamuxStream stream, StreamRequest request, SignedObject object)
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

    private DmsgError connect(ServerSession from, YamuxStream stream, StreamRequest request, SignedObject object)
            throws IOException {
        PublicKey destination = request.destination().key();
        ServerSession to = server.session(destination).orElse(null);
        if (to == null) {
            return DmsgError.NO_NEXT_SESSION;
        }
        YamuxStream onward;
        try {
            onward = to.mux().open(clock.in(REQUEST_LIMIT));
        } catch (Failure e) {
            return e.kind() == Failure.Kind.LIMIT ? DmsgError.ACCEPT_QUEUE_FULL : DmsgError.NO_NEXT_SESSION;
        }
        boolean joined = false;
        try {
            to.objects().write(onward, object, clock.in(REQUEST_LIMIT));
            SignedObject answer = to.objects().read(onward, clock.in(ANSWER_LIMIT));
            StreamResponse response = StreamResponse.read(answer);
            response.verify(answer, object.hash(), destination);
            from.objects().write(stream, answer, clock.in(REQUEST_LIMIT));
            if (response.accepted()) {
                joined = true;
                server.join(stream, onward);
            } else {
                server.counts().requests.count(response.refusal());
                stream.close();
            }
            return null;
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> "no answer of " + destination + ": " + Failure.text(e));
            server.counts().requests.count(DmsgError.RESPONSE_NOT_ACCEPTED);
            stream.close();
            return null;
        } finally {
            if (!joined) {
                onward.close();
            }
        }
    }

    private void refuse(ServerSession from, YamuxStream stream, SignedObject object, DmsgError why) throws IOException {
        server.counts().requests.count(why);
        SignedObject answer = StreamResponse.refuse(object.hash(), why).sign(key);
        from.objects().write(stream, answer, clock.in(REQUEST_LIMIT));
        stream.close();
    }
}
