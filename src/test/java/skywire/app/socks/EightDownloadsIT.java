package skywire.app.socks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import skywire.control.Progress;
import skywire.platform.Deadline;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Listener;
import skywire.platform.Platform;
import skywire.platform.Scope;
import skywire.route.EdgeRules;
import skywire.testkit.RouteNet;

/** Downloads side by side through one proxy, whose exit is three hops away; everything real but the services. */
class EightDownloadsIT {
    private static final Platform PLATFORM = Platform.system();
    private static final HostPort ANY = new HostPort("127.0.0.1", 0);
    private static final int SIZE = 4 * 1024 * 1024;
    private static final byte[] FILE = new byte[SIZE];

    static {
        new SplittableRandom(8).nextBytes(FILE);
    }

    private static Deadline soon() {
        return PLATFORM.clock().in(Duration.ofSeconds(60));
    }

    private static Listener files(Scope scope) throws IOException {
        Listener listener = scope.own(PLATFORM.network().listen(ANY));
        scope.fork("files", () -> {
            while (true) {
                Link link = scope.own(listener.accept());
                scope.forkChild("file", () -> {
                    link.readFully(new byte[1], 0, 1, soon());
                    link.write(FILE, 0, SIZE, soon());
                    link.finishWriting(soon());
                });
            }
        });
        return listener;
    }

    private static byte[] download(HostPort proxy, HostPort from, Duration pause) throws Exception {
        try (Link link = PLATFORM.network().dial(proxy, soon())) {
            link.write(Socks.greeting(Socks.NO_AUTHENTICATION), soon());
            Socks.readChoice(link, soon());
            link.write(Socks.connect(from), soon());
            assertEquals(Socks.SUCCEEDED, Socks.readReply(link, soon()));
            link.write(new byte[1], 0, 1, soon());
            var sha = MessageDigest.getInstance("SHA-256");
            byte[] b = new byte[64 * 1024];
            int got = 0;
            for (int n; (n = link.read(b, 0, b.length, soon())) >= 0; got += n) {
                sha.update(b, 0, n);
                PLATFORM.clock().sleep(pause);
            }
            assertEquals(SIZE, got);
            return sha.digest();
        }
    }

    @Test
    void allArriveWholeThoughOneReaderIsSlow() throws Exception {
        try (var scope = new Scope(PLATFORM, "test");
                var net = new RouteNet(PLATFORM)) {
            List<RouteNet.Node> line = net.line(4);
            var filter = new TargetFilter(List.of(AddressRange.parse("127.0.0.0/8")));
            scope.own(SocksServer.start(
                    PLATFORM,
                    line.getLast().router().groups().listen(SocksServer.PORT),
                    new SocksServerConfig(
                            Optional.empty(), List.of(line.getFirst().key()), false, filter)));
            ExitDialer dialer = (progress, deadline) -> {
                var groups = line.getFirst().router().groups();
                EdgeRules rules = net.route(line, groups.ports().take(), SocksServer.PORT, Duration.ofSeconds(30));
                return groups.initiateBound(
                        RouteNet.SETUP, rules, rules.forward().nextTransport(), deadline);
            };
            var config = new SocksClientConfig("c", line.getLast().key(), ANY, Optional.empty(), Optional.empty());
            SocksClient client = scope.own(SocksClient.start(PLATFORM, config, dialer, Progress.NONE, soon()));
            HostPort from = files(scope).local();
            var tasks = new ArrayList<FutureTask<byte[]>>();
            for (int i = 0; i < 8; i++) {
                Duration pause = i == 0 ? Duration.ofMillis(20) : Duration.ZERO;
                tasks.add(new FutureTask<>(() -> download(client.status().socks(), from, pause)));
                PLATFORM.start("download", tasks.getLast());
            }
            byte[] wanted = MessageDigest.getInstance("SHA-256").digest(FILE);
            for (FutureTask<byte[]> task : tasks) {
                assertArrayEquals(wanted, task.get(60, TimeUnit.SECONDS));
            }
            assertEquals(SocksClient.State.RUNNING, client.status().state());
            assertTrue(client.status().error().isEmpty());
            for (RouteNet.Node node : line) {
                assertEquals(0, node.router().forwarder().droppedPackets());
            }
        }
    }
}
