package skywire.transport;

import java.io.IOException;
import skywire.key.PublicKey;
import skywire.link.KeyedLink;
import skywire.platform.Deadline;
import skywire.platform.Link;

/** A secured link with the key and ports its handshake has proved. As thread-safe as the link. */
record CarrierLink(Link link, PublicKey remoteKey, int remotePort, int localPort) implements KeyedLink {
    @Override
    public int read(byte[] b, int off, int len, Deadline deadline) throws IOException {
        return link.read(b, off, len, deadline);
    }

    @Override
    public void write(byte[] b, int off, int len, Deadline deadline) throws IOException {
        link.write(b, off, len, deadline);
    }

    @Override
    public void finishWriting(Deadline deadline) throws IOException {
        link.finishWriting(deadline);
    }

    @Override
    public void close() {
        link.close();
    }

    @Override
    public String local() {
        return link.local();
    }

    @Override
    public String remote() {
        return link.remote();
    }
}
