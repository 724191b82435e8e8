package skywire.route.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import skywire.directory.Path;
import skywire.entry.TransportEntry;
import skywire.platform.Deadline;
import skywire.sim.Simulation;

class LegPathsTest {
    private interface Part {
        void run(PathGraph graph, LegPaths paths, Suspects suspects) throws Exception;
    }

    /** Three relays; who is asked for routes names one at a time. */
    private static void with(boolean listed, Part part) {
        Simulation.run(1, sim -> {
            var graph = new PathGraph(5);
            for (int i = 1; i <= 3; i++) {
                graph.row(0, i, 4);
            }
            graph.join(0, 4, "dmsg");
            var suspects = new Suspects(sim.clock());
            RouteSource source = (ends, wish, deadline) -> graph.all(wish.minHops(), wish.maxHops()).stream()
                    .filter(wish::allows)
                    .limit(1)
                    .toList();
            var choice = new PathChoice(sim, PathGraph.SELF, graph::own, List.of(source), suspects);
            Surroundings around = listed ? around(graph) : Surroundings.UNKNOWN;
            part.run(graph, new LegPaths(sim, PathGraph.SELF, graph::own, around, choice, suspects), suspects);
        });
    }

    private static Surroundings around(PathGraph graph) {
        return new Surroundings() {
            @Override
            public List<TransportEntry> listed(Deadline deadline) {
                return graph.transports;
            }

            @Override
            public List<Sighting> sightings() {
                return List.of();
            }
        };
    }

    private static LegPlan plan(PathGraph graph, LegPaths paths, int wanted) throws Exception {
        var first = List.of(graph.path(0, 1, 4));
        return paths.plan(new LegPlan.Task(graph.goal(), wanted, 1, 4, first, LegPlan.Held.NOTHING), Deadline.NEVER);
    }

    @Test
    void asksOneByOneWhereNothingIsListed() {
        with(false, (graph, paths, suspects) -> {
            List<Path> both = new ArrayList<>(List.of(graph.path(0, 2, 4), graph.path(0, 3, 4)));
            assertEquals(new LegPlan(both, ""), plan(graph, paths, 2));
            LegPlan three = plan(graph, paths, 3);
            assertEquals(both, three.paths());
            assertTrue(three.shortfall().startsWith("no disjoint path found: no route to "), three.shortfall());
        });
    }

    @Test
    void visorsUnderSuspicionAreLeftOut() {
        for (boolean listed : new boolean[] {true, false}) {
            with(listed, (graph, paths, suspects) -> {
                suspects.add(Set.of(graph.visor(2), graph.goal()));
                assertEquals(List.of(graph.path(0, 3, 4)), plan(graph, paths, 2).paths());
                paths.works(List.of(graph.visor(2)));
                assertEquals(2, plan(graph, paths, 2).paths().size());
            });
        }
    }
}
