package skywire.route.mux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is learnt of a pipe with one rate and one delay. */
class PathModelTest {
    private static final long MILLI = 1_000_000;
    private static final int PACKET = 4096;

    private record Flight(long sentAt, long delivered, long deliveredAt, long arrives) {}

    /** Sends as the window allows, each packet acknowledged by itself. */
    private static final class Pipe {
        final PathModel path = new PathModel();
        final double nanosPerByte;
        final long delay;
        final ArrayDeque<Flight> flights = new ArrayDeque<>();
        long now = MILLI;
        long busyUntil;
        long delivered;
        long deliveredAt = now;

        Pipe(double rate, long delay) {
            this.nanosPerByte = 1e9 / rate;
            this.delay = delay;
            path.roundTrip(delay, now);
        }

        void run(long until) {
            while (now < until) {
                while ((long) flights.size() * PACKET < path.window(PACKET)) {
                    busyUntil = Math.max(busyUntil, now) + (long) (PACKET * nanosPerByte);
                    flights.add(new Flight(now, delivered, flights.isEmpty() ? now : deliveredAt, busyUntil + delay));
                }
                Flight flight = flights.remove();
                now = flight.arrives;
                delivered += PACKET;
                deliveredAt = now;
                path.roundTrip(now - flight.sentAt, now);
                path.delivered(flight.delivered, delivered, now - flight.deliveredAt, false);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1250000, 50", "125000, 600", "12500000, 20", "5000000, 200"})
    void theWindowFindsTheRate(double rate, long millis) {
        var pipe = new Pipe(rate, millis * MILLI);
        pipe.run(10_000 * MILLI);
        long before = pipe.delivered;
        long since = pipe.now;
        pipe.run(40_000 * MILLI);
        double found = (pipe.delivered - before) * 1e9 / (pipe.now - since);
        assertTrue(found > 0.92 * rate, "delivers " + found);
        assertEquals(rate, pipe.path.rate(), 0.05 * rate);
        assertTrue(
                pipe.path.window(PACKET) < 2 * rate * millis / 1e3 + 20 * PACKET, "window " + pipe.path.window(PACKET));
    }

    @Test
    void theLeastRoundTripDoesNotCreep() {
        var pipe = new Pipe(1_250_000, 50 * MILLI);
        for (int minute = 1; minute <= 5; minute++) {
            pipe.run(minute * 60_000 * MILLI);
            assertEquals(50, pipe.path.leastRoundTrip() / 1e6, 10, "after " + minute + " minutes");
        }
    }

    @Test
    void theLeastRoundTripIsForgottenInTime() {
        var path = new PathModel();
        path.roundTrip(10 * MILLI, MILLI);
        for (int i = 1; i <= 300; i++) {
            path.roundTrip(80 * MILLI, i * 100 * MILLI);
        }
        assertEquals(80 * MILLI, path.leastRoundTrip());
        assertEquals(80, path.roundTrip() / 1e6, 1);
    }

    @Test
    void aBurstOfAcknowledgementsIsNoRate() {
        var path = new PathModel();
        path.roundTrip(100 * MILLI, MILLI);
        path.delivered(0, 1_000_000, MILLI, false);
        assertEquals(0, path.rate());
        path.delivered(0, 100_000, 100 * MILLI, false);
        assertEquals(1_000_000, path.rate());
    }

    @Test
    void whatWasLimitedByTheWriterOnlyRaisesTheRate() {
        var path = new PathModel();
        path.roundTrip(100 * MILLI, MILLI);
        path.delivered(0, 100_000, 100 * MILLI, false);
        for (int i = 1; i < 100; i++) {
            path.delivered(100_000L + i, 100_100L + i, 100 * MILLI, true);
        }
        assertEquals(1_000_000, path.rate());
        path.delivered(200_000, 500_000, 100 * MILLI, true);
        assertEquals(3_000_000, path.rate());
    }

    @Test
    void patienceIsWideWhereLittleIsKnownAndNeverTooShort() {
        var path = new PathModel();
        assertEquals(1_000 * MILLI, path.patience());
        assertEquals(PathModel.FIRST_WINDOW, path.window(PACKET));
        for (int i = 0; i < 50; i++) {
            path.roundTrip(MILLI, i * MILLI);
        }
        assertTrue(path.patience() >= 60 * MILLI);
        for (int i = 0; i < 200; i++) {
            path.roundTrip(400 * MILLI, i * 400 * MILLI);
        }
        assertTrue(path.patience() > 400 * MILLI && path.patience() < 800 * MILLI, "" + path.patience() / MILLI);
    }
}
