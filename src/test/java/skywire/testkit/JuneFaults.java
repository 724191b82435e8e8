package skywire.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import skywire.packet.Close;
import skywire.packet.Data;
import skywire.packet.ErrorText;
import skywire.packet.Packet;

/**
 * What happens to the packets of one leg of a {@link JunePeer} in one direction: lost, late, twice. Everything is by
 * number, so that a test says exactly what it means. Thread-safe.
 */
public final class JuneFaults {
    private final ReentrantLock lock = new ReentrantLock();
    private final Way way;
    private final Set<Integer> lost = new HashSet<>(); // guarded by lock; numbers of Data packets
    private final Set<Integer> twice = new HashSet<>(); // guarded by lock; numbers of Data packets
    private final Set<Class<? extends Packet>> lostKinds = new HashSet<>(); // guarded by lock
    private final Set<Class<? extends Packet>> lostOnce = new HashSet<>(); // guarded by lock
    private final Map<Integer, Runnable> actions = new HashMap<>(); // guarded by lock; before that Data packet
    private final Map<Long, Integer> lostNumbers = new HashMap<>(); // guarded by lock; how often still
    private final List<Packet> held = new ArrayList<>(); // guarded by lock
    private int data; // guarded by lock; Data packets so far
    private int dropped; // guarded by lock
    private boolean holding; // guarded by lock
    private boolean hole; // guarded by lock

    /** Where packets go on. */
    interface Way {
        void pass(Packet packet) throws IOException;
    }

    JuneFaults(Way way) {
        this.way = way;
    }

    /** The n-th Data packet is lost, counted from 1 from the beginning of the leg. */
    public void lose(int... nth) {
        lock.lock();
        try {
            for (int n : nth) {
                lost.add(n);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The sequenced packet of this number is lost so many times, however often it is sent again. */
    public void loseNumber(long seq, int times) {
        lock.lock();
        try {
            lostNumbers.put(seq, times);
        } finally {
            lock.unlock();
        }
    }

    /** The n-th Data packet comes twice. */
    public void repeat(int... nth) {
        lock.lock();
        try {
            for (int n : nth) {
                twice.add(n);
            }
        } finally {
            lock.unlock();
        }
    }

    /** All packets of a kind are lost from now on. */
    public void lose(Class<? extends Packet> kind) {
        lock.lock();
        try {
            lostKinds.add(kind);
        } finally {
            lock.unlock();
        }
    }

    /** The next packet of a kind is lost. */
    public void loseNext(Class<? extends Packet> kind) {
        lock.lock();
        try {
            lostOnce.add(kind);
        } finally {
            lock.unlock();
        }
    }

    /** Something happens just before the n-th Data packet from now on passes, on the thread that passes it. */
    public void in(int n, Runnable action) {
        lock.lock();
        try {
            actions.put(data + n, action);
        } finally {
            lock.unlock();
        }
    }

    /** Relays on the way say nothing when the route breaks there, as those of June 2026 do. */
    public void relaysAreSilent() {
        lose(Close.class);
        lose(ErrorText.class);
    }

    /** Everything is lost from now on, or no longer. */
    public void blackHole(boolean on) {
        lock.lock();
        try {
            hole = on;
        } finally {
            lock.unlock();
        }
    }

    /** From now on packets wait until {@link #release}. */
    public void hold() {
        lock.lock();
        try {
            holding = true;
        } finally {
            lock.unlock();
        }
    }

    /** What was held back goes on in its order, and nothing is held back any more. */
    public void release() throws IOException {
        List<Packet> late;
        lock.lock();
        try {
            holding = false;
            late = new ArrayList<>(held);
            held.clear();
        } finally {
            lock.unlock();
        }
        for (Packet packet : late) {
            way.pass(packet);
        }
    }

    /** Packets held back now. */
    public int held() {
        lock.lock();
        try {
            return held.size();
        } finally {
            lock.unlock();
        }
    }

    /** Data packets so far, lost ones too. */
    public int data() {
        lock.lock();
        try {
            return data;
        } finally {
            lock.unlock();
        }
    }

    /** Packets lost so far. */
    public int dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    /** Passes a packet on as the faults want it. */
    void take(Packet packet) throws IOException {
        take(packet, way);
    }

    /** As {@link #take(Packet)}, this way if it need not wait. */
    void take(Packet packet, Way now) throws IOException {
        action(packet).run();
        int times = times(packet);
        for (int i = 0; i < times; i++) {
            now.pass(packet);
        }
    }

    private Runnable action(Packet packet) {
        lock.lock();
        try {
            return packet instanceof Data ? actions.getOrDefault(data + 1, () -> {}) : () -> {};
        } finally {
            lock.unlock();
        }
    }

    private int times(Packet packet) {
        lock.lock();
        try {
            int n = packet instanceof Data ? ++data : 0;
            if (hole
                    || lostKinds.contains(packet.getClass())
                    || lostOnce.remove(packet.getClass())
                    || isLostNumber(packet)
                    || lost.remove(n)) {
                dropped++;
                return 0;
            }
            if (holding) {
                held.add(packet);
                return 0;
            }
            return twice.remove(n) ? 2 : 1;
        } finally {
            lock.unlock();
        }
    }

    private boolean isLostNumber(Packet packet) {
        if (lostNumbers.isEmpty() || !(packet instanceof Data) || packet.payload().length < 4) {
            return false;
        }
        long seq = ByteBuffer.wrap(packet.payload()).getInt() & 0xffffffffL;
        int left = lostNumbers.getOrDefault(seq, 0);
        lostNumbers.put(seq, left - 1);
        return left > 0;
    }
}
