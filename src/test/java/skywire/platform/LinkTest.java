package skywire.platform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import skywire.testkit.World;

/** The contract of {@link Link}, over TCP and Unix sockets, in both worlds. */
class LinkTest {
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private enum Carrier {
        TCP,
        UNIX
    }

    static List<Arguments> all() {
        List<Arguments> all = new ArrayList<>();
        for (World world : World.values()) {
            for (Carrier carrier : Carrier.values()) {
                all.add(Arguments.of(world, carrier));
            }
        }
        return all;
    }

    private record Pair(Platform platform, Link here, Link there) {
        Deadline in(Duration time) {
            return platform.clock().in(time);
        }
    }

    private interface Scene {
        void play(Pair pair, Scope scope) throws Exception;
    }

    private void play(World world, Carrier carrier, Scene scene) throws Exception {
        world.play(platform -> {
            Path path = folder.resolve("s");
            try (Listener listener = carrier == Carrier.TCP
                            ? platform.network().listen(HostPort.parse("127.0.0.1:0"))
                            : platform.network().listen(path);
                    Link here = carrier == Carrier.TCP
                            ? platform.network()
                                    .dial(listener.local(), platform.clock().in(LONG))
                            : platform.network().dial(path, platform.clock().in(LONG));
                    Link there = listener.accept();
                    var scope = new Scope(platform, "s")) {
                scene.play(new Pair(platform, here, there), scope);
            }
        });
    }

    private static void fails(Failure.Kind kind, Executable action) {
        var e = assertThrows(Failure.class, action);
        assertEquals(kind, e.kind(), e.getMessage());
    }

    private static void readOne(Link link, Deadline deadline) throws java.io.IOException {
        link.read(new byte[1], 0, 1, deadline);
    }

    @ParameterizedTest
    @MethodSource("all")
    void carriesBytesBothWays(World world, Carrier carrier) throws Exception {
        play(world, carrier, (p, scope) -> {
            byte[] sent = new byte[200_000];
            p.platform.random().nextBytes(sent);
            scope.forkChild("echo", () -> {
                byte[] b = new byte[4096];
                for (int n; (n = p.there.read(b, 0, b.length, p.in(LONG))) > 0; ) {
                    p.there.write(b, 0, n, p.in(LONG));
                }
                p.there.finishWriting(p.in(LONG));
            });
            scope.forkChild("writer", () -> {
                p.here.write(sent, p.in(LONG));
                p.here.finishWriting(p.in(LONG));
            });
            byte[] got = new byte[sent.length];
            p.here.readFully(got, 0, got.length, p.in(LONG));
            assertArrayEquals(sent, got);
            assertEquals(-1, p.here.read(new byte[1], 0, 1, p.in(LONG)));
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void endInTheMiddleIsAnEndOfFile(World world, Carrier carrier) throws Exception {
        play(world, carrier, (p, scope) -> {
            p.there.write(new byte[3], p.in(LONG));
            p.there.close();
            assertThrows(EOFException.class, () -> p.here.readFully(new byte[5], 0, 5, p.in(LONG)));
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void readTimesOut(World world, Carrier carrier) throws Exception {
        play(world, carrier, (p, scope) -> fails(Failure.Kind.TIMEOUT, () -> readOne(p.here, p.in(SHORT))));
    }

    @ParameterizedTest
    @MethodSource("all")
    void stalledPeerEndsTheWriteInTime(World world, Carrier carrier) throws Exception {
        play(world, carrier, (p, scope) -> {
            long before = p.platform.clock().nanoTime();
            fails(Failure.Kind.TIMEOUT, () -> p.here.write(new byte[50_000_000], p.in(SHORT)));
            long millis = (p.platform.clock().nanoTime() - before) / 1_000_000;
            assertTrue(millis >= 50 && millis < 5_000, millis + " ms");
            assertThrows(java.io.IOException.class, () -> p.here.write(new byte[1], p.in(SHORT)));
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void closeWakesReaderAndWriter(World world, Carrier carrier) throws Exception {
        play(world, carrier, (p, scope) -> {
            var kinds = new Mailbox<Failure.Kind>(p.platform.clock(), 2);
            scope.forkChild("reader", () -> report(kinds, () -> readOne(p.here, Deadline.NEVER)));
            scope.forkChild("writer", () -> report(kinds, () -> p.here.write(new byte[50_000_000], Deadline.NEVER)));
            p.platform.clock().sleep(SHORT);
            p.here.close();
            assertEquals(Failure.Kind.CLOSED_HERE, kinds.take(p.in(LONG)));
            assertEquals(Failure.Kind.CLOSED_HERE, kinds.take(p.in(LONG)));
            p.here.close();
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void interruptOfABlockedReaderClosesTheLink(World world, Carrier carrier) throws Exception {
        play(world, carrier, (p, scope) -> {
            var kinds = new Mailbox<Failure.Kind>(p.platform.clock(), 2);
            Thread reader = p.platform.start("reader", () -> report(kinds, () -> readOne(p.here, Deadline.NEVER)));
            p.platform.clock().sleep(SHORT);
            reader.interrupt();
            assertEquals(Failure.Kind.CANCELLED, kinds.take(p.in(LONG)));
            assertThrows(java.io.IOException.class, () -> p.here.write(new byte[1], p.in(LONG)));
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void interruptOfABlockedWriterClosesTheLink(World world, Carrier carrier) throws Exception {
        play(world, carrier, (p, scope) -> {
            var kinds = new Mailbox<Failure.Kind>(p.platform.clock(), 2);
            Thread writer = p.platform.start(
                    "writer", () -> report(kinds, () -> p.here.write(new byte[50_000_000], Deadline.NEVER)));
            p.platform.clock().sleep(SHORT);
            writer.interrupt();
            assertEquals(Failure.Kind.CANCELLED, kinds.take(p.in(LONG)));
        });
    }

    private static void report(Mailbox<Failure.Kind> kinds, Scope.Body body) {
        try {
            body.run();
        } catch (java.io.IOException e) {
            kinds.offer(Failure.kindOf(e));
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void nobodyListening(World world, Carrier carrier) throws Exception {
        Failure.Kind kind = carrier == Carrier.TCP ? Failure.Kind.REFUSED : Failure.Kind.UNREACHABLE;
        world.play(platform -> fails(kind, () -> {
            Deadline deadline = platform.clock().in(LONG);
            if (carrier == Carrier.TCP) {
                platform.network().dial(HostPort.parse("127.0.0.1:1"), deadline);
            } else {
                platform.network().dial(folder.resolve("nobody"), deadline);
            }
        }));
    }

    @ParameterizedTest
    @MethodSource("all")
    void takenPlaceIsRefused(World world, Carrier carrier) throws Exception {
        world.play(platform -> {
            if (carrier == Carrier.TCP) {
                try (Listener first = platform.network().listen(HostPort.parse("127.0.0.1:0"))) {
                    fails(Failure.Kind.REFUSED, () -> platform.network().listen(first.local()));
                }
            } else {
                try (Listener first = platform.network().listen(folder.resolve("taken"))) {
                    assertEquals(
                            folder.resolve("taken").toString(), first.local().host());
                    fails(Failure.Kind.REFUSED, () -> platform.network().listen(folder.resolve("taken")));
                }
                platform.network().listen(folder.resolve("taken")).close();
            }
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void closingAListenerWakesTheAcceptor(World world, Carrier carrier) throws Exception {
        world.play(platform -> {
            Listener listener = carrier == Carrier.TCP
                    ? platform.network().listen(HostPort.parse("127.0.0.1:0"))
                    : platform.network().listen(folder.resolve("l"));
            try (var scope = new Scope(platform, "s")) {
                scope.fork("acceptor", () -> listener.accept().close());
                platform.clock().sleep(SHORT);
                listener.close();
                listener.close();
                assertTrue(scope.join(platform.clock().in(LONG)));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void dialAfterTheDeadlineTimesOut(World world, Carrier carrier) throws Exception {
        world.play(platform -> fails(Failure.Kind.TIMEOUT, () -> {
            Deadline passed = platform.clock().in(Duration.ZERO);
            if (carrier == Carrier.TCP) {
                platform.network().dial(HostPort.parse("127.0.0.1:1"), passed);
            } else {
                platform.network().dial(folder.resolve("nobody"), passed);
            }
        }));
    }

    @org.junit.jupiter.api.Test
    void staleSocketFileIsReplacedAndTheNewOneIsPrivate() throws Exception {
        Path path = folder.resolve("stale");
        try (var raw = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            raw.bind(java.net.UnixDomainSocketAddress.of(path));
        }
        assertTrue(Files.exists(path));
        try (Listener listener = Platform.system().network().listen(path)) {
            assertEquals(
                    "rw-------",
                    java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            Platform.system().network().dial(path, Deadline.NEVER).close();
            listener.accept().close();
        }
        assertTrue(Files.notExists(path));
    }
}
