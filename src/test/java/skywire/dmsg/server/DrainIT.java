package skywire.dmsg.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import skywire.directory.FixedDirectory;
import skywire.dmsg.DmsgError;
import skywire.key.SecretKey;
import skywire.link.SecureLink;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.testkit.Await;

/** The orderly end of a server: nothing new, and time for what runs. */
@Timeout(30)
@SuppressWarnings({"resource", "try"}) // streams end with their sessions
class DrainIT {
    private static final SecretKey SERVER = RawClient.key("server");
    private static final SecretKey ALICE = RawClient.key("alice");
    private static final SecretKey BOB = RawClient.key("bob");
    private static final SecretKey CAROL = RawClient.key("carol");
    private static final byte[] HELLO = {1, 2, 3, 4, 5};

    private final FixedDirectory directory = new FixedDirectory();
    private DmsgServer server;

    @BeforeEach
    void start() throws Exception {
        server = DmsgServer.start(
                RawClient.PLATFORM, DmsgServerConfig.of(SERVER, new HostPort("127.0.0.1", 0), ""), directory);
        Await.until("the entry is published", () -> server.health().published());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static Deadline in(int seconds) {
        return RawClient.PLATFORM.clock().in(Duration.ofSeconds(seconds));
    }

    private static <T> FutureTask<T> fork(java.util.concurrent.Callable<T> body) {
        var task = new FutureTask<>(body);
        RawClient.PLATFORM.start("test/fork", task);
        return task;
    }

    private static byte[] read(SecureLink link, int n) throws IOException {
        var b = new byte[n];
        link.readFully(b, 0, n, RawClient.soon());
        return b;
    }

    @Test
    void aRunningStreamGetsAllItsBytesWhileNothingNewBegins() throws Exception {
        try (var alice = RawClient.connect(server, ALICE);
                var bob = RawClient.connect(server, BOB);
                var carol = RawClient.connect(server, CAROL)) {
            FutureTask<SecureLink> accepted = fork(bob::accept);
            SecureLink there = alice.dial(BOB);
            SecureLink here = accepted.get();
            FutureTask<Boolean> drained = fork(() -> server.drain(in(20)));
            var over = new CountDownLatch(1);
            carol.mux.onEnd(over::countDown);
            over.await(); // a session at rest is not needed any more

            assertTrue(server.health().draining());
            assertFalse(server.health().published());
            assertTrue(directory.entry(SERVER.publicKey(), RawClient.soon()).isEmpty());
            assertThrows(
                    IOException.class, () -> RawClient.connect(server, CAROL).close());
            assertEquals(
                    DmsgError.ENTITY_CLOSED,
                    alice.ask(alice.request(BOB, new byte[49]).sign(ALICE)).refusal());
            assertEquals(Map.of("entity_closed", 1L), server.health().requestsRefused());

            var sent = new byte[3_000_000];
            fork(() -> {
                there.write(sent, RawClient.soon());
                there.close();
                return sent;
            });
            assertArrayEquals(sent, read(here, sent.length));
            assertEquals(-1, here.read(new byte[1], 0, 1, RawClient.soon()));
            assertTrue(drained.get());
        }
    }

    /** The last bytes are still on their way when the streams are joined no more: closing must not cut them off. */
    @Test
    void theLastBytesArriveBeforeTheServerIsClosed() throws Exception {
        try (var alice = RawClient.connect(server, ALICE);
                var bob = RawClient.connect(server, BOB)) {
            FutureTask<SecureLink> accepted = fork(bob::accept);
            SecureLink there = alice.dial(BOB);
            SecureLink here = accepted.get();
            FutureTask<Boolean> drained = fork(() -> {
                boolean all = server.drain(in(20));
                server.close();
                return all;
            });
            var sent = new byte[200_000];
            there.write(sent, RawClient.soon());
            there.close();
            assertTrue(drained.get());
            assertArrayEquals(sent, read(here, sent.length)); // nobody had read before
            assertEquals(-1, here.read(new byte[1], 0, 1, RawClient.soon()));
        }
    }

    @Test
    void whatRunsLongerIsLeftToTheClose() throws Exception {
        try (var alice = RawClient.connect(server, ALICE);
                var bob = RawClient.connect(server, BOB)) {
            FutureTask<SecureLink> accepted = fork(bob::accept);
            SecureLink there = alice.dial(BOB);
            there.write(HELLO, RawClient.soon());
            assertArrayEquals(HELLO, read(accepted.get(), 5));
            assertFalse(server.drain(RawClient.PLATFORM.clock().in(Duration.ofMillis(50))));
            there.write(HELLO, RawClient.soon());
            assertArrayEquals(HELLO, read(accepted.get(), 5));
            server.close();
            assertThrows(Failure.class, () -> there.read(new byte[1], 0, 1, RawClient.soon()));
        }
    }

    @Test
    void aCloseEndsTheDrain() throws Exception {
        try (var alice = RawClient.connect(server, ALICE);
                var bob = RawClient.connect(server, BOB)) {
            FutureTask<SecureLink> accepted = fork(bob::accept);
            alice.dial(BOB);
            accepted.get();
            FutureTask<Boolean> drained = fork(() -> server.drain(Deadline.NEVER));
            Await.until("the drain begins", () -> server.health().draining());
            server.close();
            drained.get();
        }
    }

    @Test
    void withNothingToWaitForItIsOverAtOnce() throws Exception {
        try (var alice = RawClient.connect(server, ALICE)) {
            assertTrue(server.drain(Deadline.NEVER));
            assertTrue(server.drain(Deadline.NEVER), "and again");
            Await.until("its client is let go", alice.mux::isClosed);
        }
    }
}
