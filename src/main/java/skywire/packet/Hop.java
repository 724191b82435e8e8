package skywire.packet;

import java.util.UUID;
import skywire.key.PublicKey;

/**
 * One transport of a path, in the direction of travel.
 *
 * @param transport id of the transport
 * @param from the visor that writes to it
 * @param to the visor that reads from it
 */
public record Hop(UUID transport, PublicKey from, PublicKey to) {
    /** The same transport travelled the other way. */
    public Hop reversed() {
        return new Hop(transport, to, from);
    }
}
