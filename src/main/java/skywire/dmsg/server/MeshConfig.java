package skywire.dmsg.server;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import skywire.key.PublicKey;
import skywire.platform.HostPort;

/**
 * How a dmsg server is linked to others (dmsg §7, §8). Immutable.
 *
 * @param peers servers it links to besides those its discoveries list
 * @param announce whether it tells the servers it links to that its own clients are reached through it
 * @param accept whom it believes that
 * @param accepted the keys it believes, if {@code accept} is {@link Accept#LISTED}
 */
public record MeshConfig(Map<PublicKey, HostPort> peers, boolean announce, Accept accept, Set<PublicKey> accepted) {
    /** No peers of its own, no announcements in either direction. */
    public static final MeshConfig NONE = new MeshConfig(Map.of(), false, Accept.NOBODY, Set.of());

    /** Whose announcements are taken. */
    public enum Accept {
        /** Nobody's but those of configured and listed servers, which are peers anyway. */
        NOBODY,
        /** Those of certain keys. */
        LISTED,
        /** Everybody's. */
        ANYBODY
    }

    /** Copies the collections, in their order. */
    public MeshConfig {
        peers = new LinkedHashMap<>(peers);
        accepted = new LinkedHashSet<>(accepted);
    }

    /** Whether an announcement of this key is believed. */
    boolean accepts(PublicKey key) {
        return switch (accept) {
            case NOBODY -> false;
            case LISTED -> accepted.contains(key);
            case ANYBODY -> true;
        };
    }
}
