package skywire.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The receiving half of a June 2026 group (mux §3.2, §3.3), with its faults: it flushes past a gap, and its SACK state
 * begins as if sequence number 0 had arrived. For the one loop of its visor.
 */
final class JuneReceiver {
    /** Packets kept out of order; the one that makes it as many flushes all of them past the gap. */
    static final int REORDER = 64;

    private static final int WINDOW = 64;

    private final JuneWatch watch;
    private final TreeMap<Long, byte[]> waiting = new TreeMap<>();
    private long next; // of the stream
    private long last; // of the SACK state: as if 0 had arrived
    private long bitmap; // bit i: last + 1 + i has arrived
    private boolean sackDue;

    JuneReceiver(JuneWatch watch) {
        this.watch = watch;
    }

    /** What can be delivered now that this packet has come. */
    List<byte[]> receive(long seq, byte[] data) {
        note(seq);
        sackDue = false;
        if (seq < next || waiting.containsKey(seq)) {
            return List.of(); // discarded silently
        }
        sackDue = seq != next;
        waiting.put(seq, data);
        var ready = new ArrayList<byte[]>();
        drain(ready);
        watch.most("reordered", waiting.size());
        if (waiting.size() >= REORDER) {
            watch.violation("flushed past a gap: " + waiting.size() + " packets wait for " + next + ", up to "
                    + waiting.lastKey());
            while (!waiting.isEmpty()) {
                next = waiting.firstKey();
                drain(ready);
            }
        }
        return ready;
    }

    private void drain(List<byte[]> ready) {
        for (byte[] data = waiting.remove(next); data != null; data = waiting.remove(next)) {
            ready.add(data);
            next++;
        }
    }

    private void note(long seq) {
        long ahead = seq - last - 1;
        if (ahead < 0 || ahead >= WINDOW) {
            return;
        }
        bitmap |= 1L << ahead;
        while ((bitmap & 1) != 0) {
            bitmap >>>= 1;
            last++;
        }
    }

    /** Whether the last packet is answered by a SACK: every one out of order. */
    boolean sackDue() {
        return sackDue;
    }

    long last() {
        return last;
    }

    long bitmap() {
        return bitmap;
    }
}
