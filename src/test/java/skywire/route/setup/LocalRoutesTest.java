package skywire.route.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import skywire.directory.TransportDirectory;
import skywire.entry.SignedTransportEntry;
import skywire.entry.TransportEntry;
import skywire.key.PublicKey;
import skywire.packet.PathEnds;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.sim.Simulation;

class LocalRoutesTest {
    private static final class Directory implements TransportDirectory {
        final List<TransportEntry> entries;
        boolean away;
        int asked;

        Directory(List<TransportEntry> entries) {
            this.entries = entries;
        }

        @Override
        public void register(List<SignedTransportEntry> all, Deadline deadline) {}

        @Override
        public void delete(UUID id, Deadline deadline) {}

        @Override
        public Optional<TransportEntry> byId(UUID id, Deadline deadline) {
            return Optional.empty();
        }

        @Override
        public List<TransportEntry> byEdge(PublicKey edge, Deadline deadline) {
            return List.of();
        }

        @Override
        public List<TransportEntry> all(Deadline deadline) throws IOException {
            asked++;
            if (away) {
                throw Failure.timeout("directory");
            }
            return entries;
        }
    }

    @Test
    void aDirectoryThatIsAwayIsNotAskedEachTime() {
        Simulation.run(1, sim -> {
            var graph = new PathGraph(3);
            graph.row(0, 1, 2);
            var directory = new Directory(graph.transports);
            var routes = new LocalRoutes(sim, directory, graph::own);
            var ends = new PathEnds(PathGraph.SELF, graph.goal());
            RouteWish wish = RouteWish.hops(1, 3);
            directory.away = true;
            assertThrows(Failure.class, () -> routes.paths(ends, wish, Deadline.NEVER));
            directory.away = false;
            assertEquals(1, routes.paths(ends, wish, Deadline.NEVER).size());
            directory.away = true;
            sim.sleep(LocalRoutes.FRESH);
            for (int i = 0; i < 5; i++) {
                assertEquals(1, routes.paths(ends, wish, Deadline.NEVER).size());
            }
            assertEquals(3, directory.asked);
            sim.sleep(LocalRoutes.FRESH);
            routes.listed(Deadline.NEVER);
            assertEquals(4, directory.asked);
        });
    }
}
