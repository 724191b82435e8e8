package skywire.route.mux;

import java.util.Arrays;

/**
 * What acknowledgements tell of a way: its round trip, the rate it delivers, and from them how much may be under way, so
 * that it is kept busy and no queue builds up on it (docs/design-mux.md, "window"). Times in nanoseconds. Not thread-safe.
 */
final class PathModel {
    /** Bytes that may be under way before anything is known. */
    static final int FIRST_WINDOW = 40 * 1024;

    private static final long MILLI = 1_000_000;

    /** How long the least round trip counts. */
    private static final long LEAST_FOR = 10_000 * MILLI;

    /** The rate of so many rounds counts, the greatest of them. */
    private static final int ROUNDS = 10;

    /** What is under way beyond the bare way: acknowledgements are paced, and packets have a size. */
    private static final long SLACK = 2_500_000;

    /** Turns around one: to find out whether there is more, then to empty what that has queued. */
    private static final double[] GAINS = {1.15, 0.5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

    private static final double STARTUP_GAIN = 2;
    private static final double GROWTH = 1.25;
    private static final int FLAT_ROUNDS = 3;

    /** Longest delay of an acknowledgement, as part of the time to wait for one. */
    private static final long ACK_DELAY = 15 * MILLI;

    /** A busy machine pauses that long. */
    private static final long LEAST_PATIENCE = 60 * MILLI;

    private static final long UNKNOWN_TIME = 200 * MILLI;
    private static final long MOST_TIME = 1_000 * MILLI;

    private long smoothed; // 0 while unknown
    private long deviation;
    private long least; // 0 while unknown; of the last LEAST_FOR to 2 · LEAST_FOR
    private long leastBefore; // of the period before
    private long leastSince;

    private final long[] rates = new long[ROUNDS]; // greatest rate of each round, bytes a second
    private long round;
    private long roundEnds; // delivered bytes at which the round is over
    private boolean startup = true;
    private long fullRate; // the rate at which startup last saw growth
    private int flat; // rounds without growth

    /** A round trip was measured. */
    void roundTrip(long nanos, long now) {
        long sample = Math.max(1, nanos);
        if (smoothed == 0) {
            smoothed = sample;
            deviation = sample / 4;
            least = sample;
            leastBefore = Long.MAX_VALUE;
            leastSince = now;
            return;
        }
        deviation += (Math.abs(smoothed - sample) - deviation) / 4;
        smoothed += (sample - smoothed) / 8;
        if (now - leastSince > LEAST_FOR) {
            leastBefore = least;
            least = sample;
            leastSince = now;
        }
        least = Math.min(least, sample);
    }

    /**
     * Packets have arrived.
     *
     * @param before bytes delivered when the last of them was sent
     * @param delivered bytes delivered now
     * @param nanos time in which the difference was delivered
     * @param limited whether there was not enough to send, so that the rate says only what is possible at least
     */
    void delivered(long before, long delivered, long nanos, boolean limited) {
        if (nanos <= 0 || smoothed != 0 && nanos < leastRoundTrip() / 2) {
            return; // a burst of acknowledgements says nothing about the way
        }
        long rate = (long) ((delivered - before) * 1e9 / nanos);
        if (limited && rate < rate()) {
            return;
        }
        if (before >= roundEnds) {
            roundEnds = delivered;
            round++;
            rates[(int) (round % ROUNDS)] = 0;
            if (startup && !limited) {
                watchGrowth(Math.max(rate, rate()));
            }
        }
        int at = (int) (round % ROUNDS);
        rates[at] = Math.max(rates[at], rate);
    }

    private void watchGrowth(long rate) {
        if (rate >= fullRate * GROWTH) {
            fullRate = rate;
            flat = 0;
        } else if (++flat >= FLAT_ROUNDS) {
            startup = false;
        }
    }

    /** Bytes that may be under way, for packets of that size. */
    long window(int packet) {
        long rate = rate();
        if (rate == 0 || smoothed == 0) {
            return FIRST_WINDOW;
        }
        double gain = startup ? STARTUP_GAIN : GAINS[(int) (round % GAINS.length)];
        long slack = gain < 1 ? 0 : SLACK; // a queue that is to go must go, or it becomes part of the least round trip
        long window = (long) (rate * (gain * leastRoundTrip() + slack) / 1e9) + 2L * packet;
        return Math.max(window, startup ? FIRST_WINDOW : 4L * packet);
    }

    /** Bytes that are enough to keep the way busy; 0 while unknown. */
    long product() {
        return (long) (rate() * (leastRoundTrip() / 1e9));
    }

    /** Bytes a second that it delivers; 0 while unknown. */
    long rate() {
        return Arrays.stream(rates).max().orElse(0);
    }

    /** How long so many bytes take to pass: pings do not tell, and slow ways need much longer for a packet. */
    long time(int bytes) {
        long rate = rate();
        return rate == 0 ? UNKNOWN_TIME : Math.min(MOST_TIME, (long) (bytes * 1e9 / rate));
    }

    /** Smoothed round trip; 0 while unknown. */
    long roundTrip() {
        return smoothed;
    }

    /** Least round trip of the last seconds; 0 while unknown. */
    long leastRoundTrip() {
        return smoothed == 0 ? 0 : Math.min(least, leastBefore);
    }

    long deviation() {
        return deviation;
    }

    /** How long to wait for a sign of progress before something is wrong; generous while nothing is known. */
    long patience() {
        if (smoothed == 0) {
            return 1_000 * MILLI;
        }
        return Math.max(LEAST_PATIENCE, smoothed + Math.max(4 * deviation, smoothed / 4) + ACK_DELAY);
    }

    /** The way was found to have changed: what was learnt of its rate is forgotten. */
    void forget() {
        Arrays.fill(rates, 0);
        startup = true;
        fullRate = 0;
        flat = 0;
    }
}
