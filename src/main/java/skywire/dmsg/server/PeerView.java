package skywire.dmsg.server;

import java.time.Duration;
import java.util.Optional;
import skywire.key.PublicKey;

/**
 * Another server that this one knows, as it is now.
 *
 * @param key its key
 * @param address {@code host:port} it was reached at or comes from
 * @param outbound whether we have dialled it
 * @param inbound whether it has dialled us
 * @param state how far it takes part
 * @param rtt round trip, once measured; of a link that we dialled only
 * @param forwarded streams passed on to it since the link came up
 * @param up how long the link has been up
 */
public record PeerView(
        PublicKey key,
        String address,
        boolean outbound,
        boolean inbound,
        PeerState state,
        Optional<Duration> rtt,
        long forwarded,
        Duration up) {
    /** Whether requests are passed on to it. */
    public boolean isUp() {
        return state.forwards();
    }
}
