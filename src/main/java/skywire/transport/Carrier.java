package skywire.transport;

import java.io.Closeable;
import java.io.IOException;
import skywire.key.PublicKey;
import skywire.link.KeyedLink;
import skywire.platform.Deadline;

/**
 * A way of reaching other visors: TCP with known addresses, dmsg, … The links it makes are authenticated and encrypted;
 * what is said on them first is the {@link Settlement}. Thread-safe.
 */
public interface Carrier extends Closeable {
    /** The port transports are addressed to (transport §1). */
    int PORT = 45;

    /** Name of the type, part of the ids of its transports: {@code stcp}, {@code dmsg}. */
    String type();

    /**
     * Reaches the visor of that key.
     *
     * @throws skywire.platform.Failure of kind {@code NOT_FOUND} if it does not know where that is
     */
    KeyedLink dial(PublicKey to, Deadline deadline) throws IOException;

    /**
     * Waits for the next link from another visor; the caller owns it.
     *
     * @throws skywire.platform.Failure of kind {@code CLOSED_HERE} once the carrier is closed
     */
    KeyedLink accept() throws IOException;

    /** Stops accepting; links made stay. Idempotent. */
    @Override
    void close();
}
