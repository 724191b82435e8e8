package skywire.link;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import skywire.platform.Link;

/**
 * Links whose peers have proved nothing yet: so many in all, so many from one address (loopback counts in the sum
 * only). When all places are taken a new link gets the place of the one that has been silent longest among those of the
 * address with the most of them, which is closed: a flood of silent connections keeps nobody out. Thread-safe.
 */
public final class HandshakeGate {
    /** Places in all. */
    public static final int PLACES = 512;

    /** Places for one address. */
    public static final int PER_ADDRESS = 64;

    private final int places;
    private final int perAddress;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Deque<Link>> waiting = new LinkedHashMap<>(); // guarded by lock; oldest first
    private int taken; // guarded by lock

    /** A gate with the usual number of places. */
    public HandshakeGate() {
        this(PLACES, PER_ADDRESS);
    }

    HandshakeGate(int places, int perAddress) {
        this.places = places;
        this.perAddress = perAddress;
    }

    /** Takes a place; false if its address has enough, the link is left to the caller then. */
    public boolean enter(Link link) {
        String address = address(link);
        Link displaced = null;
        lock.lock();
        try {
            Deque<Link> same = waiting.get(address);
            if (same != null && same.size() >= perAddress && !isLoopback(address)) {
                return false;
            }
            if (taken == places) {
                displaced = displace();
            }
            waiting.computeIfAbsent(address, a -> new ArrayDeque<>()).add(link);
            taken++;
        } finally {
            lock.unlock();
        }
        if (displaced != null) {
            displaced.close();
        }
        return true;
    }

    private Link displace() {
        String most = null;
        for (Map.Entry<String, Deque<Link>> entry : waiting.entrySet()) {
            if (most == null || entry.getValue().size() > waiting.get(most).size()) {
                most = entry.getKey();
            }
        }
        Link oldest = waiting.get(most).remove();
        removed(most);
        return oldest;
    }

    private void removed(String address) {
        taken--;
        if (waiting.get(address).isEmpty()) {
            waiting.remove(address);
        }
    }

    /** Gives the place back; does nothing if it was lost meanwhile. */
    public void leave(Link link) {
        String address = address(link);
        lock.lock();
        try {
            Deque<Link> same = waiting.get(address);
            if (same != null && same.removeIf(l -> l == link)) {
                removed(address);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Places taken. */
    public int size() {
        lock.lock();
        try {
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private static String address(Link link) {
        String remote = link.remote();
        int colon = remote.lastIndexOf(':');
        return colon < 0 ? remote : remote.substring(0, colon);
    }

    private static boolean isLoopback(String address) {
        return address.startsWith("127.") || address.equals("[::1]") || address.equals("[0:0:0:0:0:0:0:1]");
    }
}
