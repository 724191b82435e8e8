package skywire.directory;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import skywire.entry.SignedTransportEntry;
import skywire.entry.TransportEntry;
import skywire.key.PublicKey;
import skywire.platform.Deadline;

/** Where visors register their transports (transport §11). Thread-safe. */
public interface TransportDirectory {
    /** Registers transports that both edges have signed; registering one again is fine. */
    void register(List<SignedTransportEntry> entries, Deadline deadline) throws IOException;

    /** Removes a transport of our own; succeeds if it is not there. */
    void delete(UUID id, Deadline deadline) throws IOException;

    /** The transport of this id; empty only if the directory says there is none. */
    Optional<TransportEntry> byId(UUID id, Deadline deadline) throws IOException;

    /** The transports of a visor. */
    List<TransportEntry> byEdge(PublicKey edge, Deadline deadline) throws IOException;

    /** All transports. */
    List<TransportEntry> all(Deadline deadline) throws IOException;
}
