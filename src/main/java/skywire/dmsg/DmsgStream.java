package skywire.dmsg;

import java.io.IOException;
import skywire.key.PublicKey;
import skywire.link.KeyedLink;
import skywire.link.SecureLink;
import skywire.platform.Deadline;
import skywire.platform.Link;

/**
 * A stream to a port of another key, encrypted end to end; the server in between only sees sizes and times.
 *
 * <p>{@link #finishWriting} is passed on, but servers end both directions when one ends: do not rely on half-closed
 * streams. One reader and one writer at a time.
 */
public final class DmsgStream implements KeyedLink {
    private final DmsgSession session;
    private final Link mux;
    private final SecureLink secure;
    private final DmsgAddress local;
    private final DmsgAddress remote;
    private final boolean dialled;

    DmsgStream(
            DmsgSession session, Link mux, SecureLink secure, DmsgAddress local, DmsgAddress remote, boolean dialled) {
        this.session = session;
        this.mux = mux;
        this.secure = secure;
        this.local = local;
        this.remote = remote;
        this.dialled = dialled;
    }

    /** The server it goes through. */
    public PublicKey serverKey() {
        return session.serverKey();
    }

    @Override
    public PublicKey remoteKey() {
        return remote.key();
    }

    @Override
    public int remotePort() {
        return remote.port();
    }

    @Override
    public int localPort() {
        return local.port();
    }

    @Override
    public int read(byte[] b, int off, int len, Deadline deadline) throws IOException {
        return secure.read(b, off, len, deadline);
    }

    @Override
    public void write(byte[] b, int off, int len, Deadline deadline) throws IOException {
        secure.write(b, off, len, deadline);
    }

    @Override
    public void finishWriting(Deadline deadline) throws IOException {
        secure.finishWriting(deadline);
    }

    @Override
    public void close() {
        mux.close();
        if (dialled) {
            session.freePort(local.port());
        }
    }

    @Override
    public String local() {
        return local.toString();
    }

    @Override
    public String remote() {
        return remote.toString();
    }
}
