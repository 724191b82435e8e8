package skywire.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import skywire.testkit.World;

class MailboxTest {
    private static final Duration SHORT = Duration.ofMillis(30);
    private static final Duration LONG = Duration.ofSeconds(20);

    @ParameterizedTest
    @EnumSource
    void keepsOrderAndCapacity(World world) throws Exception {
        world.play(platform -> {
            var box = new Mailbox<Integer>(platform.clock(), 2);
            assertTrue(box.offer(1));
            assertTrue(box.offer(2));
            assertFalse(box.offer(3));
            assertEquals(2, box.size());
            assertEquals(1, box.take(Deadline.NEVER));
            assertEquals(Optional.of(2), box.poll());
            assertEquals(Optional.empty(), box.poll());
        });
    }

    @ParameterizedTest
    @EnumSource
    void timesOutEmptyAndFull(World world) throws Exception {
        world.play(platform -> {
            var box = new Mailbox<Integer>(platform.clock(), 1);
            assertEquals(
                    Failure.Kind.TIMEOUT,
                    assertThrows(Failure.class, () -> box.take(platform.clock().in(SHORT)))
                            .kind());
            box.put(1, Deadline.NEVER);
            assertEquals(
                    Failure.Kind.TIMEOUT,
                    assertThrows(
                                    Failure.class,
                                    () -> box.put(2, platform.clock().in(SHORT)))
                            .kind());
        });
    }

    @ParameterizedTest
    @EnumSource
    void passesEverythingBetweenThreads(World world) throws Exception {
        world.play(platform -> {
            var box = new Mailbox<Integer>(platform.clock(), 3);
            try (var scope = new Scope(platform, "s")) {
                for (int p = 0; p < 3; p++) {
                    int from = p * 100;
                    scope.forkChild("producer" + p, () -> {
                        for (int i = 0; i < 100; i++) {
                            box.put(from + i, platform.clock().in(LONG));
                        }
                    });
                }
                List<Integer> got = new ArrayList<>();
                for (int i = 0; i < 300; i++) {
                    got.add(box.take(platform.clock().in(LONG)));
                }
                for (int p = 0; p < 3; p++) {
                    int from = p * 100;
                    List<Integer> own =
                            got.stream().filter(i -> i / 100 == from / 100).toList();
                    assertEquals(own.stream().sorted().toList(), own);
                    assertEquals(100, own.size());
                }
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void closingWakesAllWithTheReason(World world) throws Exception {
        world.play(platform -> {
            var box = new Mailbox<Integer>(platform.clock(), 1);
            var kinds = new Mailbox<Failure.Kind>(platform.clock(), 9);
            try (var scope = new Scope(platform, "s")) {
                for (int i = 0; i < 3; i++) {
                    scope.forkChild("taker" + i, () -> {
                        try {
                            box.take(Deadline.NEVER);
                        } catch (Failure e) {
                            kinds.offer(e.kind());
                        }
                    });
                }
                box.close(Failure.closedThere("peer"));
                for (int i = 0; i < 3; i++) {
                    assertEquals(
                            Failure.Kind.CLOSED_THERE,
                            kinds.take(platform.clock().in(LONG)));
                }
                box.close(Failure.timeout("later reason"));
                assertEquals(
                        Failure.Kind.CLOSED_THERE,
                        assertThrows(Failure.class, () -> box.put(1, Deadline.NEVER))
                                .kind());
                assertFalse(box.offer(1));
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void whatIsInsideCanBeTakenAfterClosing(World world) throws Exception {
        world.play(platform -> {
            var box = new Mailbox<Integer>(platform.clock(), 5);
            box.offer(1);
            box.offer(2);
            box.close(Failure.closedHere("box"));
            assertEquals(1, box.take(Deadline.NEVER));
            assertEquals(2, box.take(Deadline.NEVER));
            assertThrows(Failure.class, () -> box.take(Deadline.NEVER));
        });
    }

    @ParameterizedTest
    @EnumSource
    void interruptCancelsTheWait(World world) throws Exception {
        world.play(platform -> {
            var box = new Mailbox<Integer>(platform.clock(), 5);
            Thread.currentThread().interrupt();
            assertEquals(
                    Failure.Kind.CANCELLED,
                    assertThrows(Failure.class, () -> box.take(Deadline.NEVER)).kind());
            assertTrue(Thread.interrupted());
        });
    }
}
