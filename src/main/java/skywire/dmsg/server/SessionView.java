package skywire.dmsg.server;

import java.time.Duration;
import skywire.key.PublicKey;

/**
 * The session of one client, at one moment.
 *
 * @param key the client
 * @param remote where it comes from, {@code host:port}
 * @param up how long it has been there
 * @param streams its streams now, requests included
 * @param peer whether it is another server, which forwards over it
 * @param bytes what its streams have carried, both directions together
 */
public record SessionView(PublicKey key, String remote, Duration up, int streams, boolean peer, long bytes) {}
