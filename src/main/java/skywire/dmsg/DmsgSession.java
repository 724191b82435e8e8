package skywire.dmsg;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.limit.LogLimit;
import skywire.link.HandshakeFrames;
import skywire.link.SecureLink;
import skywire.noise.Handshake;
import skywire.noise.Pattern;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Platform;
import skywire.platform.Scope;
import skywire.yamux.Side;
import skywire.yamux.YamuxConfig;
import skywire.yamux.YamuxSession;
import skywire.yamux.YamuxStream;

/**
 * A client's connection to one dmsg server: TCP, a Noise XK handshake, then a multiplexer in clear whose streams begin
 * with a signed request and response under the session's keys (spec dmsg §2 and §5). Thread-safe.
 *
 * <p>Incoming streams are answered each on a thread of its own, so a slow one holds up nobody.
 */
public final class DmsgSession implements Closeable {
    /** Limit of connecting to a server. */
    static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

    /** Limit of a handshake: of the session, or of an incoming stream from its first byte on. */
    static final Duration HANDSHAKE_LIMIT = Duration.ofSeconds(5);

    /** Incoming streams whose handshake is under way; more are refused. */
    static final int PENDING_REQUESTS = 256;

    private static final System.Logger LOG = System.getLogger(DmsgSession.class.getName());

    private final Platform platform;
    private final SecretKey own;
    private final PublicKey server;
    private final HostPort address;
    private final PortTable<Object> ports;
    private final RequestMemory memory;
    private final Transit transit;
    private final SessionObjects objects;
    private final YamuxSession mux;
    private final Scope scope;
    private final AtomicInteger pending = new AtomicInteger();
    private final LogLimit refusals;
    private volatile Duration roundTrip; // null until measured

    private DmsgSession(
            Platform platform,
            SecretKey own,
            PublicKey server,
            HostPort address,
            PortTable<Object> ports,
            RequestMemory memory,
            Transit transit,
            SessionObjects objects,
            YamuxSession mux) {
        this.platform = platform;
        this.own = own;
        this.server = server;
        this.address = address;
        this.ports = ports;
        this.memory = memory;
        this.transit = transit;
        this.objects = objects;
        this.mux = mux;
        this.scope = new Scope(platform, name(own, server));
        this.refusals = new LogLimit(platform.clock(), LOG);
    }

    private static String name(SecretKey own, PublicKey server) {
        return "dmsg/" + own.publicKey().brief() + "/" + server.brief();
    }

    /**
     * Connects to a server and makes the handshake; nothing is left behind on failure.
     *
     * @throws Failure of kind {@code UNTRUSTED} if the server does not hold that key
     */
    static DmsgSession open(
            Platform platform,
            SecretKey own,
            PublicKey server,
            HostPort address,
            PortTable<Object> ports,
            RequestMemory memory,
            Transit transit,
            Deadline deadline)
            throws IOException {
        Link link = platform.network().dial(address, deadline.orEarlier(platform.clock(), CONNECT_LIMIT));
        try {
            Handshake handshake = Handshake.initiator(Pattern.XK, own, server, platform.random());
            HandshakeFrames.initiate(link, handshake, deadline.orEarlier(platform.clock(), HANDSHAKE_LIMIT));
            var objects = new SessionObjects(handshake.sender(), handshake.receiver());
            YamuxSession mux = YamuxSession.open(platform, name(own, server), link, Side.CLIENT, YamuxConfig.CLIENT);
            var session = new DmsgSession(platform, own, server, address, ports, memory, transit, objects, mux);
            mux.onEnd(session::muxEnded);
            session.scope.own(mux);
            session.scope.fork("accept", session::acceptStreams);
            return session;
        } catch (IOException e) {
            link.close();
            throw Failure.wrap("session with server " + server.brief() + " at " + address, e);
        }
    }

    private void muxEnded() {
        ports.freeAll(this);
        scope.end(mux.ended());
    }

    /** The key of the server. */
    public PublicKey serverKey() {
        return server;
    }

    /** Where it was reached. */
    public HostPort address() {
        return address;
    }

    /** Whether it has ended. */
    public boolean isClosed() {
        return mux.isClosed();
    }

    /** Why it has ended; only meaningful then. */
    public Failure ended() {
        return mux.ended();
    }

    /** Runs once when the session ends, at once if it has; must not wait. */
    void onEnd(Runnable action) {
        mux.onEnd(action);
    }

    /** Number of streams in both directions. */
    public int streamCount() {
        return mux.streamCount();
    }

    /** Asks the server for a sign of life; the time it takes is kept for {@link #roundTrip}. */
    public Duration ping(Deadline deadline) throws IOException {
        roundTrip = mux.ping(deadline);
        return roundTrip;
    }

    /** The time of the last ping, if there was one yet. */
    public Optional<Duration> roundTrip() {
        return Optional.ofNullable(roundTrip);
    }

    void freePort(int port) {
        ports.free(port, this);
    }

    // ---- dialling ----

    /**
     * Opens a stream through this server. All of the request is ready before the stream is opened: old peers do not
     * forgive streams that stay empty.
     *
     * @throws Failure the destination's refusal; {@code CLOSED_THERE} if the server ends the stream without an answer;
     *     {@code TIMEOUT} if nobody answers; {@code UNTRUSTED} if the answer does not come from the destination
     */
    DmsgStream dial(DmsgAddress to, Deadline deadline) throws IOException {
        int port = ports.takeEphemeral(this);
        try {
            return dialFrom(new DmsgAddress(own.publicKey(), port), to, deadline);
        } catch (IOException | RuntimeException e) {
            freePort(port);
            throw e;
        }
    }

    private DmsgStream dialFrom(DmsgAddress from, DmsgAddress to, Deadline deadline) throws IOException {
        Handshake handshake = Handshake.initiator(Pattern.KK, own, to.key(), platform.random());
        byte[] message = handshake.write(new byte[0]);
        SignedObject request = StreamRequest.dial(platform.clock().unixNanos(), from, to, message)
                .sign(own);
        YamuxStream stream = mux.open(deadline);
        try {
            objects.write(stream, request, deadline);
            SignedObject object = readAnswer(stream, deadline);
            StreamResponse response = StreamResponse.read(object);
            if (!response.accepted() && object.verifies(server)) {
                throw response.refusal().failure(); // by the server itself, which old ones never do
            }
            response.verify(object, request.hash(), to.key());
            if (!response.accepted()) {
                throw new Refusal(response.refusal());
            }
            handshake.read(response.noiseMessage());
            return secured(stream, handshake, from, to, true);
        } catch (IOException | RuntimeException e) {
            stream.close();
            throw e;
        }
    }

    private SignedObject readAnswer(Link stream, Deadline deadline) throws IOException {
        try {
            return objects.read(stream, deadline);
        } catch (EOFException e) {
            throw new Failure(Failure.Kind.CLOSED_THERE, "stream closed without an answer", e);
        }
    }

    private DmsgStream secured(
            Link stream, Handshake handshake, DmsgAddress local, DmsgAddress remote, boolean dialled) {
        SecureLink secure = SecureLink.over(stream, handshake.sender(), handshake.receiver());
        return new DmsgStream(this, stream, secure, local, remote, dialled);
    }

    // ---- for a server that forwards ----

    /** A new stream to the server, on which nothing has been said; the caller owns it. */
    public YamuxStream open(Deadline deadline) throws IOException {
        return mux.open(deadline);
    }

    /** Sends and receives objects on its streams. */
    public SessionObjects objects() {
        return objects;
    }

    // ---- answering ----

    private void acceptStreams() throws IOException {
        while (true) {
            YamuxStream stream = mux.accept();
            if (pending.incrementAndGet() > PENDING_REQUESTS) {
                pending.decrementAndGet();
                stream.reset("too many handshakes under way");
                continue;
            }
            scope.forkChild("request", () -> {
                try {
                    answer(stream);
                } finally {
                    pending.decrementAndGet();
                }
            });
        }
    }

    /** Reads the request of one incoming stream; whatever is wrong with it ends this stream only. */
    private void answer(YamuxStream stream) {
        try {
            Deadline deadline = platform.clock().in(HANDSHAKE_LIMIT);
            SignedObject object = objects.read(stream, deadline);
            try {
                answer(stream, object, deadline);
            } catch (Refusal refusal) {
                SignedObject no =
                        StreamResponse.refuse(object.hash(), refusal.error()).sign(own);
                objects.write(stream, no, deadline);
                throw refusal;
            }
        } catch (IOException e) {
            refusals.log(System.Logger.Level.DEBUG, scope.name() + ": incoming stream dropped: " + Failure.text(e));
            stream.close();
        } catch (RuntimeException e) {
            stream.close();
            throw e;
        }
    }

    private void answer(YamuxStream stream, SignedObject object, Deadline deadline) throws IOException {
        StreamRequest request = StreamRequest.read(object);
        boolean ours = request.destination().key().equals(own.publicKey());
        if (!ours && transit.forward(this, stream, object)) {
            return;
        }
        request.verify(object);
        if (!ours) {
            throw DmsgError.REQUEST_DESTINATION_KEY.failure();
        }
        byte[] hash = object.hash();
        memory.take(request, hash);
        Handshake handshake =
                Handshake.responder(Pattern.KK, own, request.source().key(), platform.random());
        handshake.read(request.noiseMessage());
        DmsgListener listener = listener(request.destination().port());
        byte[] message = handshake.write(new byte[0]);
        objects.write(stream, StreamResponse.accept(hash, message).sign(own), deadline);
        listener.offer(secured(stream, handshake, request.destination(), request.source(), false));
    }

    private DmsgListener listener(int port) throws Refusal {
        if (!(ports.owner(port).orElse(null) instanceof DmsgListener listener)) {
            throw new Refusal(DmsgError.NO_LISTENER);
        }
        if (!listener.hasRoom()) {
            throw new Refusal(DmsgError.ACCEPT_QUEUE_FULL);
        }
        return listener;
    }

    /** Ends the session and its streams at once. Idempotent. */
    @Override
    public void close() {
        mux.close();
        scope.close();
    }

    @Override
    public String toString() {
        return "session with server " + server.brief() + " at " + address;
    }
}
