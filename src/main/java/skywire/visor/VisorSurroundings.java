package skywire.visor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import skywire.entry.TransportEntry;
import skywire.platform.Deadline;
import skywire.route.setup.LocalRoutes;
import skywire.route.setup.Surroundings;
import skywire.transport.Transport;
import skywire.transport.TransportSet;

/** What a visor sees of the network by its own transports and by the transport directory. Thread-safe. */
record VisorSurroundings(LocalRoutes routes, TransportSet transports) implements Surroundings {
    @Override
    public List<TransportEntry> listed(Deadline deadline) throws IOException {
        return routes.listed(deadline);
    }

    /** Addresses that are none, as those of transports over dmsg, say nothing and do no harm. */
    @Override
    public List<Sighting> sightings() {
        List<Sighting> sightings = new ArrayList<>();
        for (Transport transport : transports.list()) {
            sightings.add(new Sighting(transport.remoteKey(), transport.remote()));
            sightings.add(new Sighting(transport.entry().entry().other(transport.remoteKey()), transport.local()));
        }
        return sightings;
    }
}
