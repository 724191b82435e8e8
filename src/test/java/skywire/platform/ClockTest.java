package skywire.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import skywire.testkit.World;

class ClockTest {
    private static final Duration SHORT = Duration.ofMillis(30);
    private static final Duration LONG = Duration.ofSeconds(20);

    @ParameterizedTest
    @EnumSource
    void sleepsAtLeastAsLong(World world) throws Exception {
        world.play(platform -> {
            long before = platform.clock().nanoTime();
            platform.clock().sleep(SHORT);
            assertTrue(platform.clock().nanoTime() - before >= SHORT.toNanos());
        });
    }

    @ParameterizedTest
    @EnumSource
    void interruptEndsSleep(World world) throws Exception {
        world.play(platform -> {
            Thread.currentThread().interrupt();
            var e = assertThrows(Failure.class, () -> platform.clock().sleep(LONG));
            assertEquals(Failure.Kind.CANCELLED, e.kind());
            assertTrue(Thread.interrupted());
        });
    }

    @ParameterizedTest
    @EnumSource
    void awaitEndsBySignal(World world) throws Exception {
        world.play(platform -> {
            var lock = new ReentrantLock();
            var condition = lock.newCondition();
            var flag = new boolean[1]; // guarded by lock
            try (var scope = new Scope(platform, "s")) {
                scope.forkChild("signaller", () -> {
                    platform.clock().sleep(SHORT);
                    lock.lock();
                    try {
                        flag[0] = true;
                        condition.signalAll();
                    } finally {
                        lock.unlock();
                    }
                });
                lock.lock();
                try {
                    Deadline deadline = platform.clock().in(LONG);
                    while (!flag[0]) {
                        assertTrue(platform.clock().await(lock, condition, deadline));
                    }
                    assertTrue(lock.isHeldByCurrentThread());
                } finally {
                    lock.unlock();
                }
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void awaitEndsAtTheDeadline(World world) throws Exception {
        world.play(platform -> {
            var lock = new ReentrantLock();
            lock.lock();
            try {
                var condition = lock.newCondition();
                Deadline deadline = platform.clock().in(SHORT);
                while (platform.clock().await(lock, condition, deadline)) {
                    assertFalse(deadline.passed());
                }
                assertTrue(deadline.passed());
                assertFalse(platform.clock().await(lock, condition, deadline));
            } finally {
                lock.unlock();
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void awaitIsCancelledByInterrupt(World world) throws Exception {
        world.play(platform -> {
            var lock = new ReentrantLock();
            lock.lock();
            try {
                Thread.currentThread().interrupt();
                var e = assertThrows(
                        Failure.class, () -> platform.clock().await(lock, lock.newCondition(), Deadline.NEVER));
                assertEquals(Failure.Kind.CANCELLED, e.kind());
                assertTrue(Thread.interrupted());
                assertTrue(lock.isHeldByCurrentThread());
            } finally {
                lock.unlock();
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void deadlinesCompare(World world) throws Exception {
        world.play(platform -> {
            Clock clock = platform.clock();
            Deadline soon = clock.in(Duration.ofSeconds(1));
            Deadline late = clock.in(Duration.ofHours(1));
            assertSame(soon, soon.orEarlier(late));
            assertSame(soon, late.orEarlier(soon));
            assertSame(late, Deadline.NEVER.orEarlier(late));
            assertTrue(Deadline.NEVER.orEarlier(clock, LONG).nanosLeft() <= LONG.toNanos());
            assertTrue(Deadline.NEVER.isNever());
            assertFalse(Deadline.NEVER.passed());
            assertFalse(late.passed());
            assertTrue(clock.in(Duration.ZERO).passed());
            assertTrue(clock.in(Duration.ofSeconds(-5)).passed());
            late.check("nothing");
            var e = assertThrows(Failure.class, () -> clock.in(Duration.ZERO).check("dial"));
            assertEquals(Failure.Kind.TIMEOUT, e.kind());
            assertEquals("dial timed out", e.getMessage());
        });
    }

    @ParameterizedTest
    @EnumSource
    void wallClockForms(World world) throws Exception {
        world.play(platform -> {
            Clock clock = platform.clock();
            long millis = clock.unixMillis();
            long nanos = clock.unixNanos();
            assertTrue(nanos / 1_000_000 - millis >= 0);
            assertTrue(nanos / 1_000_000 - millis < 60_000);
        });
    }
}
