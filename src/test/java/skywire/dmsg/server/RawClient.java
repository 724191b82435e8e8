package skywire.dmsg.server;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import skywire.dmsg.DmsgAddress;
import skywire.dmsg.SessionObjects;
import skywire.dmsg.SignedObject;
import skywire.dmsg.StreamRequest;
import skywire.dmsg.StreamResponse;
import skywire.key.SecretKey;
import skywire.link.HandshakeFrames;
import skywire.link.SecureLink;
import skywire.noise.Handshake;
import skywire.noise.Pattern;
import skywire.platform.Deadline;
import skywire.platform.Link;
import skywire.platform.Platform;
import skywire.testkit.Await;
import skywire.yamux.Side;
import skywire.yamux.YamuxConfig;
import skywire.yamux.YamuxSession;
import skywire.yamux.YamuxStream;

/** A client that does each step of the protocol when told to, rightly or wrongly. */
final class RawClient implements Closeable {
    static final Platform PLATFORM = Platform.system();

    final SecretKey key;
    final YamuxSession mux;
    final SessionObjects objects;

    private RawClient(SecretKey key, YamuxSession mux, SessionObjects objects) {
        this.key = key;
        this.mux = mux;
        this.objects = objects;
    }

    static Deadline soon() {
        return PLATFORM.clock().in(Duration.ofSeconds(10));
    }

    static SecretKey key(String seed) {
        return SecretKey.fromSeed(seed.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /** A client that the server knows of, or has turned away. */
    static RawClient connect(DmsgServer server, SecretKey key) throws Exception {
        Link link = PLATFORM.network().dial(server.address(), soon());
        try {
            Handshake handshake = Handshake.initiator(Pattern.XK, key, server.key(), PLATFORM.random());
            HandshakeFrames.initiate(link, handshake, soon());
            var objects = new SessionObjects(handshake.sender(), handshake.receiver());
            String name = "client/" + key.publicKey().brief();
            String address = link.local(); // gone once it is closed
            var client = new RawClient(
                    key, YamuxSession.open(PLATFORM, name, link, Side.CLIENT, YamuxConfig.CLIENT), objects);
            // The handshake ends with our message: the server takes us in some time after that.
            Await.until("the server takes in " + name, () -> client.mux.isClosed() || client.isKnown(server, address));
            return client;
        } catch (IOException e) {
            link.close();
            throw e;
        }
    }

    private boolean isKnown(DmsgServer server, String address) {
        return server.session(key.publicKey())
                .filter(session -> session.remote().equals(address))
                .isPresent();
    }

    StreamRequest request(SecretKey to, byte[] noise) {
        return StreamRequest.dial(
                PLATFORM.clock().unixNanos(),
                new DmsgAddress(key.publicKey(), 50_000),
                new DmsgAddress(to.publicKey(), 100),
                noise);
    }

    /** The server's or destination's answer to a request that is sent as it is. */
    StreamResponse ask(SignedObject request) throws IOException {
        YamuxStream stream = mux.open(soon());
        objects.write(stream, request, soon());
        return StreamResponse.read(objects.read(stream, soon()));
    }

    /** A stream to another client, as a good client makes it. */
    SecureLink dial(SecretKey to) throws IOException {
        YamuxStream stream = mux.open(soon());
        Handshake handshake = Handshake.initiator(Pattern.KK, key, to.publicKey(), PLATFORM.random());
        SignedObject request = request(to, handshake.write(new byte[0])).sign(key);
        objects.write(stream, request, soon());
        SignedObject object = objects.read(stream, soon());
        StreamResponse response = StreamResponse.read(object);
        response.verify(object, request.hash(), to.publicKey());
        if (!response.accepted()) {
            throw response.refusal().failure();
        }
        handshake.read(response.noiseMessage());
        return SecureLink.over(stream, handshake.sender(), handshake.receiver());
    }

    /** Takes the next stream, as a good client does. */
    SecureLink accept() throws IOException {
        YamuxStream stream = mux.accept();
        SignedObject object = objects.read(stream, soon());
        StreamRequest request = StreamRequest.read(object);
        request.verify(object);
        Handshake handshake =
                Handshake.responder(Pattern.KK, key, request.source().key(), PLATFORM.random());
        handshake.read(request.noiseMessage());
        SignedObject answer = StreamResponse.accept(object.hash(), handshake.write(new byte[0]))
                .sign(key);
        objects.write(stream, answer, soon());
        return SecureLink.over(stream, handshake.sender(), handshake.receiver());
    }

    /** Answers the next stream with a refusal, and ends it. */
    void refuse(skywire.dmsg.DmsgError why) throws IOException {
        YamuxStream stream = mux.accept();
        SignedObject object = objects.read(stream, soon());
        objects.write(stream, StreamResponse.refuse(object.hash(), why).sign(key), soon());
        stream.close();
    }

    @Override
    public void close() {
        mux.close();
    }
}
