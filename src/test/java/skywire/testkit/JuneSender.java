package skywire.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import skywire.bytes.ByteWriter;
import skywire.packet.Data;
import skywire.packet.Packet;
import skywire.packet.RouteId;

/**
 * The sending half of a June 2026 group (mux §3.1, §3.3): the schedule and the retransmit buffer. There is no window: it
 * sends what it is given. Thread-safe.
 */
final class JuneSender {
    /** Packets kept for sending again; when it is full, new ones are not kept. */
    static final int BUFFER = 128;

    private static final int WINDOW = 64;

    /** A numbered packet. */
    record Numbered(long seq, byte[] data) {
        Packet packet() {
            byte[] payload =
                    new ByteWriter(4 + data.length).u32(seq).bytes(data).toBytes();
            return new Data(RouteId.NONE, payload);
        }
    }

    private final JuneWatch watch;
    private final JuneStyle style;
    private final ReentrantLock lock = new ReentrantLock();
    private final TreeMap<Long, byte[]> kept = new TreeMap<>(); // guarded by lock
    private long next; // guarded by lock
    private long turn; // guarded by lock; counter of the schedule

    JuneSender(JuneWatch watch, JuneStyle style) {
        this.watch = watch;
        this.style = style;
    }

    /** The leg whose turn it is: blocks of packets, one leg after the other; those not ready or closed are left out. */
    JuneLeg pick(List<JuneLeg> legs) {
        long at;
        lock.lock();
        try {
            at = turn++ / style.block();
        } finally {
            lock.unlock();
        }
        JuneLeg scheduled = legs.get((int) (at % legs.size()));
        if (scheduled.isUsable()) {
            return scheduled;
        }
        List<JuneLeg> usable = legs.stream().filter(JuneLeg::isUsable).toList();
        return usable.isEmpty() ? legs.getFirst() : usable.get((int) (at % usable.size()));
    }

    /** Numbers a packet, and keeps it if there is room. */
    Numbered number(byte[] data) {
        lock.lock();
        try {
            var numbered = new Numbered(next++, data);
            watch.add("sent");
            if (kept.size() < BUFFER) {
                kept.put(numbered.seq(), data);
            } else {
                watch.add("unstored");
            }
            return numbered;
        } finally {
            lock.unlock();
        }
    }

    /** Forgets what is acknowledged; what is to be sent again, at once. */
    List<Numbered> acknowledged(long last, long bitmap) {
        lock.lock();
        try {
            if (last >= next) {
                watch.violation("SACK up to " + last + ", and only what is below " + next + " was sent");
            }
            kept.headMap(last, true).clear();
            int window = style.resendsUnseen() ? WINDOW : WINDOW - Long.numberOfLeadingZeros(bitmap);
            var missing = new ArrayList<Numbered>();
            for (int i = 0; i < WINDOW; i++) {
                long seq = last + 1 + i;
                if ((bitmap >>> i & 1) != 0) {
                    if (seq >= next) {
                        watch.violation("SACK of " + seq + ", and only what is below " + next + " was sent");
                    }
                    kept.remove(seq);
                } else if (i < window && kept.containsKey(seq)) {
                    missing.add(new Numbered(seq, kept.get(seq)));
                }
            }
            return missing;
        } finally {
            lock.unlock();
        }
    }

    /** Packets kept. */
    int kept() {
        lock.lock();
        try {
            return kept.size();
        } finally {
            lock.unlock();
        }
    }
}
