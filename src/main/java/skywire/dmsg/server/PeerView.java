package skywire.dmsg.server;

import java.time.Duration;
import java.util.Optional;
import skywire.key.PublicKey;

/**
 * The link with another server, at one moment.
 *
 * @param key the other server
 * @param address where it is dialled, {@code host:port}; empty if it only comes to us
 * @param outbound whether we dial it
 * @param inbound whether it has a session with us
 * @param state one word: {@code up}, or what it is instead
 * @param rtt time of the last ping over it
 * @param forwarded streams forwarded over it so far
 * @param up how long it has been up; zero while it is not
 */
public record PeerView(
        PublicKey key,
        String address,
        boolean outbound,
        boolean inbound,
        String state,
        Optional<Duration> rtt,
        long forwarded,
        Duration up) {
    /** Whether it can be used now. */
    public boolean isUp() {
        return state.equals("up");
    }
}
