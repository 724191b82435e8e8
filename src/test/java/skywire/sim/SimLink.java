package skywire.sim;

import java.io.IOException;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Link;

/**
 * One end of a simulated connection. Behaves as the JDK's sockets do on Linux: an interrupt of a thread blocked in it
 * closes it, closing with unread bytes resets the peer, data for a closed end is answered with a reset. Reads return
 * fewer bytes than there are now and then.
 */
public final class SimLink implements Link {
    private final Wire wire;
    private final SimNetwork network;
    private final Pipe in;
    private final Pipe out;
    private final String local;
    private final String remote;
    private final WaitList readers;
    private final WaitList writers;
    private boolean closed;
    private boolean ended; // the peer's end was received
    private boolean reset;
    private boolean finished; // we said there is no more
    private String why = "closed"; // of closed

    SimLink(Wire wire, SimNetwork network, Pipe in, Pipe out, String local, String remote) {
        this.wire = wire;
        this.network = network;
        this.in = in;
        this.out = out;
        this.local = local;
        this.remote = remote;
        this.readers = new WaitList(network.clock());
        this.writers = new WaitList(network.clock());
        in.receiver(this);
    }

    /** The connection this is one end of. */
    public Wire wire() {
        return wire;
    }

    @Override
    public int read(byte[] b, int off, int len, Deadline deadline) throws IOException {
        java.util.Objects.checkFromIndexSize(off, len, b.length);
        network.breathe();
        while (true) {
            if (closed) {
                throw new Failure(Failure.Kind.CLOSED_HERE, "read from " + remote + ": " + why);
            }
            if (len == 0) {
                return 0;
            }
            if (in.available() > 0) {
                int n = in.take(b, off, network.shorten(len));
                peer().onRoom();
                return n;
            }
            if (reset) {
                throw new Failure(Failure.Kind.CLOSED_THERE, "read from " + remote + ": connection reset");
            }
            if (ended) {
                return -1;
            }
            if (deadline.passed()) {
                if (wire.isUnix()) {
                    close();
                }
                throw Failure.timeout("read from " + remote);
            }
            waitIn(readers, deadline, "read from ");
        }
    }

    @Override
    public void write(byte[] b, int off, int len, Deadline deadline) throws IOException {
        java.util.Objects.checkFromIndexSize(off, len, b.length);
        network.breathe();
        for (int done = 0; done < len; ) {
            if (closed) {
                throw new Failure(Failure.Kind.CLOSED_HERE, "write to " + remote + ": " + why);
            }
            if (reset || finished) {
                throw new Failure(Failure.Kind.CLOSED_THERE, "write to " + remote + ": broken pipe");
            }
            int n = Math.min(out.room(), len - done);
            if (n > 0) {
                n = network.split(n);
                out.send(b, off + done, n);
                done += n;
            } else if (deadline.passed()) {
                shut("write timed out");
                throw Failure.timeout("write to " + remote);
            } else {
                waitIn(writers, deadline, "write to ");
            }
        }
    }

    private void waitIn(WaitList list, Deadline deadline, String what) throws Failure {
        if (!Thread.currentThread().isInterrupted()) {
            list.park(deadline);
        }
        if (Thread.currentThread().isInterrupted() && !closed) {
            shut("closed by interrupt");
            throw new Failure(Failure.Kind.CANCELLED, what + remote + ": closed by interrupt");
        }
    }

    SimLink peer() {
        return wire.other(this);
    }

    private void onRoom() {
        writers.wakeAll();
    }

    boolean refusesData() {
        return closed || reset;
    }

    void answerReset() {
        if (!reset) {
            out.sendReset();
        }
    }

    void onData() {
        readers.wakeAll();
    }

    void onEnd() {
        ended = true;
        readers.wakeAll();
    }

    void onReset() {
        reset = true;
        readers.wakeAll();
        writers.wakeAll();
    }

    /** The kernel has heard nothing for too long. */
    void onGivenUp() {
        if (!closed && !reset && !wire.isUnix()) {
            network.event(this + " given up by the system");
            onReset();
        }
    }

    @Override
    public void finishWriting(Deadline deadline) throws IOException {
        if (closed) {
            throw Failure.closedHere("link to " + remote);
        }
        if (!finished && !reset) {
            finished = true;
            out.sendEnd();
        }
    }

    @Override
    public void close() {
        shut("closed");
    }

    private void shut(String reason) {
        if (closed) {
            return;
        }
        closed = true;
        why = reason;
        network.event(wire + " " + (wire.isDialer(this) ? "dialler" : "acceptor") + " closes"
                + (reason.equals("closed") ? "" : ": " + reason));
        if (!reset && in.hasUnread()) {
            out.sendReset();
        } else if (!reset && !finished) {
            out.sendEnd();
        }
        readers.wakeAll();
        writers.wakeAll();
        wire.onClosed();
    }

    /** Whether this end was closed. */
    public boolean isClosed() {
        return closed;
    }

    /** The way towards this end. */
    Pipe in() {
        return in;
    }

    @Override
    public String local() {
        return local;
    }

    @Override
    public String remote() {
        return remote;
    }

    @Override
    public String toString() {
        return local + "→" + remote;
    }
}
