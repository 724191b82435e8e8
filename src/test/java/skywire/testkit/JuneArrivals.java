package skywire.testkit;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Looks at the sequenced data of a group as it arrives, before it is late or lost by the faults of a leg: whether the
 * sender keeps what a peer of June 2026 bears (mux §8.2). Thread-safe.
 */
final class JuneArrivals {
    /** Packets without acknowledgement that a sender may have under way. */
    static final int OUTSTANDING = 128;

    /** Sequence numbers from here on mean something else to peers of later months, and nothing in June. */
    static final long IN_BAND = 0xFF000000L;

    private final JuneWatch watch;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Long, Integer> hashes = new HashMap<>(); // guarded by lock; of each packet seen
    private final TreeSet<Long> passed = new TreeSet<>(); // guarded by lock; beyond contiguous
    private long contiguous; // guarded by lock; all below have come through
    private long highest = -1; // guarded by lock; seen

    JuneArrivals(JuneWatch watch) {
        this.watch = watch;
    }

    /** A packet came by this leg. */
    void arrived(JuneLeg leg, long seq, byte[] payload) {
        watch.add("data");
        if (!leg.isProven()) {
            watch.violation("data " + seq + " on a leg that this end has not proven");
        }
        if (seq >= IN_BAND) {
            watch.violation("sequence number " + Long.toHexString(seq) + " is not data");
            return;
        }
        lock.lock();
        try {
            Integer before = hashes.put(seq, Arrays.hashCode(payload));
            if (before != null) {
                watch.add("repeats");
                if (before != Arrays.hashCode(payload)) {
                    watch.violation("data " + seq + " was other data before");
                }
            }
            highest = Math.max(highest, seq);
            long outstanding = highest - contiguous + 1;
            watch.most("outstanding", outstanding);
            if (outstanding > OUTSTANDING) {
                watch.violation(outstanding + " packets under way: " + contiguous + " to " + highest);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A packet got through the faults of its leg. */
    void passed(long seq) {
        lock.lock();
        try {
            if (seq >= contiguous && seq < IN_BAND) {
                passed.add(seq);
                while (passed.remove(contiguous)) {
                    contiguous++;
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
