package skywire.dmsg.server;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import skywire.dmsg.SessionObjects;
import skywire.key.PublicKey;
import skywire.platform.Deadline;
import skywire.yamux.YamuxSession;
import skywire.yamux.YamuxStream;

/** The session of one client: who it is, since when, its streams, its object ciphers. */
final class ServerSession implements Onward {
    /** Streams whose request is being read or answered; more are refused. */
    static final int MAX_PENDING = 256;

    private final PublicKey key;
    private final String remote;
    private final SessionObjects objects;
    private final long since; // nanoTime
    private final AtomicInteger pending = new AtomicInteger();
    private volatile YamuxSession mux; // set once, before the session is known to anybody

    ServerSession(PublicKey key, String remote, SessionObjects objects, long since) {
        this.key = key;
        this.remote = remote;
        this.objects = objects;
        this.since = since;
    }

    @Override
    public PublicKey key() {
        return key;
    }

    @Override
    public String remote() {
        return remote;
    }

    @Override
    public SessionObjects objects() {
        return objects;
    }

    @Override
    public YamuxStream open(Deadline deadline) throws IOException {
        return mux.open(deadline);
    }

    /** The clock's time of its begin. */
    long since() {
        return since;
    }

    YamuxSession mux() {
        return mux;
    }

    void start(YamuxSession opened) {
        mux = opened;
    }

    /** Whether one more request may be worked on. */
    boolean enter() {
        if (pending.incrementAndGet() <= MAX_PENDING) {
            return true;
        }
        pending.decrementAndGet();
        return false;
    }

    void leave() {
        pending.decrementAndGet();
    }
}
