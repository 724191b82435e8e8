package skywire.app.socks;

import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;
import skywire.platform.Deadline;
import skywire.platform.Link;

/** A link that counts its bytes. As thread-safe as the link below. */
final class CountedLink implements Link {
    private final Link link;
    private final LongAdder sent;
    private final LongAdder received;

    CountedLink(Link link, LongAdder sent, LongAdder received) {
        this.link = link;
        this.sent = sent;
        this.received = received;
    }

    @Override
    public int read(byte[] b, int off, int len, Deadline deadline) throws IOException {
        int n = link.read(b, off, len, deadline);
        if (n > 0) {
            received.add(n);
        }
        return n;
    }

    @Override
    public void write(byte[] b, int off, int len, Deadline deadline) throws IOException {
        link.write(b, off, len, deadline);
        sent.add(len);
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
