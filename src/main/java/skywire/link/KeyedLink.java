package skywire.link;

import skywire.key.PublicKey;
import skywire.platform.Link;

/**
 * A link whose other end has proved its key, addressed by key and port: a dmsg stream, a route group.
 *
 * <p>Bytes read from it were encrypted end to end for us by the owner of {@link #remoteKey}.
 */
public interface KeyedLink extends Link {
    /** The proved key of the other end. */
    PublicKey remoteKey();

    /** The port of the other end, 1 to 65535. */
    int remotePort();

    /** Our port, 1 to 65535. */
    int localPort();
}
