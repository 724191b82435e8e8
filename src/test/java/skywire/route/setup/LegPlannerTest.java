package skywire.route.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import skywire.directory.Path;

class LegPlannerTest {
    private static final Places NOWHERE = new Places(List.of());

    private static LegPlan plan(PathGraph graph, Places places, int seed, int wanted, int min, int max, Path... taken) {
        return plan(
                graph,
                places,
                seed,
                new LegPlan.Task(graph.goal(), wanted, min, max, List.of(taken), LegPlan.Held.NOTHING));
    }

    private static LegPlan plan(PathGraph graph, Places places, int seed, LegPlan.Task task) {
        return new LegPlanner(PathGraph.SELF, graph.own(), graph.transports, places, new Random(seed)).plan(task);
    }

    /** Visor 0 and visor {@code relays + 1}, joined by relays. */
    private static PathGraph relays(int relays) {
        var graph = new PathGraph(relays + 2);
        for (int i = 1; i <= relays; i++) {
            graph.row(0, i, relays + 1);
        }
        return graph;
    }

    private static Places at(PathGraph graph, String... addresses) {
        List<Surroundings.Sighting> seen = new ArrayList<>();
        for (int i = 0; i < addresses.length; i++) {
            if (!addresses[i].isEmpty()) {
                seen.add(new Surroundings.Sighting(graph.visor(i), addresses[i]));
            }
        }
        return new Places(seen);
    }

    @Test
    void everyRelayOnce() {
        PathGraph graph = relays(4);
        LegPlan plan = plan(graph, NOWHERE, 1, 3, 1, 3, graph.path(0, 1, 5));
        assertEquals(3, plan.paths().size());
        assertEquals("", plan.shortfall());
    }

    @Test
    void theDirectTransportIsALegIfItMayBe() {
        PathGraph graph = relays(1);
        graph.row(0, 2);
        Path first = graph.path(0, 1, 2);
        assertEquals(
                List.of(graph.path(0, 2)),
                plan(graph, NOWHERE, 1, 2, 1, 3, first).paths());
        LegPlan without = plan(graph, NOWHERE, 1, 2, 2, 3, first);
        assertEquals(List.of(), without.paths());
        assertEquals("there is no other way of 2 to 3 hops", without.shortfall());
    }

    @Test
    void directTransportsInParallelAreALegEach() {
        PathGraph graph = new PathGraph(2);
        graph.row(0, 1);
        graph.join(0, 1, "sudph");
        graph.join(0, 1, "dmsg");
        LegPlan plan = plan(graph, NOWHERE, 1, 2, 1, 3, graph.path(0, 1));
        assertEquals(1, plan.paths().size());
        assertEquals("the only other ways use dmsg", plan.shortfall());
    }

    /** The shortest path goes through both of the longer ones. */
    @Test
    void theShortestPathIsNotTakenIfItIsInTheWay() {
        var graph = new PathGraph(8);
        graph.row(0, 1, 2, 3, 7); // one way
        graph.row(0, 4, 5, 6, 7); // the other
        graph.row(1, 6); // a way across, which is shorter
        for (int seed = 0; seed < 20; seed++) {
            LegPlan plan = plan(graph, NOWHERE, seed, 2, 1, 6);
            assertEquals(2, plan.paths().size(), "seed " + seed);
        }
    }

    @Test
    void namesTheRelayThatAllOthersPass() {
        var graph = new PathGraph(5);
        graph.row(0, 1, 4);
        graph.row(0, 2, 1);
        graph.row(0, 3, 1);
        LegPlan plan = plan(graph, NOWHERE, 1, 3, 1, 4, graph.path(0, 1, 4));
        assertEquals("no disjoint path left: all others pass " + graph.visor(1).brief(), plan.shortfall());
    }

    @Test
    void whatFailedAShortTimeAgoIsLeftOutAndSaid() {
        PathGraph graph = relays(3);
        var held = new LegPlan.Held(Set.of(graph.visor(2)), Set.of());
        LegPlan plan =
                plan(graph, NOWHERE, 1, new LegPlan.Task(graph.goal(), 2, 1, 3, List.of(graph.path(0, 1, 4)), held));
        assertEquals(List.of(graph.path(0, 3, 4)), plan.paths());
        assertEquals("the only other ways failed a short time ago", plan.shortfall());
    }

    @Test
    void takesTransportsOfOursOnlyIfTheyAreAlive() {
        PathGraph graph = relays(2);
        var own = graph.own().stream().filter(t -> t.hasEdge(graph.visor(1))).toList();
        var task = new LegPlan.Task(graph.goal(), 2, 1, 3, List.of(), LegPlan.Held.NOTHING);
        LegPlan plan = new LegPlanner(PathGraph.SELF, own, graph.transports, NOWHERE, new Random(1)).plan(task);
        assertEquals(List.of(graph.path(0, 1, 3)), plan.paths());
    }

    @Test
    void otherLocalNetworksFirst() {
        PathGraph graph = relays(4);
        // the first relay beside us, the second beside the far end, the third beside the fourth
        Places places = at(graph, "10.1.1.1:5", "10.1.1.9:5", "10.1.2.9:5", "10.1.3.1:5", "10.1.3.2:5", "10.1.2.1:5");
        for (int seed = 0; seed < 20; seed++) {
            LegPlan two = plan(graph, places, seed, 2, 1, 3);
            assertTrue(two.paths().getFirst().relays().getFirst().equals(graph.visor(3))
                    || two.paths().getFirst().relays().getFirst().equals(graph.visor(4)));
            assertEquals(4, plan(graph, places, seed, 4, 1, 3).paths().size(), "they are better than none");
        }
    }

    @Test
    void onLoopbackNobodyIsBesideAnybody() {
        PathGraph graph = relays(2);
        Places places = at(graph, "127.0.0.1:1", "127.0.0.1:2", "[::1]:3", "127.0.0.1:4");
        assertEquals(Set.of(), places.beside(graph.visors));
    }

    @Test
    void aPlaceIsTheFirst24BitsOr64() {
        PathGraph graph = relays(5);
        Places places = at(
                graph,
                "192.168.1.5:1",
                "192.168.1.77:2",
                "192.168.2.5:1",
                "[2001:db8:1:2:3::1]:1",
                "[2001:db8:1:2:ffff::9]:9",
                "[2001:db8:1:3::1]:9",
                "02ab:46");
        assertEquals(Set.of(graph.visor(0), graph.visor(1)), places.beside(List.of(graph.visor(1))));
        assertEquals(Set.of(graph.visor(2)), places.beside(List.of(graph.visor(2))));
        assertEquals(Set.of(graph.visor(3), graph.visor(4)), places.beside(List.of(graph.visor(3))));
        assertEquals(Set.of(), places.beside(List.of(graph.visor(6))));
    }
}
