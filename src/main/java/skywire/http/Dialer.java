package skywire.http;

import java.io.IOException;
import skywire.platform.Deadline;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Network;

/** Opens the link an HTTP request goes over: TCP, or a dmsg stream where the host is a public key. Thread-safe. */
@FunctionalInterface
public interface Dialer {
    /** Connects; the caller owns the link. */
    Link dial(HostPort to, Deadline deadline) throws IOException;

    /** Dials over TCP. */
    static Dialer tcp(Network network) {
        return network::dial;
    }
}
