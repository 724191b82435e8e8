package skywire.http;

import java.time.Duration;

/**
 * What an HTTP server grants its clients.
 *
 * @param body greatest size of a request's body in bytes
 * @param connections greatest number of connections at once; a further one takes the place of one without a request
 * @param connectionsPerPeer how many of them one remote address or key may have
 * @param read time for one request to arrive, from its first byte
 * @param write time for its answer to be taken
 * @param idle time without a request after which a connection is closed
 */
public record HttpLimits(
        int body, int connections, int connectionsPerPeer, Duration read, Duration write, Duration idle) {
    /** Greatest length of a request line or header line. */
    static final int LINE = 8 * 1024;

    /** Greatest number of header fields. */
    static final int FIELDS = 64;

    /** Limits of a public directory service. */
    public static final HttpLimits SERVICE =
            new HttpLimits(1 << 20, 1024, 256, Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(30));
}
