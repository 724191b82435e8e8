package skywire.dmsg.server;

import java.io.IOException;
import skywire.dmsg.DmsgSession;
import skywire.dmsg.SessionObjects;
import skywire.key.PublicKey;
import skywire.platform.Deadline;
import skywire.yamux.YamuxStream;

/** A session by which requests come and are passed on: a client's, or a link to another server. */
interface Onward {
    /** Who is at the other end. */
    PublicKey key();

    /** {@code host:port} of the other end. */
    String remote();

    /** A new stream, on which the caller says something at once. */
    YamuxStream open(Deadline deadline) throws IOException;

    /** Sends and receives objects on its streams. */
    SessionObjects objects();

    /** A link that this server has dialled. */
    record Dialled(DmsgSession session) implements Onward {
        @Override
        public PublicKey key() {
            return session.serverKey();
        }

        @Override
        public String remote() {
            return session.address().toString();
        }

        @Override
        public YamuxStream open(Deadline deadline) throws IOException {
            return session.open(deadline);
        }

        @Override
        public SessionObjects objects() {
            return session.objects();
        }
    }
}
