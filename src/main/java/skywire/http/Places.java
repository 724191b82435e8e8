package skywire.http;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import skywire.platform.Link;

/**
 * The connections of a server: so many in all, so many from one peer. When all places are taken, a new connection gets
 * the place of the one that has waited longest without a request, among those of the peer that has the most of such:
 * who only sits there keeps nobody out. Thread-safe.
 */
final class Places {
    private final int most;
    private final int mostPerPeer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Link, String> peers = new IdentityHashMap<>(); // guarded by lock; of all connections
    private final Map<String, Integer> counts = new HashMap<>(); // guarded by lock; connections of each peer
    private final Map<String, Set<Link>> idle = new LinkedHashMap<>(); // guarded by lock; longest first

    Places(int most, int mostPerPeer) {
        this.most = most;
        this.mostPerPeer = mostPerPeer;
    }

    /** Takes a place, at another's expense if need be; false if there is none for it. */
    boolean enter(Link link) {
        String peer = peer(link);
        Optional<Link> displaced = Optional.empty();
        lock.lock();
        try {
            if (counts.getOrDefault(peer, 0) >= mostPerPeer) {
                return false;
            }
            if (peers.size() >= most) {
                displaced = longestIdle();
                if (displaced.isEmpty()) {
                    return false;
                }
                forget(displaced.get());
            }
            peers.put(link, peer);
            counts.merge(peer, 1, Integer::sum);
            waits(link, peer);
        } finally {
            lock.unlock();
        }
        displaced.ifPresent(Link::close);
        return true;
    }

    private Optional<Link> longestIdle() {
        Set<Link> most = Set.of();
        for (Set<Link> of : idle.values()) {
            most = of.size() > most.size() ? of : most;
        }
        return most.stream().findFirst();
    }

    /** The connection has begun a request. */
    void busy(Link link) {
        lock.lock();
        try {
            String peer = peers.get(link);
            if (peer != null) {
                stopWaiting(link, peer);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The connection waits for its next request. */
    void idle(Link link) {
        lock.lock();
        try {
            String peer = peers.get(link);
            if (peer != null) {
                waits(link, peer);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Gives the place back, unless it was lost already. */
    void leave(Link link) {
        lock.lock();
        try {
            forget(link);
        } finally {
            lock.unlock();
        }
    }

    private void forget(Link link) {
        String peer = peers.remove(link);
        if (peer != null) {
            counts.computeIfPresent(peer, (key, n) -> n == 1 ? null : n - 1);
            stopWaiting(link, peer);
        }
    }

    private void waits(Link link, String peer) {
        idle.computeIfAbsent(peer, key -> new LinkedHashSet<>()).add(link);
    }

    private void stopWaiting(Link link, String peer) {
        Set<Link> same = idle.get(peer);
        if (same != null && same.remove(link) && same.isEmpty()) {
            idle.remove(peer);
        }
    }

    /** Places taken. */
    int size() {
        lock.lock();
        try {
            return peers.size();
        } finally {
            lock.unlock();
        }
    }

    /** Who is counted: the key, or the address without the port. */
    static String peer(Link link) {
        String remote = link.remote();
        int colon = remote.lastIndexOf(':');
        return colon < 0 ? remote : remote.substring(0, colon);
    }
}
