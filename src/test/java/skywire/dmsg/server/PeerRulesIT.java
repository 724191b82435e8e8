package skywire.dmsg.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import skywire.directory.FixedDirectory;
import skywire.dmsg.DmsgError;
import skywire.dmsg.PeerAnnounce;
import skywire.dmsg.SignedObject;
import skywire.dmsg.StreamRequest;
import skywire.dmsg.StreamResponse;
import skywire.dmsg.server.MeshConfig.Accept;
import skywire.key.SecretKey;
import skywire.link.SecureLink;
import skywire.platform.HostPort;
import skywire.testkit.Await;
import skywire.yamux.YamuxStream;

/** What other servers may do here, and what somebody may not who only says that he is one (dmsg §8; threats). */
@Timeout(30)
@SuppressWarnings({"resource", "try"}) // streams end with their sessions
class PeerRulesIT {
    private static final SecretKey SERVER = RawClient.key("server");
    private static final SecretKey PEER = RawClient.key("peer");
    private static final SecretKey OTHER = RawClient.key("other");
    private static final SecretKey ALICE = RawClient.key("alice");
    private static final SecretKey BOB = RawClient.key("bob");
    private static final byte[] NOISE = new byte[49];

    private DmsgServer server;

    private void start(Accept whom) throws IOException {
        var mesh = new MeshConfig(Map.of(), false, whom, Set.of(PEER.publicKey()));
        var config =
                DmsgServerConfig.of(SERVER, new HostPort("127.0.0.1", 0), "").withMesh(mesh);
        server = DmsgServer.start(RawClient.PLATFORM, config, new FixedDirectory());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static long now() {
        return RawClient.PLATFORM.clock().unixNanos();
    }

    private static SignedObject announce(SecretKey key) {
        return new PeerAnnounce(now(), key.publicKey()).sign(key);
    }

    private static boolean accepted(RawClient client, SignedObject announce) throws IOException {
        StreamResponse answer = client.ask(announce);
        assertArrayEquals(announce.hash(), answer.requestHash());
        return answer.accepted();
    }

    @Test
    void takesAnAnnouncementOfAListedKey() throws Exception {
        start(Accept.LISTED);
        try (var peer = RawClient.connect(server, PEER);
                var other = RawClient.connect(server, OTHER)) {
            assertTrue(accepted(peer, announce(PEER)));
            assertFalse(accepted(other, announce(OTHER)), "it is not on the list");
            assertEquals(1, server.peers().size());
            assertEquals(PeerState.ACCEPTED, server.peers().getFirst().state());
        }
        Await.until("it is forgotten", () -> server.peers().isEmpty());
    }

    @Test
    void takesNobodysUnlessTold() throws Exception {
        start(Accept.NOBODY);
        try (var peer = RawClient.connect(server, PEER)) {
            assertFalse(accepted(peer, announce(PEER)));
        }
    }

    @Test
    void takesEverybodysIfTold() throws Exception {
        start(Accept.ANYBODY);
        try (var other = RawClient.connect(server, OTHER)) {
            assertTrue(accepted(other, announce(OTHER)));
        }
    }

    /** Replayed, of another time, of another key, with another signature: none makes anybody a peer. */
    @Test
    void refusesWhatIsNotGenuine() throws Exception {
        start(Accept.ANYBODY);
        try (var other = RawClient.connect(server, OTHER);
                var peer = RawClient.connect(server, PEER)) {
            SignedObject good = announce(PEER);
            assertFalse(accepted(other, good), "it is bound to the key of the session");
            assertTrue(accepted(peer, good));
            assertFalse(accepted(peer, good), "only once");
            long early = now() - Duration.ofMinutes(3).toNanos();
            assertFalse(accepted(peer, new PeerAnnounce(early, PEER.publicKey()).sign(PEER)));
            long late = now() + Duration.ofMinutes(3).toNanos();
            assertFalse(accepted(peer, new PeerAnnounce(late, PEER.publicKey()).sign(PEER)));
            assertFalse(accepted(other, new PeerAnnounce(now(), OTHER.publicKey()).sign(PEER)));
            assertTrue(accepted(other, announce(OTHER)));
            try (var again = RawClient.connect(server, PEER)) {
                assertFalse(accepted(again, good), "also not on another session");
                assertTrue(accepted(again, announce(PEER)));
            }
        }
    }

    @Test
    void onlyPeersPassOnWhatOthersHaveSigned() throws Exception {
        start(Accept.LISTED);
        try (var peer = RawClient.connect(server, PEER);
                var alice = RawClient.connect(server, ALICE);
                var bob = RawClient.connect(server, BOB)) {
            StreamRequest request = alice.request(BOB, NOISE);
            assertEquals(
                    DmsgError.REQUEST_SOURCE_KEY, peer.ask(request.sign(ALICE)).refusal());
            assertTrue(accepted(peer, announce(PEER)));
            FutureTask<Void> refusing = new FutureTask<>(() -> {
                bob.refuse(DmsgError.NO_LISTENER);
                return null;
            });
            RawClient.PLATFORM.start("test/bob", refusing);
            StreamRequest again = alice.request(BOB, NOISE);
            assertEquals(DmsgError.NO_LISTENER, peer.ask(again.sign(ALICE)).refusal(), "it came to the destination");
            refusing.get();
        }
    }

    /** One hop at most: what a peer asks for somebody else goes no further than to our own clients. */
    @Test
    void passesNothingOnFromOnePeerToAnother() throws Exception {
        start(Accept.ANYBODY);
        try (var peer = RawClient.connect(server, PEER);
                var other = RawClient.connect(server, OTHER)) {
            assertTrue(accepted(peer, announce(PEER)));
            assertTrue(accepted(other, announce(OTHER)));
            SignedObject foreign = StreamRequest.dial(
                            now(),
                            new skywire.dmsg.DmsgAddress(ALICE.publicKey(), 50_000),
                            new skywire.dmsg.DmsgAddress(BOB.publicKey(), 100),
                            NOISE)
                    .sign(ALICE);
            int before = other.mux.streamCount();
            assertEquals(DmsgError.NO_NEXT_SESSION, peer.ask(foreign).refusal());
            other.mux.ping(RawClient.soon());
            assertEquals(before, other.mux.streamCount(), "the other peer was not asked");
        }
    }

    /** A client of ours to a client of the peer: the request as it was signed, on the link that the peer has dialled. */
    @Test
    void passesARequestOnToAPeer() throws Exception {
        start(Accept.LISTED);
        try (var peer = RawClient.connect(server, PEER);
                var alice = RawClient.connect(server, ALICE)) {
            assertTrue(accepted(peer, announce(PEER)));
            FutureTask<SecureLink> bob = new FutureTask<>(() -> answerAs(peer, BOB));
            RawClient.PLATFORM.start("test/bob", bob);
            SecureLink there = alice.dial(BOB);
            SecureLink here = bob.get();
            there.write(new byte[] {7, 8, 9}, RawClient.soon());
            byte[] got = new byte[3];
            here.readFully(got, 0, 3, RawClient.soon());
            assertArrayEquals(new byte[] {7, 8, 9}, got);
            assertEquals(1, server.peers().getFirst().forwarded());
        }
    }

    /** The peer's server hands the stream to its client; here one program is both. */
    private static SecureLink answerAs(RawClient peer, SecretKey client) throws IOException {
        YamuxStream stream = peer.mux.accept();
        SignedObject object = peer.objects.read(stream, RawClient.soon());
        StreamRequest request = StreamRequest.read(object);
        request.verify(object);
        assertEquals(client.publicKey(), request.destination().key());
        var handshake = skywire.noise.Handshake.responder(
                skywire.noise.Pattern.KK, client, request.source().key(), RawClient.PLATFORM.random());
        handshake.read(request.noiseMessage());
        SignedObject answer = StreamResponse.accept(object.hash(), handshake.write(new byte[0]))
                .sign(client);
        peer.objects.write(stream, answer, RawClient.soon());
        return SecureLink.over(stream, handshake.sender(), handshake.receiver());
    }

    /** A peer that lies, answering in the destination's place, changes nothing but that it was of no use. */
    @Test
    void aPeerCannotAnswerForTheDestination() throws Exception {
        start(Accept.LISTED);
        try (var peer = RawClient.connect(server, PEER);
                var alice = RawClient.connect(server, ALICE)) {
            assertTrue(accepted(peer, announce(PEER)));
            FutureTask<Void> liar = new FutureTask<>(() -> {
                YamuxStream stream = peer.mux.accept();
                SignedObject object = peer.objects.read(stream, RawClient.soon());
                peer.objects.write(
                        stream,
                        StreamResponse.accept(object.hash(), new byte[49]).sign(PEER),
                        RawClient.soon());
                return null;
            });
            RawClient.PLATFORM.start("test/liar", liar);
            StreamRequest request = alice.request(BOB, NOISE);
            assertEquals(
                    DmsgError.NO_NEXT_SESSION, alice.ask(request.sign(ALICE)).refusal());
            liar.get();
            int before = peer.mux.streamCount();
            assertEquals(
                    DmsgError.NO_NEXT_SESSION,
                    alice.ask(alice.request(BOB, NOISE).sign(ALICE)).refusal(),
                    "known for a moment, without asking");
            peer.mux.ping(RawClient.soon());
            assertEquals(before, peer.mux.streamCount());
        }
    }

    @Test
    void aRequestIsNoAnnouncementAndTheOtherWayRound() throws Exception {
        start(Accept.ANYBODY);
        try (var alice = RawClient.connect(server, ALICE)) {
            SignedObject request = alice.request(BOB, NOISE).sign(ALICE);
            assertTrue(PeerAnnounce.read(request).isEmpty());
            assertEquals(
                    ALICE.publicKey(),
                    PeerAnnounce.read(announce(ALICE)).orElseThrow().key());
            assertTrue(StreamRequest.read(announce(ALICE)).source().key().isNull());
        }
    }
}
