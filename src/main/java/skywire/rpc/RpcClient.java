package skywire.rpc;

import java.io.Closeable;
import java.io.IOException;
import skywire.bytes.MalformedException;
import skywire.gob.GobSchema;
import skywire.gob.GobStruct;
import skywire.gob.GobValue;
import skywire.platform.Deadline;
import skywire.platform.Link;

/**
 * Calls methods over a link, one call at a time. After a failure other than {@link RpcFault} the link is out of step and
 * must be closed. Not thread-safe, except {@link #close}.
 */
public final class RpcClient implements Closeable {
    private final Link link;
    private final GobLink gob;
    private long nextSeq;
    private volatile boolean usable = true;

    /** Takes over a fresh link. */
    public RpcClient(Link link) {
        this.link = link;
        this.gob = new GobLink(link);
    }

    /** Whether another call may be made. */
    public boolean usable() {
        return usable;
    }

    /**
     * Makes a call and waits for its answer.
     *
     * @param method {@code Service.Method}
     * @param type the type of the argument
     * @return the reply; look into it with the accessors, which check its kind
     * @throws RpcFault if the other side answered with an error
     */
    public GobValue call(String method, GobSchema type, GobValue argument, Deadline deadline) throws IOException {
        if (!usable) {
            throw new IllegalStateException("call after a failed one");
        }
        usable = false;
        long seq = nextSeq++;
        gob.write(Messages.REQUEST, Messages.request(method, seq), type, argument, deadline);
        GobStruct response = gob.read(deadline).asStruct().expecting("ServiceMethod", "Seq", "Error");
        if (response.unsigned("Seq", Long.MAX_VALUE) != seq) {
            throw new MalformedException("rpc: response to another request");
        }
        String error = response.text("Error");
        GobValue body = gob.read(deadline);
        usable = true;
        if (!error.isEmpty()) {
            throw new RpcFault(error);
        }
        return body;
    }

    /** Closes the link; a call under way fails. */
    @Override
    public void close() {
        usable = false;
        link.close();
    }
}
