package skywire.route.setup;

import java.io.IOException;
import java.util.List;
import skywire.directory.Path;
import skywire.directory.RouteFinder;
import skywire.packet.PathEnds;
import skywire.platform.Deadline;

/** Knows paths. Thread-safe. */
@FunctionalInterface
public interface RouteSource {
    /** Paths between two visors, best first; empty if it knows none that is wanted. */
    List<Path> paths(PathEnds ends, RouteWish wish, Deadline deadline) throws IOException;

    /** What a route finder service knows. It is not told what is excluded, so it may have paths and none of use. */
    static RouteSource of(RouteFinder finder) {
        return (ends, wish, deadline) -> finder.find(ends, wish.minHops(), wish.maxHops(), deadline).stream()
                .filter(path -> path.from().equals(ends.src()) && path.to().equals(ends.dst()))
                .filter(wish::allows)
                .toList();
    }
}
