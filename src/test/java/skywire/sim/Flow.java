package skywire.sim;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import skywire.platform.Deadline;
import skywire.platform.Link;

/**
 * Bytes that are written at one end of a stream as fast as it takes them, and compared with what was written where they
 * are read, with a record of when how many were there.
 */
public final class Flow {
    private static final int PERIOD = 1_048_583; // a prime: no block that is lost or doubled goes unnoticed
    private static final int BLOCK = 32 * 1024;
    private static final byte[] PATTERN = pattern();

    private final Simulation sim;
    private final long limit;
    private final List<long[]> arrivals = new ArrayList<>(); // when, bytes since the beginning
    private long written;
    private long received;
    private boolean stopped;
    private IOException trouble; // why it ended early, unless it was stopped

    private Flow(Simulation sim, long limit) {
        this.sim = sim;
        this.limit = limit;
    }

    private static byte[] pattern() {
        var bytes = new byte[PERIOD + BLOCK];
        new SplittableRandom(1).nextBytes(bytes);
        System.arraycopy(bytes, 0, bytes, PERIOD, BLOCK);
        return bytes;
    }

    /** Begins to send that many bytes from one end to the other. A byte that is not the one written fails the run. */
    public static Flow start(Simulation sim, Link from, Link to, long bytes) {
        var flow = new Flow(sim, bytes);
        sim.go("writer", () -> flow.write(from));
        sim.go("reader", () -> flow.read(to));
        return flow;
    }

    /** As {@link #start(Simulation, Link, Link, long)}, until {@link #stop}. */
    public static Flow start(Simulation sim, Link from, Link to) {
        return start(sim, from, to, Long.MAX_VALUE);
    }

    private void write(Link to) {
        try {
            while (written < limit && !stopped) {
                int n = (int) Math.min(BLOCK, limit - written);
                to.write(PATTERN, (int) (written % PERIOD), n, Deadline.NEVER);
                written += n;
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    private void read(Link from) {
        var b = new byte[BLOCK];
        try {
            while (received < limit) {
                int n = from.read(b, 0, b.length, Deadline.NEVER);
                if (n < 0) {
                    throw new IOException("ended after " + received + " bytes");
                }
                int at = (int) (received % PERIOD);
                if (received + n > limit || !Arrays.equals(b, 0, n, PATTERN, at, at + n)) {
                    throw new AssertionError("not what was sent, behind byte " + received);
                }
                received += n;
                arrivals.add(new long[] {sim.time().elapsed(), received});
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    private void failed(IOException e) {
        if (!stopped && trouble == null) {
            sim.event("flow broken: " + e);
            trouble = e;
        }
    }

    /** What goes wrong from now on is wanted. */
    public void stop() {
        stopped = true;
    }

    /** Fails if it ended although it should not have. */
    public void check() throws IOException {
        if (trouble != null) {
            throw new IOException("broken after " + received + " bytes: " + trouble.getMessage(), trouble);
        }
    }

    /** Whether all is there, or never will be. */
    public boolean isOver() {
        return received == limit || trouble != null;
    }

    /** Bytes read so far, all of them as written. */
    public long received() {
        return received;
    }

    /** Bytes read by then. */
    public long receivedBy(Duration when) {
        long nanos = when.toNanos();
        int low = 0;
        int high = arrivals.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (arrivals.get(middle)[0] <= nanos) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == 0 ? 0 : arrivals.get(low - 1)[1];
    }

    /** Bytes a second read between the two moments. */
    public double rate(Duration from, Duration to) {
        return (receivedBy(to) - receivedBy(from)) * 1e9 / to.minus(from).toNanos();
    }

    /** The least rate of any second between the two moments, looked at every 100 ms. */
    public double worstSecond(Duration from, Duration to) {
        double worst = Double.MAX_VALUE;
        for (Duration at = from; at.plusSeconds(1).compareTo(to) <= 0; at = at.plusMillis(100)) {
            worst = Math.min(worst, rate(at, at.plusSeconds(1)));
        }
        return worst;
    }

    /** The longest time without a byte that ended, or lasted, after the one moment and began before the other. */
    public Duration longestGap(Duration from, Duration to) {
        long last = from.toNanos();
        long longest = 0;
        for (long[] arrival : arrivals) {
            if (arrival[0] > from.toNanos() && last < to.toNanos()) {
                longest = Math.max(longest, arrival[0] - last);
            }
            last = Math.max(last, arrival[0]);
        }
        if (last < to.toNanos() && received < limit) {
            longest = Math.max(longest, sim.time().elapsed() - last);
        }
        return Duration.ofNanos(longest);
    }
}
