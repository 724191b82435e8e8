package skywire.dmsg;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import skywire.directory.KeyAlarm;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.Failure;
import skywire.testkit.FixedTime;

/** When lost sessions are suspicious, and what follows from it. */
class EvictionsTest {
    private final FixedTime time = new FixedTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final PublicKey server = key();
    private final PublicKey other = key();
    private final Evictions evictions = new Evictions(time, new KeyAlarm(time, key()));

    private PublicKey key() {
        return SecretKey.generate(time.random()).publicKey();
    }

    private void ends(int times) {
        for (int i = 0; i < times; i++) {
            evictions.ended(server);
        }
    }

    @Test
    void moreThanThreeInTenMinutesAreSuspicious() {
        ends(Evictions.MOST);
        assertFalse(evictions.isSuspicious(server));
        ends(1);
        assertTrue(evictions.isSuspicious(server));
        assertFalse(evictions.isSuspicious(other), "we were never thrown out there");
        time.pass(Evictions.WINDOW);
        assertFalse(evictions.isSuspicious(server));
    }

    @Test
    void aSuspicionThatWasWrongIsForgotten() {
        ends(4);
        evictions.judged(server, false);
        ends(1);
        assertFalse(evictions.isSuspicious(server));
        assertEquals(Optional.empty(), evictions.clash());
        assertDoesNotThrow(evictions::check);
    }

    @Test
    void aClashHoldsSessionsBackLongerEachTime() {
        ends(4);
        evictions.judged(server, true);
        assertTrue(evictions.clash().orElseThrow().other().contains(server.brief()));
        assertEquals(
                Failure.Kind.REFUSED,
                assertThrows(Failure.class, evictions::check).kind());
        time.pass(Evictions.FIRST_PAUSE);
        assertDoesNotThrow(evictions::check);
        ends(1);
        assertTrue(evictions.isSuspicious(server), "once there is a clash one more is enough");
        evictions.judged(server, true);
        time.pass(Evictions.FIRST_PAUSE);
        assertThrows(Failure.class, evictions::check);
        time.pass(Evictions.FIRST_PAUSE);
        assertDoesNotThrow(evictions::check);
    }

    @Test
    void theLongestPauseIsTenMinutesAndThenItIsOver() {
        for (int i = 0; i < 10; i++) {
            ends(4);
            evictions.judged(server, true);
        }
        time.pass(Evictions.LAST_PAUSE);
        assertDoesNotThrow(evictions::check);
        assertTrue(evictions.clash().isPresent());
        time.pass(Evictions.CALM);
        assertEquals(Optional.empty(), evictions.clash());
    }
}
