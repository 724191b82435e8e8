package skywire.sim;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Listener;

/** Accepts simulated connections. Carrier thread only. */
final class SimListener implements Listener {
    private static final int BACKLOG = 1024;

    private final SimNetwork network;
    private final SimHost host;
    private final HostPort local;
    private final Deque<Wire> backlog = new ArrayDeque<>();
    private final WaitList acceptors;
    private boolean closed;

    SimListener(SimNetwork network, SimHost host, HostPort local) {
        this.network = network;
        this.host = host;
        this.local = local;
        this.acceptors = new WaitList(network.clock());
    }

    @Override
    public Link accept() throws IOException {
        network.breathe();
        while (true) {
            if (closed) {
                throw Failure.closedHere("listener on " + local);
            }
            if (!backlog.isEmpty()) {
                return backlog.remove().acceptor();
            }
            if (!Thread.currentThread().isInterrupted()) {
                acceptors.park(Deadline.NEVER);
            }
            if (Thread.currentThread().isInterrupted()) {
                close();
            }
        }
    }

    /** Takes in a connection; false when there is no room. */
    boolean admit(Wire wire) {
        if (closed || backlog.size() >= BACKLOG) {
            return false;
        }
        backlog.add(wire);
        acceptors.wakeAll();
        return true;
    }

    SimHost host() {
        return host;
    }

    @Override
    public HostPort local() {
        return local;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            network.forget(this);
            backlog.forEach(w -> w.acceptor().close());
            backlog.clear();
            acceptors.wakeAll();
        }
    }
}
