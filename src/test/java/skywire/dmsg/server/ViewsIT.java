package skywire.dmsg.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import skywire.directory.FixedDirectory;
import skywire.dmsg.DmsgError;
import skywire.key.SecretKey;
import skywire.link.SecureLink;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.testkit.Await;

/** What a server tells of its sessions and of what it refused. */
@Timeout(30)
@SuppressWarnings({"resource", "try"}) // streams end with their sessions
class ViewsIT {
    private static final SecretKey SERVER = RawClient.key("server");
    private static final SecretKey ALICE = RawClient.key("alice");
    private static final SecretKey BOB = RawClient.key("bob");

    private static DmsgServer start(int maxSessions) throws Exception {
        var config = DmsgServerConfig.of(SERVER, new HostPort("127.0.0.1", 0), "");
        return DmsgServer.start(RawClient.PLATFORM, config.withMaxSessions(maxSessions), new FixedDirectory());
    }

    private static FutureTask<SecureLink> accept(RawClient client) {
        var task = new FutureTask<>(client::accept);
        RawClient.PLATFORM.start("test/accept", task);
        return task;
    }

    @Test
    void tellsWhoIsThereAndWhatWasMoved() throws Exception {
        try (var server = start(7);
                var alice = RawClient.connect(server, ALICE);
                var bob = RawClient.connect(server, BOB)) {
            FutureTask<SecureLink> accepted = accept(bob);
            SecureLink there = alice.dial(BOB);
            there.write(new byte[100_000], RawClient.soon());
            accepted.get().readFully(new byte[100_000], 0, 100_000, RawClient.soon());

            List<SessionView> views = server.sessionViews();
            assertEquals(2, views.size());
            for (SessionView view : views) {
                assertEquals(1, view.streams());
                assertTrue(view.bytes() > 100_000, view.toString());
                assertTrue(view.up().isPositive());
                assertFalse(view.peer());
                assertTrue(view.remote().startsWith("127.0.0.1:"));
            }
            long running = server.health().bytesRelayed();
            assertTrue(running > 100_000, "streams that run are counted too");
            there.close();
            Await.until("the stream has ended", () -> server.health().streams() == 0);
            assertEquals(running, server.health().bytesRelayed());
            assertEquals(7, server.health().maxSessions());
            assertTrue(server.health().up().isPositive());
        }
    }

    @Test
    void countsRefusalsByTheirReason() throws Exception {
        try (var server = start(2);
                var alice = RawClient.connect(server, ALICE);
                var bob = RawClient.connect(server, BOB)) {
            RawClient.connect(server, RawClient.key("third")).close();
            assertEquals(1, server.health().connectionsRefused().get("full"));

            var refusing = new FutureTask<>(() -> {
                bob.refuse(DmsgError.NO_LISTENER);
                bob.mux.accept().close();
                return bob;
            });
            RawClient.PLATFORM.start("test/refuse", refusing);
            assertThrows(Failure.class, () -> alice.dial(BOB));
            assertThrows(java.io.IOException.class, () -> alice.dial(BOB));
            refusing.get();
            alice.mux.open(RawClient.soon()).close(); // without a request
            Await.until(
                    "all are counted", () -> server.health().requestsRefused().size() == 3);
            assertEquals(
                    "{no_listener=1, object_invalid=1, response_not_accepted=1}",
                    server.health().requestsRefused().toString());
        }
    }
}
