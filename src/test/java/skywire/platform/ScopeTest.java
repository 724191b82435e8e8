package skywire.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import skywire.testkit.World;

class ScopeTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private static void waitForEver(Platform platform) throws IOException {
        new Mailbox<String>(platform.clock(), 1).take(Deadline.NEVER);
    }

    @ParameterizedTest
    @EnumSource
    void firstFailureEndsTheOthers(World world) throws Exception {
        world.play(platform -> {
            var scope = new Scope(platform, "s");
            var seen = new Mailbox<String>(platform.clock(), 9);
            scope.fork("waiter", () -> {
                try {
                    waitForEver(platform);
                } catch (Failure e) {
                    seen.offer(e.kind().name());
                    throw e;
                }
            });
            scope.fork("failing", () -> {
                throw Failure.malformed("bad bytes");
            });
            assertEquals("CANCELLED", seen.take(platform.clock().in(LONG)));
            assertTrue(scope.join(platform.clock().in(LONG)));
            assertTrue(scope.isClosed());
            assertEquals(Failure.Kind.MALFORMED, scope.ended().kind());
            assertEquals("bad bytes", scope.ended().getCause().getMessage());
        });
    }

    @ParameterizedTest
    @EnumSource
    void closesResourcesNewestFirst(World world) throws Exception {
        world.play(platform -> {
            List<String> order = new CopyOnWriteArrayList<>();
            try (var scope = new Scope(platform, "s")) {
                scope.own((Closeable) () -> order.add("first"));
                Closeable given = scope.own((Closeable) () -> order.add("given away"));
                scope.own((Closeable) () -> order.add("second"));
                scope.own((Closeable) () -> {
                    throw new IOException("a close that fails");
                });
                scope.disown(given);
            }
            assertEquals(List.of("second", "first"), order);
        });
    }

    @ParameterizedTest
    @EnumSource
    void refusesAfterItsEnd(World world) throws Exception {
        world.play(platform -> {
            var scope = new Scope(platform, "s");
            scope.close();
            List<String> closed = new CopyOnWriteArrayList<>();
            var e = assertThrows(Failure.class, () -> scope.own((Closeable) () -> closed.add("late")));
            assertEquals(Failure.Kind.CLOSED_HERE, e.kind());
            assertEquals(List.of("late"), closed);
            assertThrows(Failure.class, () -> scope.fork("late", () -> closed.add("ran")));
            assertEquals(1, closed.size());
        });
    }

    @ParameterizedTest
    @EnumSource
    void endOfAChildLeavesItOpen(World world) throws Exception {
        world.play(platform -> {
            try (var scope = new Scope(platform, "s")) {
                scope.forkChild("child", () -> {
                    throw Failure.closedThere("link");
                });
                assertTrue(scope.join(platform.clock().in(LONG)));
                assertFalse(scope.isClosed());
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void threadMayCloseItsOwnScope(World world) throws Exception {
        world.play(platform -> {
            var scope = new Scope(platform, "s");
            scope.fork("waiter", () -> waitForEver(platform));
            scope.fork("closer", scope::close);
            assertTrue(scope.join(platform.clock().in(LONG)));
            assertEquals(Failure.Kind.CLOSED_HERE, scope.ended().kind());
        });
    }

    @ParameterizedTest
    @EnumSource
    void joinNamesNobodyWhenAStragglerStays(World world) throws Exception {
        world.play(platform -> {
            var scope = new Scope(platform, "s");
            var release = new Mailbox<String>(platform.clock(), 1);
            scope.fork("deaf", () -> {
                while (true) {
                    try {
                        release.take(Deadline.NEVER);
                        return;
                    } catch (Failure e) {
                        Thread.interrupted(); // does not listen
                    }
                }
            });
            scope.end(null);
            assertFalse(scope.join(platform.clock().in(Duration.ofMillis(50))));
            release.offer("go");
            assertTrue(scope.join(platform.clock().in(LONG)));
        });
    }

    @ParameterizedTest
    @EnumSource
    void endWakesBlockedInputOutputAndSleep(World world) throws Exception {
        world.play(platform -> {
            var scope = new Scope(platform, "s");
            Listener listener = scope.own(platform.network().listen(HostPort.parse("127.0.0.1:0")));
            Link link = scope.own(
                    platform.network().dial(listener.local(), platform.clock().in(LONG)));
            Link other = scope.own(listener.accept());
            scope.fork("acceptor", () -> listener.accept().close());
            scope.fork("reader", () -> link.read(new byte[1], 0, 1, Deadline.NEVER));
            scope.fork("writer", () -> {
                while (true) {
                    other.write(new byte[100_000], Deadline.NEVER);
                }
            });
            scope.fork("sleeper", () -> platform.clock().sleep(Duration.ofDays(1)));
            platform.clock().sleep(Duration.ofMillis(20));
            scope.end(null);
            assertTrue(scope.join(platform.clock().in(Scope.CLOSE_LIMIT)));
        });
    }

    @ParameterizedTest
    @EnumSource
    void everybodyWhoAsksGetsAFreshFailure(World world) throws Exception {
        world.play(platform -> {
            var scope = new Scope(platform, "s");
            scope.end(Failure.timeout("keep-alive"));
            assertFalse(scope.ended() == scope.ended());
            assertInstanceOf(Failure.class, scope.ended().getCause());
            assertEquals(Failure.Kind.TIMEOUT, scope.ended().kind());
        });
    }

    @ParameterizedTest
    @EnumSource
    void manyShortChildrenAreAllForgotten(World world) throws Exception {
        world.play(platform -> {
            try (var scope = new Scope(platform, "s")) {
                for (int i = 0; i < 200; i++) {
                    scope.forkChild("child" + i, () -> {});
                }
                assertTrue(scope.join(platform.clock().in(LONG)));
            }
        });
    }
}
