package skywire.dmsg;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import skywire.key.SecretKey;
import skywire.platform.Failure;
import skywire.testkit.FixedTime;

/** A server that sends an old request once more is noticed. */
class RequestMemoryTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

    private static StreamRequest request(Duration ahead) {
        SecretKey key = SecretKey.fromSeed("source".getBytes(StandardCharsets.UTF_8));
        long time = NOW.plus(ahead).getEpochSecond() * 1_000_000_000L;
        return StreamRequest.dial(
                time, new DmsgAddress(key.publicKey(), 49_153), new DmsgAddress(key.publicKey(), 80), new byte[49]);
    }

    @Property(tries = 200)
    void takesEachRequestOnce(@ForAll @Size(max = 300) List<@IntRange(max = 40) Integer> sequence) {
        var memory = new RequestMemory(new FixedTime(NOW), false);
        Set<Integer> taken = new HashSet<>();
        for (int i : sequence) {
            byte[] hash = new byte[32];
            hash[0] = (byte) i;
            if (taken.add(i)) {
                assertDoesNotThrow(() -> memory.take(request(Duration.ZERO), hash));
            } else {
                assertThrows(Failure.class, () -> memory.take(request(Duration.ZERO), hash));
            }
        }
    }

    @Test
    void remembersAsManyAsItSaysAndNoMore() throws Failure {
        var memory = new RequestMemory(new FixedTime(NOW), false);
        for (int i = 0; i <= RequestMemory.SIZE; i++) {
            memory.take(request(Duration.ZERO), new byte[] {(byte) i, (byte) (i >> 8)});
        }
        assertThrows(Failure.class, () -> memory.take(request(Duration.ZERO), new byte[] {1, 0}));
        memory.take(request(Duration.ZERO), new byte[] {0, 0}); // forgotten, the oldest of all
    }

    @Test
    void refusesOtherTimesOnlyIfStrict() throws Failure {
        var strict = new RequestMemory(new FixedTime(NOW), true);
        var lenient = new RequestMemory(new FixedTime(NOW), false);
        for (Duration far : List.of(Duration.ofMinutes(-6), Duration.ofMinutes(2))) {
            byte[] hash = {(byte) far.toMinutes()};
            Failure refused = assertThrows(Failure.class, () -> strict.take(request(far), hash));
            assertEquals(DmsgError.REQUEST_TIMESTAMP.failure().getMessage(), refused.getMessage());
            lenient.take(request(far), hash);
        }
        strict.take(request(Duration.ofMinutes(-4)), new byte[] {50});
    }

    /** So that a question of ours that a mesh leads back to ourselves is not taken for another process. */
    @Test
    void noticesRequestsOfASourceThatIsWatchedFor() throws Failure {
        var memory = new RequestMemory(new FixedTime(NOW), false);
        StreamRequest request = request(Duration.ZERO);
        SecretKey another = SecretKey.fromSeed("another".getBytes(StandardCharsets.UTF_8));
        memory.watchFor(request.source().key());
        memory.watchFor(another.publicKey());
        assertEquals(false, memory.hasSeen(request.source().key()));
        memory.take(request, new byte[32]);
        assertEquals(true, memory.hasSeen(request.source().key()));
        assertEquals(false, memory.hasSeen(another.publicKey()));
        memory.forget(request.source().key());
        assertEquals(false, memory.hasSeen(request.source().key()));
    }
}
