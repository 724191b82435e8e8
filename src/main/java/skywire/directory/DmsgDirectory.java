package skywire.directory;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import skywire.entry.DmsgEntry;
import skywire.key.PublicKey;
import skywire.platform.Deadline;

/** Where dmsg clients and servers publish themselves and look each other up (discovery §2). Thread-safe. */
public interface DmsgDirectory {
    /**
     * The entry of a key.
     *
     * @return empty only if the directory says there is none; every other failure is thrown
     * @throws skywire.platform.Failure of kind {@code UNTRUSTED} if the directory has one that is not to be used
     */
    Optional<DmsgEntry> entry(PublicKey key, Deadline deadline) throws IOException;

    /**
     * What is stored of a key, whether it is to be believed or not: whoever publishes has to follow it.
     *
     * @return as {@link #entry}
     */
    default Optional<DmsgEntry> stored(PublicKey key, Deadline deadline) throws IOException {
        return entry(key, deadline);
    }

    /** Whether a server it listed is one of those who run the network. */
    default boolean isOfficial(DmsgEntry server) {
        return server.server().map(info -> info.serverType().equals("official")).orElse(false);
    }

    /** What was wrong with the entries it gave. */
    default Doubts doubts() {
        return Doubts.NONE;
    }

    /**
     * Publishes a signed entry.
     *
     * @throws skywire.platform.Failure of kind {@code REFUSED} if the directory says no, e.g. because a later entry of
     *     the key is stored ({@link EntryPublisher} deals with that)
     */
    void publish(DmsgEntry entry, Deadline deadline) throws IOException;

    /** Removes the entry of a key; {@code entry} is a freshly signed one of it. Succeeds if there is none. */
    void delete(DmsgEntry entry, Deadline deadline) throws IOException;

    /** Servers that take more sessions, best first; empty if there are none. */
    List<DmsgEntry> availableServers(Deadline deadline) throws IOException;

    /** All servers, full ones too, in any order; empty if there are none. */
    List<DmsgEntry> allServers(Deadline deadline) throws IOException;
}
