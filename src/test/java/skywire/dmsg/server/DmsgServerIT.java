package skywire.dmsg.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import skywire.directory.FixedDirectory;
import skywire.dmsg.DmsgAddress;
import skywire.dmsg.DmsgError;
import skywire.dmsg.StreamRequest;
import skywire.dmsg.StreamResponse;
import skywire.entry.DmsgEntry;
import skywire.key.SecretKey;
import skywire.link.SecureLink;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.testkit.Await;
import skywire.yamux.YamuxSession;
import skywire.yamux.YamuxStream;

@Timeout(30)
@SuppressWarnings({"resource", "try"}) // streams end with their sessions
class DmsgServerIT {
    private static final SecretKey SERVER = RawClient.key("server");
    private static final SecretKey ALICE = RawClient.key("alice");
    private static final SecretKey BOB = RawClient.key("bob");
    private static final byte[] HELLO = {1, 2, 3, 4, 5};

    private final FixedDirectory directory = new FixedDirectory();
    private DmsgServer server;

    @BeforeEach
    void start() throws IOException {
        server = start(config());
    }

    private static DmsgServerConfig config() {
        return DmsgServerConfig.of(SERVER, new HostPort("127.0.0.1", 0), "");
    }

    private DmsgServer start(DmsgServerConfig config) throws IOException {
        return DmsgServer.start(RawClient.PLATFORM, config, directory);
    }

    @AfterEach
    void stop() {
        server.close();
        assertEquals(0, server.health().sessions());
    }

    private static byte[] read(Link link, int n) throws IOException {
        var b = new byte[n];
        link.readFully(b, 0, n, RawClient.soon());
        return b;
    }

    private static <T> FutureTask<T> fork(java.util.concurrent.Callable<T> body) {
        var task = new FutureTask<>(body);
        RawClient.PLATFORM.start("test/fork", task);
        return task;
    }

    private static void awaitEnd(YamuxSession session) throws InterruptedException {
        var over = new CountDownLatch(1);
        session.onEnd(over::countDown);
        over.await();
    }

    @Test
    void relaysAStreamBothWays() throws Exception {
        try (var alice = RawClient.connect(server, ALICE);
                var bob = RawClient.connect(server, BOB)) {
            FutureTask<SecureLink> accepted = fork(bob::accept);
            SecureLink there = alice.dial(BOB);
            SecureLink here = accepted.get();
            var sent = new byte[1_000_000];
            new Random(3).nextBytes(sent);
            FutureTask<Object> writer = fork(() -> {
                there.write(sent, RawClient.soon());
                return sent;
            });
            assertArrayEquals(sent, read(here, sent.length));
            writer.get();
            here.write(HELLO, RawClient.soon());
            assertArrayEquals(HELLO, read(there, 5));
            assertEquals(1, server.health().streams());
            here.close();
            assertEquals(-1, there.read(new byte[1], 0, 1, RawClient.soon()));
            alice.mux.ping(RawClient.soon());
            bob.mux.ping(RawClient.soon());
            assertEquals(0, server.health().streams());
            assertEquals(1, server.health().streamsOpened());
        }
    }

    @Test
    void refusesAtOnceWithTheCode() throws Exception {
        try (var alice = RawClient.connect(server, ALICE);
                var bob = RawClient.connect(server, BOB)) {
            StreamRequest good = alice.request(BOB, new byte[49]);
            assertRefused(DmsgError.NO_NEXT_SESSION, alice, alice.request(RawClient.key("nobody"), new byte[49]));
            assertRefused(DmsgError.REQUEST_SOURCE_KEY, alice, bob.request(ALICE, new byte[49]));
            assertRefused(
                    DmsgError.REQUEST_SOURCE_PORT,
                    alice,
                    StreamRequest.dial(
                            good.timestamp(),
                            new DmsgAddress(ALICE.publicKey(), 0),
                            good.destination(),
                            good.noiseMessage()));
            StreamResponse forged = alice.ask(good.sign(BOB));
            assertEquals(DmsgError.REQUEST_SIGNATURE, forged.refusal());
            bob.mux.ping(RawClient.soon());
            assertEquals(0, bob.mux.streamCount(), "nothing may reach the destination");
            assertEquals(4, server.health().requestsRefused().size(), "each for its own reason");
        }
    }

    /** A request by a clock that is ten minutes late. */
    private static StreamRequest late(RawClient client) {
        StreamRequest good = client.request(BOB, new byte[49]);
        return StreamRequest.dial(
                good.timestamp() - 600_000_000_000L, good.source(), good.destination(), good.noiseMessage());
    }

    @Test
    void doesNotCompareClocks() throws Exception {
        try (var alice = RawClient.connect(server, ALICE);
                var bob = RawClient.connect(server, BOB)) {
            FutureTask<Object> refused = fork(() -> {
                bob.refuse(DmsgError.NO_LISTENER);
                return HELLO;
            });
            assertRefused(DmsgError.NO_LISTENER, alice, late(alice)); // it got there
            refused.get();
        }
    }

    @Test
    void comparesClocksIfToldTo() throws Exception {
        server.close();
        server = start(config().withClockTolerance(Duration.ofMinutes(5)));
        try (var alice = RawClient.connect(server, ALICE)) {
            assertRefused(DmsgError.REQUEST_TIMESTAMP, alice, late(alice));
        }
    }

    private void assertRefused(DmsgError why, RawClient client, StreamRequest request) throws IOException {
        StreamResponse response = client.ask(request.sign(client.key));
        assertFalse(response.accepted());
        assertEquals(why, response.refusal());
    }

    @Test
    void passesOnARefusalOfTheDestination() throws Exception {
        try (var alice = RawClient.connect(server, ALICE);
                var bob = RawClient.connect(server, BOB)) {
            FutureTask<Object> refused = fork(() -> {
                bob.refuse(DmsgError.NO_LISTENER);
                return HELLO;
            });
            Failure e = assertThrows(Failure.class, () -> alice.dial(BOB));
            assertEquals(DmsgError.NO_LISTENER.failure().getMessage(), e.getMessage());
            refused.get();
        }
    }

    @Test
    void endsTheDialersStreamWhenTheDestinationJustCloses() throws Exception {
        try (var alice = RawClient.connect(server, ALICE);
                var bob = RawClient.connect(server, BOB)) {
            FutureTask<Object> closed = fork(() -> {
                bob.mux.accept().close();
                return HELLO;
            });
            assertThrows(IOException.class, () -> alice.dial(BOB));
            closed.get();
            assertFalse(alice.mux.isClosed());
        }
    }

    @Test
    void theNewestSessionOfAKeyWins() throws Exception {
        try (var old = RawClient.connect(server, ALICE);
                var bob = RawClient.connect(server, BOB)) {
            try (var fresh = RawClient.connect(server, ALICE)) {
                awaitEnd(old.mux);
                FutureTask<SecureLink> accepted = fork(fresh::accept);
                SecureLink link = bob.dial(ALICE);
                link.write(HELLO, RawClient.soon());
                assertArrayEquals(HELLO, read(accepted.get(), 5));
                assertEquals(2, server.health().sessions());
                assertEquals(1, server.health().sessionsReplaced());
            }
        }
    }

    @Test
    void closesConnectionsAboveItsLimit() throws Exception {
        server.close();
        server = start(config().withMaxSessions(1));
        try (var alice = RawClient.connect(server, ALICE)) {
            try (var bob = RawClient.connect(server, BOB)) {
                awaitEnd(bob.mux);
            }
            try (var again = RawClient.connect(server, ALICE)) {
                again.mux.ping(RawClient.soon());
                awaitEnd(alice.mux);
            }
        }
    }

    @Test
    void anAbruptEndOfOneClientResetsTheOthersStream() throws Exception {
        try (var alice = RawClient.connect(server, ALICE);
                var bob = RawClient.connect(server, BOB)) {
            FutureTask<SecureLink> accepted = fork(bob::accept);
            SecureLink there = alice.dial(BOB);
            accepted.get();
            bob.close();
            assertThrows(Failure.class, () -> there.read(new byte[1], 0, 1, RawClient.soon()));
            assertEquals(0, server.health().streams());
        }
    }

    @Test
    void tellsAClientItsAddress() throws Exception {
        try (var alice = RawClient.connect(server, ALICE)) {
            StreamRequest plain = alice.request(SERVER, new byte[0]);
            var question =
                    new StreamRequest(plain.timestamp(), plain.source(), plain.destination(), true, false, new byte[0]);
            assertArrayEquals(
                    new byte[] {127, 0, 0, 1}, alice.ask(question.sign(ALICE)).ip());
        }
    }

    @Test
    void publishesItsAddressAndTakesItBack() throws Exception {
        Await.until("the server publishes its entry", () -> server.health().published());
        DmsgEntry entry = directory.entry(SERVER.publicKey(), RawClient.soon()).orElseThrow();
        assertEquals(server.address().toString(), entry.server().orElseThrow().address());
        server.close();
        assertTrue(directory.entry(SERVER.publicKey(), RawClient.soon()).isEmpty());
    }

    @Test
    void servesManyClientsAtOnce() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        List<SecretKey> keys = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            keys.add(RawClient.key("many" + i));
            clients.add(RawClient.connect(server, keys.get(i)));
        }
        List<FutureTask<byte[]>> all = new ArrayList<>();
        for (int i = 0; i < clients.size(); i++) {
            RawClient me = clients.get(i);
            SecretKey next = keys.get((i + 1) % keys.size());
            byte mark = (byte) i;
            all.add(fork(() -> read(me.accept(), 200_000)));
            fork(() -> {
                SecureLink link = me.dial(next);
                var b = new byte[200_000];
                java.util.Arrays.fill(b, mark);
                link.write(b, RawClient.soon());
                return b;
            });
        }
        for (int i = 0; i < all.size(); i++) {
            byte[] got = all.get(i).get();
            byte mark = (byte) ((i + keys.size() - 1) % keys.size());
            for (byte b : got) {
                assertEquals(mark, b);
            }
        }
        clients.forEach(RawClient::close);
    }

    @Test
    void aStreamWithoutARequestIsDroppedAloneAndOtherStreamsGoOn() throws Exception {
        try (var alice = RawClient.connect(server, ALICE);
                var bob = RawClient.connect(server, BOB)) {
            List<YamuxStream> silent = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                try {
                    silent.add(alice.mux.open(RawClient.soon()));
                } catch (Failure e) {
                    break;
                }
            }
            FutureTask<SecureLink> accepted = fork(alice::accept);
            bob.dial(ALICE).write(HELLO, RawClient.soon());
            assertArrayEquals(HELLO, read(accepted.get(), 5));
            for (YamuxStream stream : silent) { // refused at once or after the limit of a request
                assertTrue(ends(stream));
            }
            assertFalse(alice.mux.isClosed());
        }
    }

    private static boolean ends(YamuxStream stream) throws IOException {
        try {
            return stream.read(new byte[1], 0, 1, RawClient.soon()) < 0;
        } catch (Failure e) {
            return e.kind() == Failure.Kind.CLOSED_THERE;
        }
    }
}
