package skywire.service.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import skywire.directory.Path;
import skywire.entry.TransportEntry;
import skywire.http.HttpRequest;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.packet.PathEnds;
import skywire.platform.Failure;
import skywire.testkit.FixedTime;

@Timeout(20)
class RouteGraphTest {
    private static final int MANY = 1_000_000;

    private final Random random = new Random(7);
    private final List<PublicKey> keys = new ArrayList<>();
    private final List<TransportEntry> transports = new ArrayList<>();

    private PublicKey key(int i) {
        while (keys.size() <= i) {
            String seed = "visor " + keys.size();
            keys.add(SecretKey.fromSeed(seed.getBytes(StandardCharsets.UTF_8)).publicKey());
        }
        return keys.get(i);
    }

    private TransportEntry link(int a, int b, String type) {
        TransportEntry entry = TransportEntry.of(key(a), key(b), type, TransportEntry.USER);
        transports.add(entry);
        return entry;
    }

    private PathEnds ends(int a, int b) {
        return new PathEnds(key(a), key(b));
    }

    private List<Path> find(PathEnds ends, int min, int max, int most) {
        return RouteGraph.of(transports)
                .paths(ends, min, max, most, new RouteGraph.Steps(MANY), random)
                .orElseThrow();
    }

    @Test
    void shortestFirstAndNoVisorTwice() {
        for (int i = 0; i < 8; i++) {
            for (int j = i + 1; j < 8; j++) {
                if ((i + j) % 3 != 0) {
                    link(i, j, "stcp");
                }
            }
        }
        List<Path> paths = find(ends(0, 3), 0, 5, 40);
        assertEquals(40, paths.size());
        int before = 1;
        for (Path path : paths) {
            assertTrue(path.length() >= before && path.length() <= 5);
            before = path.length();
            Set<PublicKey> seen = new LinkedHashSet<>(List.of(path.from()));
            path.hops().forEach(hop -> assertTrue(seen.add(hop.to()), "a loop"));
            assertEquals(ends(0, 3), new PathEnds(path.from(), path.to()));
        }
        assertEquals(40, new LinkedHashSet<>(paths).size(), "none twice");
    }

    @Test
    void theLeastNumberOfHopsIsKept() {
        link(0, 1, "stcp");
        link(1, 2, "stcp");
        link(2, 3, "stcp");
        link(0, 3, "stcp");
        assertEquals(
                List.of(3), find(ends(0, 3), 2, 9, 5).stream().map(Path::length).toList());
        assertEquals(
                List.of(1, 3),
                find(ends(0, 3), 0, 9, 5).stream().map(Path::length).toList());
    }

    @Test
    void directTransportsBeforeRelayedOnes() {
        link(0, 1, "dmsg");
        UUID direct = link(0, 1, "stcp").id();
        link(0, 1, "dmsg");
        assertEquals(
                direct, find(ends(0, 1), 0, 1, 5).getFirst().hops().getFirst().transport());
    }

    @Test
    void whatDoesNotFitIsLeftOut() {
        link(0, 0, "stcp");
        var forged =
                new TransportEntry(UUID.fromString("91ec6d84-fe9d-004c-bfff-12aeafa219c4"), key(0), key(1), "stcp", "");
        RouteGraph graph = RouteGraph.of(List.of(transports.getFirst(), forged));
        assertFalse(graph.knows(key(0)));
        assertTrue(graph.paths(ends(0, 1), 0, 9, 5, new RouteGraph.Steps(MANY), random)
                .isEmpty());
    }

    /** Many visors, all linked, and a least length nobody asks for: the search must give up. */
    @Test
    void aHardQuestionIsGivenUp() throws Exception {
        for (int i = 0; i < 60; i++) {
            for (int j = i + 1; j < 60; j++) {
                link(i, j, "stcp");
            }
        }
        link(60, 61, "stcp");
        var steps = new RouteGraph.Steps(10_000);
        RouteGraph graph = RouteGraph.of(transports);
        graph.paths(ends(0, 1), 59, 64, 1_000_000, steps, random);
        assertFalse(steps.take());
    }

    @Test
    void anOldListServesWhileTheDiscoveryIsSilent() throws Exception {
        link(0, 1, "stcp");
        var time = new FixedTime(Instant.EPOCH);
        var silent = new boolean[] {true};
        var graph = new FreshGraph(time, Duration.ofSeconds(5), deadline -> {
            if (silent[0]) {
                throw new Failure(Failure.Kind.UNREACHABLE, "nobody there");
            }
            return transports;
        });
        assertThrows(IOException.class, () -> graph.get(time.in(Duration.ofSeconds(1))));
        assertTrue(graph.trouble().orElseThrow().contains("nobody there"));
        silent[0] = false;
        assertTrue(graph.get(time.in(Duration.ofSeconds(1))).knows(key(0)));
        assertTrue(graph.trouble().isEmpty());
        silent[0] = true;
        time.pass(Duration.ofMinutes(4));
        assertTrue(graph.get(time.in(Duration.ofSeconds(1))).knows(key(0)));
        assertTrue(graph.trouble().isPresent());
        time.pass(Duration.ofMinutes(2));
        assertThrows(IOException.class, () -> graph.get(time.in(Duration.ofSeconds(1))));
    }

    @Test
    void manyPairsAndWrongTypesAreRefused() throws Exception {
        var routes = new RouteApi(
                        skywire.platform.Platform.system(),
                        new FreshGraph(new FixedTime(Instant.EPOCH), Duration.ZERO, deadline -> transports))
                .routes();
        String pair = "\"" + ends(0, 1) + "\"";
        for (String body : List.of(
                "{\"Edges\":[" + (pair + ",").repeat(16) + pair + "],\"Opts\":null}",
                "{\"Edges\":7}",
                "{\"Edges\":[\"ab:cd\"]}",
                "{\"Edges\":[" + pair + "],\"Opts\":{\"MinHops\":\"x\"}}",
                "[]")) {
            assertEquals(
                    400,
                    routes.handle(HttpRequest.json("POST", "/routes", body)).status(),
                    body);
        }
    }
}
