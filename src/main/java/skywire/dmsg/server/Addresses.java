package skywire.dmsg.server;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import skywire.platform.HostPort;

/** Counts something per source address, up to a total and a number per address. Loopback counts in the total only. */
final class Addresses {
    private final int total;
    private final int perAddress;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Integer> counts = new HashMap<>(); // guarded by lock
    private int sum; // guarded by lock

    /** Limits; 0 per address for none. */
    Addresses(int total, int perAddress) {
        this.total = total;
        this.perAddress = perAddress;
    }

    /** The address part of {@code host:port}. */
    static String of(String remote) {
        int colon = remote.lastIndexOf(':');
        return colon < 0 ? remote : remote.substring(0, colon);
    }

    /** The bytes of the address in {@code host:port}, 4 or 16; empty if it is a name. */
    static byte[] bytes(String remote) {
        try {
            return InetAddress.ofLiteral(HostPort.parse(remote).host()).getAddress();
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static boolean loopback(String address) {
        return address.startsWith("127.") || address.equals("[::1]") || address.equals("[0:0:0:0:0:0:0:1]");
    }

    /** Counts one more unless a limit is reached. */
    boolean enter(String address) {
        lock.lock();
        try {
            if (sum >= total) {
                return false;
            }
            if (perAddress > 0 && !loopback(address)) {
                int n = counts.getOrDefault(address, 0);
                if (n >= perAddress) {
                    return false;
                }
                counts.put(address, n + 1);
            }
            sum++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Takes back one {@link #enter} that said yes. */
    void leave(String address) {
        lock.lock();
        try {
            sum--;
            counts.computeIfPresent(address, (a, n) -> n == 1 ? null : n - 1);
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return sum;
        } finally {
            lock.unlock();
        }
    }
}
