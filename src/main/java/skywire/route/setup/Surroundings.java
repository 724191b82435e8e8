package skywire.route.setup;

import java.io.IOException;
import java.util.List;
import skywire.entry.TransportEntry;
import skywire.key.PublicKey;
import skywire.platform.Deadline;
import skywire.platform.Failure;

/** What a visor knows of the network around it; the further legs of its route groups are chosen by that. Thread-safe. */
public interface Surroundings {
    /** Nothing is known: then only who is asked for routes can tell of ways. */
    Surroundings UNKNOWN = new Surroundings() {
        @Override
        public List<TransportEntry> listed(Deadline deadline) throws Failure {
            throw new Failure(Failure.Kind.NOT_FOUND, "no list of transports");
        }

        @Override
        public List<Sighting> sightings() {
            return List.of();
        }
    };

    /**
     * An address at which a visor was seen.
     *
     * @param visor another visor or this one
     * @param address {@code host:port}; anything else says nothing
     */
    record Sighting(PublicKey visor, String address) {}

    /** The transports that are registered, also those of others. */
    List<TransportEntry> listed(Deadline deadline) throws IOException;

    /** Addresses of this visor and of its neighbours, as its transports show them. */
    List<Sighting> sightings();
}
