package skywire.route.setup;

import java.io.IOException;
import skywire.key.PublicKey;
import skywire.link.KeyedLink;
import skywire.platform.Deadline;

/** Reaches other nodes by key and port; in a node that is its dmsg client. Thread-safe. */
@FunctionalInterface
public interface Dialer {
    /** A fresh link to that port of that node; the caller owns it. */
    KeyedLink dial(PublicKey key, int port, Deadline deadline) throws IOException;
}
