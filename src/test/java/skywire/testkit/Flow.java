package skywire.testkit;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;
import skywire.platform.Deadline;
import skywire.platform.Link;
import skywire.platform.Platform;

/**
 * Bytes that are written at one end of a stream as fast as it takes them, and compared with what was written where they
 * are read, with a record of when how many were there. Times count from the start of the flow. Thread-safe.
 */
public final class Flow {
    private static final int PERIOD = 1_048_583; // a prime: no block that is lost or doubled goes unnoticed
    private static final int BLOCK = 32 * 1024;
    private static final byte[] PATTERN = pattern();

    private final Platform platform;
    private final long limit;
    private final long began;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<long[]> arrivals = new ArrayList<>(); // guarded by lock; when, bytes since the beginning
    private long received; // guarded by lock
    private Throwable trouble; // guarded by lock; why it ended early, unless it was stopped
    private volatile boolean stopped;

    private Flow(Platform platform, long limit) {
        this.platform = platform;
        this.limit = limit;
        this.began = platform.clock().nanoTime();
    }

    private static byte[] pattern() {
        var bytes = new byte[PERIOD + BLOCK];
        new SplittableRandom(1).nextBytes(bytes);
        System.arraycopy(bytes, 0, bytes, PERIOD, BLOCK);
        return bytes;
    }

    /** Begins to send that many bytes from one end to the other. */
    public static Flow start(Platform platform, Link from, Link to, long bytes) {
        var flow = new Flow(platform, bytes);
        platform.start("flow/writer", () -> flow.write(from));
        platform.start("flow/reader", () -> flow.read(to));
        return flow;
    }

    /** As {@link #start(Platform, Link, Link, long)}, until {@link #stop}. */
    public static Flow start(Platform platform, Link from, Link to) {
        return start(platform, from, to, Long.MAX_VALUE);
    }

    private void write(Link to) {
        try {
            for (long written = 0; written < limit && !stopped; ) {
                int n = (int) Math.min(BLOCK, limit - written);
                to.write(PATTERN, (int) (written % PERIOD), n, Deadline.NEVER);
                written += n;
            }
        } catch (IOException | RuntimeException e) {
            failed(e);
        }
    }

    private void read(Link from) {
        var b = new byte[BLOCK];
        try {
            for (long total = 0; total < limit && !isOver(); ) {
                int n = from.read(b, 0, b.length, Deadline.NEVER);
                if (n < 0) {
                    throw new IOException("ended after " + total + " bytes");
                }
                int at = (int) (total % PERIOD);
                if (total + n > limit || !Arrays.equals(b, 0, n, PATTERN, at, at + n)) {
                    throw new AssertionError("not what was sent, behind byte " + total);
                }
                total += n;
                arrived(total);
            }
        } catch (IOException | RuntimeException | AssertionError e) {
            failed(e);
        }
    }

    private void arrived(long total) {
        lock.lock();
        try {
            received = total;
            arrivals.add(new long[] {elapsed().toNanos(), total});
        } finally {
            lock.unlock();
        }
    }

    private void failed(Throwable why) {
        lock.lock();
        try {
            if (trouble == null && !(stopped && why instanceof IOException)) {
                trouble = why;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Time since the start. */
    public Duration elapsed() {
        return Duration.ofNanos(platform.clock().nanoTime() - began);
    }

    /** That the stream ends from now on is wanted. */
    public void stop() {
        stopped = true;
    }

    /** Fails if it ended although it should not have, or anything else arrived than was sent. */
    public void check() {
        lock.lock();
        try {
            if (trouble != null) {
                throw new AssertionError("broken after " + received + " bytes: " + trouble.getMessage(), trouble);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether all is there, or never will be. */
    public boolean isOver() {
        lock.lock();
        try {
            return received == limit || trouble != null;
        } finally {
            lock.unlock();
        }
    }

    /** Bytes read so far, all of them as written. */
    public long received() {
        lock.lock();
        try {
            return received;
        } finally {
            lock.unlock();
        }
    }

    /** Bytes read by then. */
    public long receivedBy(Duration when) {
        long nanos = when.toNanos();
        lock.lock();
        try {
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
        } finally {
            lock.unlock();
        }
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

    /** The longest time without a byte that ended, or still lasts, after the one moment and began before the other. */
    public Duration longestGap(Duration from, Duration to) {
        lock.lock();
        try {
            long last = from.toNanos();
            long longest = 0;
            for (long[] arrival : arrivals) {
                if (arrival[0] > from.toNanos() && last < to.toNanos()) {
                    longest = Math.max(longest, arrival[0] - last);
                }
                last = Math.max(last, arrival[0]);
            }
            if (last < to.toNanos() && received < limit) {
                longest = Math.max(longest, elapsed().toNanos() - last);
            }
            return Duration.ofNanos(longest);
        } finally {
            lock.unlock();
        }
    }
}
