package skywire.yamux;

import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Link;

/**
 * One of the streams of a session, a {@link Link} of its own. Thread-safe; bytes of several writers mix.
 *
 * <p>{@link #close} after good writes is a FIN that follows them: the peer reads all of it and then the end. What the peer
 * still sends is thrown away, and if it does not end its side soon, or after a write that failed, the stream is reset.
 */
public final class YamuxStream implements Link {
    /** What the peer may send after our {@link #close} before it is reset. */
    private static final int DISCARDED = Frame.WINDOW / 4;

    private static final long QUICK =
            100_000_000; // ns; a window is what is read in 200 ms then, and no queue of a second

    private final YamuxSession session;
    private final Outbox outbox;
    private final int id;

    // Sending half, guarded by the lock of the outbox.
    long sendWindow;
    long sent; // bytes ever
    int batch = -1; // number of the last batch it has data in
    Failure sendFailure; // why nothing more can be sent; null while open
    private boolean broken; // a write failed half way: closing must not look orderly
    private Condition windowOpen; // made when first waited for

    boolean awaitsRoom; // queued as a source in the outbox of the mate; guarded by that one's lock

    // Receiving half.
    private final ReentrantLock lock = new ReentrantLock();
    private Condition readable; // guarded by lock, like everything below; made when first waited for
    private final Waiting waiting = new Waiting();
    private int receiveWindow = Frame.WINDOW; // what the peer may still send
    private int window = Frame.WINDOW; // what the peer may send ahead of the reader
    private boolean over; // taken out of the session
    private long readSince; // when window was last given back, 0 before
    private int consumed; // read by us, not yet given back as window
    private boolean peerDone; // FIN came
    private boolean closed; // by close()
    private int discarded; // bytes that came after close()
    private Failure receiveFailure; // reset, or end of the session
    private Relay relay; // once joined to another stream

    private boolean unacknowledged; // guarded by the lock of the session: we opened it, no ACK yet
    private final boolean incoming;

    YamuxStream(YamuxSession session, Outbox outbox, int id, boolean incoming, long sendWindow) {
        this.session = session;
        this.outbox = outbox;
        this.id = id;
        this.incoming = incoming;
        this.unacknowledged = !incoming;
        this.sendWindow = sendWindow;
    }

    /** The stream id on the wire; odd if the client side opened it. */
    public int id() {
        return id;
    }

    /** The session it belongs to. */
    public YamuxSession session() {
        return session;
    }

    boolean incoming() {
        return incoming;
    }

    /** Whether this is the first acknowledgement. Lock of the session held. */
    boolean acknowledge() {
        boolean first = unacknowledged;
        unacknowledged = false;
        return first;
    }

    @Override
    public String local() {
        return session.link().local() + "#" + Integer.toUnsignedString(id);
    }

    @Override
    public String remote() {
        return session.link().remote() + "#" + Integer.toUnsignedString(id);
    }

    // ---- sending ----

    @Override
    public void write(byte[] b, int off, int len, Deadline deadline) throws IOException {
        java.util.Objects.checkFromIndexSize(off, len, b.length);
        int done = 0;
        try {
            while (done < len) {
                done += outbox.send(this, b, off + done, len - done, deadline);
            }
        } finally {
            if (done < len) {
                markBroken();
            }
        }
    }

    private void markBroken() {
        outbox.lock.lock();
        broken = true;
        outbox.lock.unlock();
    }

    /** Lock of the outbox held. */
    void checkSendable() throws Failure {
        Failure why = sendFailure != null ? sendFailure : outbox.ended();
        if (why != null) {
            throw new Failure(why.kind(), why.getMessage(), why);
        }
    }

    /** Lock of the outbox held. */
    Condition windowCondition() {
        if (windowOpen == null) {
            windowOpen = outbox.lock.newCondition();
        }
        return windowOpen;
    }

    /** The peer allows more. */
    void grant(long delta) throws Failure {
        outbox.lock.lock();
        try {
            if (sendWindow + delta > 0xffff_ffffL) {
                throw Failure.malformed("yamux window of stream " + Integer.toUnsignedString(id) + " overflows");
            }
            sendWindow += delta;
            if (windowOpen != null) {
                windowOpen.signalAll();
            }
        } finally {
            outbox.lock.unlock();
        }
        Relay joined = delta > 0 ? relay() : null;
        if (joined != null) {
            joined.mate(this).pump();
        }
    }

    /** Ends the sending half with a FIN behind what is queued; false if it had ended before. Does not kick. */
    private boolean endSending(Failure why) {
        outbox.lock.lock();
        try {
            if (sendFailure != null) {
                return false;
            }
            sendFailure = why;
            outbox.end(Frame.FIN, id);
            if (windowOpen != null) {
                windowOpen.signalAll();
            }
            outbox.wakeWriters();
            return true;
        } finally {
            outbox.lock.unlock();
        }
    }

    @Override
    public void finishWriting(Deadline deadline) {
        if (endSending(Failure.closedHere("writing to " + remote()))) {
            lock.lock();
            boolean over = peerDone;
            lock.unlock();
            if (over) {
                session.remove(this);
            }
            outbox.kick();
        }
    }

    // ---- receiving ----

    @Override
    public int read(byte[] b, int off, int len, Deadline deadline) throws IOException {
        java.util.Objects.checkFromIndexSize(off, len, b.length);
        if (len == 0) {
            return 0;
        }
        int n;
        int delta;
        lock.lock();
        try {
            while (waiting.size() == 0) {
                if (receiveFailure != null) {
                    throw new Failure(receiveFailure.kind(), receiveFailure.getMessage(), receiveFailure);
                }
                if (peerDone) {
                    return -1;
                }
                if (readable == null) {
                    readable = lock.newCondition();
                }
                if (!session.clock().await(lock, readable, deadline) && deadline.passed() && waiting.size() == 0) {
                    throw Failure.timeout("read from " + remote());
                }
            }
            n = waiting.take(b, off, len);
            delta = consume(n);
        } finally {
            lock.unlock();
        }
        giveBack(delta);
        return n;
    }

    /** Counts bytes as read; returns the window to give back now, usually 0. Lock held. */
    private int consume(int n) {
        consumed += n;
        if (consumed < window / 2 || peerDone || receiveFailure != null) {
            return 0;
        }
        int delta = consumed + growth();
        receiveWindow += delta;
        consumed = 0;
        return delta;
    }

    /** A reader that takes half a window in no time is held up by the window, not by itself: it gets twice as much. */
    private int growth() {
        long now = session.now();
        boolean quick = !over && readSince != 0 && now - readSince < QUICK;
        readSince = now;
        int more = quick ? session.moreWindow(window) : 0;
        window += more;
        return more;
    }

    /** By how much its window has grown; it does not grow after its end. */
    int grown() {
        lock.lock();
        try {
            int grown = window - Frame.WINDOW;
            over = true;
            return grown;
        } finally {
            lock.unlock();
        }
    }

    private void giveBack(int delta) {
        if (delta > 0) {
            outbox.control(Frame.WINDOW_UPDATE, 0, id, delta);
            outbox.kick();
        }
    }

    /** The header of a data frame: takes its length out of the window. Reader thread only. */
    void announce(long length) throws Failure {
        lock.lock();
        try {
            if (length > receiveWindow) {
                throw Failure.malformed("yamux stream " + Integer.toUnsignedString(id) + " exceeds its window");
            }
            receiveWindow -= (int) length;
        } finally {
            lock.unlock();
        }
    }

    /** Some of the bytes of a data frame. Reader thread only; the caller calls {@link #delivered} after the last. */
    void receive(byte[] b, int off, int len) {
        boolean reset = false;
        int delta = 0;
        lock.lock();
        try {
            if (receiveFailure != null) {
                discarded += len;
                reset = discarded > DISCARDED;
            } else if (relay != null && waiting.size() == 0) {
                int passed = Math.max(0, relay.pass(this, b, off, len));
                waiting.add(b, off + passed, len - passed);
                delta = consume(passed);
            } else {
                waiting.add(b, off, len);
            }
        } finally {
            lock.unlock();
        }
        giveBack(delta);
        if (reset) {
            reset("the peer goes on sending");
        }
    }

    /** Wakes whoever is to go on with what {@link #receive} brought. Reader thread only. */
    void delivered() {
        Relay joined;
        lock.lock();
        try {
            joined = relay;
            if (readable != null) {
                readable.signal();
            }
        } finally {
            lock.unlock();
        }
        if (joined != null) {
            joined.mate(this).kick();
        }
    }

    /** The peer's FIN. */
    void peerFinished() {
        boolean over;
        lock.lock();
        try {
            peerDone = true;
            if (readable != null) {
                readable.signalAll();
            }
            over = !sendingOpen();
        } finally {
            lock.unlock();
        }
        if (over) {
            session.remove(this);
        }
        pump();
    }

    private boolean sendingOpen() {
        outbox.lock.lock();
        try {
            return sendFailure == null;
        } finally {
            outbox.lock.unlock();
        }
    }

    /** Ends both halves at once: the peer's RST, or the end of the session. Returns whether anything was ever sent. */
    boolean fail(Failure why) {
        boolean used;
        outbox.lock.lock();
        try {
            used = sent > 0;
            if (sendFailure == null) {
                sendFailure = why;
            }
            if (windowOpen != null) {
                windowOpen.signalAll();
            }
            outbox.wakeWriters();
        } finally {
            outbox.lock.unlock();
        }
        lock.lock();
        try {
            if (receiveFailure == null && !peerDone) { // what ended with a FIN is complete and can still be read
                receiveFailure = why;
            }
            if (readable != null) {
                readable.signalAll();
            }
        } finally {
            lock.unlock();
        }
        Relay joined = relay();
        if (joined != null) {
            joined.end(true);
        }
        return used;
    }

    // ---- the end ----

    /** Resets the stream: both sides fail at once. For broken protocols; use {@link #close} otherwise. */
    public void reset(String why) {
        if (session.remove(this)) {
            outbox.end(Frame.RST, id);
            outbox.kick();
        }
        fail(Failure.closedHere(remote() + " (" + why + ")"));
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            waiting.clear();
            if (receiveFailure == null) {
                receiveFailure = Failure.closedHere(remote());
            }
            if (readable != null) {
                readable.signalAll();
            }
        } finally {
            lock.unlock();
        }
        if (isBroken()) {
            reset("a write failed");
        } else {
            endSending(Failure.closedHere(remote()));
            session.closedHere(this);
            outbox.kick();
        }
    }

    private boolean isBroken() {
        outbox.lock.lock();
        try {
            return broken;
        } finally {
            outbox.lock.unlock();
        }
    }

    /** Whether reading has failed: reset, closed, or the session ended. */
    boolean failed() {
        lock.lock();
        try {
            return receiveFailure != null;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the peer has ended its side. */
    boolean peerDone() {
        lock.lock();
        try {
            return peerDone;
        } finally {
            lock.unlock();
        }
    }

    // ---- relaying (see Relay) ----

    void joinTo(Relay relay) {
        lock.lock();
        try {
            this.relay = relay;
        } finally {
            lock.unlock();
        }
    }

    private Relay relay() {
        lock.lock();
        try {
            return relay;
        } finally {
            lock.unlock();
        }
    }

    /** Passes on what waits here, as far as the mate takes it. */
    void pump() {
        Relay relay;
        int delta = 0;
        int n = 0;
        boolean drained;
        lock.lock();
        try {
            relay = this.relay;
            if (relay == null) {
                return;
            }
            while (n >= 0 && waiting.size() > 0) {
                n = relay.pass(this, waiting.array(), waiting.headIndex(), waiting.piece());
                if (n <= 0) {
                    break;
                }
                waiting.skip(n);
                delta += consume(n);
            }
            drained = waiting.size() == 0 && peerDone;
        } finally {
            lock.unlock();
        }
        giveBack(delta);
        relay.mate(this).kick();
        if (n < 0 || drained) {
            relay.end(n < 0);
        }
    }

    void kick() {
        outbox.kick();
    }

    /** Queues bytes that came in at {@code source}, without waiting; how many were taken, -1 if none will be any more. */
    int offer(byte[] b, int off, int len, YamuxStream source) {
        return outbox.offer(this, b, off, len, source);
    }
}
