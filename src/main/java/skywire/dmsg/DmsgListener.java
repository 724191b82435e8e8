package skywire.dmsg;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import skywire.link.KeyedListener;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Mailbox;

/** Accepts the streams to one port of a client. Thread-safe. */
public final class DmsgListener implements KeyedListener {
    /** Streams that may wait to be accepted; more are refused. */
    public static final int BACKLOG = 256;

    private final int port;
    private final PortTable<Object> ports;
    private final Mailbox<DmsgStream> waiting;
    private final Consumer<DmsgListener> closed;

    /**
     * @param closed hears of the end
     */
    DmsgListener(int port, PortTable<Object> ports, Clock clock, Consumer<DmsgListener> closed) {
        this.port = port;
        this.ports = ports;
        this.waiting = new Mailbox<>(clock, BACKLOG);
        this.closed = closed;
    }

    /** Whether another stream would find room; checked before a stream is promised. */
    boolean hasRoom() {
        return waiting.size() < BACKLOG;
    }

    /** Hands over a stream; closes it if there is no room any more or the listener is closed. */
    void offer(DmsgStream stream) {
        if (!waiting.offer(stream)) {
            stream.close();
        }
    }

    @Override
    public DmsgStream accept() throws IOException {
        return waiting.take(Deadline.NEVER);
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void close() {
        ports.free(port, this);
        waiting.close(Failure.closedHere("listener on dmsg port " + port));
        for (Optional<DmsgStream> left = waiting.poll(); left.isPresent(); left = waiting.poll()) {
            left.get().close();
        }
        closed.accept(this);
    }
}
