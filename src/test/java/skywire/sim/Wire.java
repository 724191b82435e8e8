package skywire.sim;

/** A simulated connection as a whole, for tests that want to disturb it. Use it on simulated threads only. */
public final class Wire {
    private final int number;
    private final SimNetwork network;
    private final SimHost from;
    private final SimHost to;
    private final String target;
    private final boolean unix;
    private final SimLink dialer;
    private final SimLink acceptor;

    Wire(int number, SimNetwork network, SimHost from, SimHost to, String source, String target, boolean unix) {
        this.number = number;
        this.network = network;
        this.from = from;
        this.to = to;
        this.target = target;
        this.unix = unix;
        Pipe.Way way = network.way(from, to);
        var there = new Pipe(network, from, way, network.road(from, to), 2 * number);
        var back = new Pipe(network, to, way, network.road(to, from), 2 * number + 1);
        this.dialer = new SimLink(this, network, back, there, source, target);
        this.acceptor = new SimLink(this, network, there, back, target, source);
    }

    SimLink dialer() {
        return dialer;
    }

    SimLink acceptor() {
        return acceptor;
    }

    SimLink other(SimLink end) {
        return end == dialer ? acceptor : dialer;
    }

    boolean isDialer(SimLink end) {
        return end == dialer;
    }

    boolean isUnix() {
        return unix;
    }

    /** Whether it is between these two, whoever dialled. */
    public boolean joins(SimHost a, SimHost b) {
        return from == a && to == b || from == b && to == a;
    }

    boolean touches(SimHost host) {
        return from == host || to == host;
    }

    /** The end on that host (the dialler's, if both are). */
    SimLink end(SimHost host) {
        return from == host ? dialer : acceptor;
    }

    /** What was dialled: {@code 10.0.0.1:8080} or the path of a Unix socket. */
    public String target() {
        return target;
    }

    /** Whether neither end has been closed. */
    public boolean isOpen() {
        return !dialer.isClosed() && !acceptor.isClosed();
    }

    /** Cuts it: both ends see a reset at once. */
    public void reset() {
        network.event("fault: " + this + " reset");
        dialer.onReset();
        acceptor.onReset();
    }

    /** Nothing that is sent towards the acceptor arrives until {@link #resume}; its sender blocks once buffers are full. */
    public void stallForward() {
        network.event("fault: " + this + " stalls forward");
        acceptor.in().stall();
    }

    /** Nothing that is sent towards the dialler arrives until {@link #resume}. */
    public void stallBack() {
        network.event("fault: " + this + " stalls back");
        dialer.in().stall();
    }

    /** Both ends believe in it, but nothing arrives any more: a peer that vanished without a word. */
    public void halfOpen() {
        network.event("fault: " + this + " is half-open");
        acceptor.in().stall();
        dialer.in().stall();
    }

    /** Ends a stall; what was held back arrives. */
    public void resume() {
        network.event("fault ends: " + this + " resumes");
        acceptor.in().resume();
        dialer.in().resume();
    }

    void onClosed() {
        if (dialer.isClosed() && acceptor.isClosed()) {
            network.forget(this);
        }
    }

    @Override
    public String toString() {
        return "wire " + number + " " + dialer.local() + "→" + target;
    }
}
