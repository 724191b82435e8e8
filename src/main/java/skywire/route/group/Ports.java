package skywire.route.group;

import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import skywire.platform.Failure;

/** Ephemeral ports of route groups (routing §10). Thread-safe. */
public final class Ports {
    /** The first one handed out. */
    public static final int FIRST = 49153;

    private static final int LAST = 65535;

    private final ReentrantLock lock = new ReentrantLock();
    private final TreeSet<Integer> used = new TreeSet<>(); // guarded by lock
    private int next = FIRST; // guarded by lock

    /** Takes a port that is not in use. */
    public int take() throws Failure {
        lock.lock();
        try {
            if (used.size() > LAST - FIRST) {
                throw new Failure(Failure.Kind.LIMIT, "no ephemeral port is free");
            }
            while (!used.add(next)) {
                advance();
            }
            int port = next;
            advance();
            return port;
        } finally {
            lock.unlock();
        }
    }

    private void advance() {
        next = next == LAST ? FIRST : next + 1;
    }

    /** Gives a port back; others are ignored. */
    public void free(int port) {
        lock.lock();
        try {
            used.remove(port);
        } finally {
            lock.unlock();
        }
    }

    /** Ports in use. */
    public int inUse() {
        lock.lock();
        try {
            return used.size();
        } finally {
            lock.unlock();
        }
    }

    /** The well-known application of a port, {@code app} for others. */
    static String appName(int port) {
        return switch (port) {
            case 1 -> "skychat";
            case 2 -> "ping";
            case 3 -> "skysocks";
            case 13 -> "skysocks-client";
            case 43 -> "vpn-client";
            case 44 -> "vpn-server";
            case 47 -> "sky-forwarding";
            case 48 -> "sky-ping";
            default -> "app";
        };
    }
}
