package skywire.directory;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import skywire.packet.PathEnds;
import skywire.platform.Deadline;

/** Calculates paths over the registered transports (setup §6). Thread-safe. */
public interface RouteFinder {
    /**
     * Paths for several pairs of visors at once, in the order of the pairs. Each list has at least one path, shortest
     * first.
     *
     * @param minHops least number of transports
     * @param maxHops greatest number of transports
     * @throws skywire.platform.Failure of kind {@code NOT_FOUND} if one of the pairs has no such path
     */
    List<List<Path>> find(List<PathEnds> pairs, int minHops, int maxHops, Deadline deadline) throws IOException;

    /** Paths between two visors, shortest first. */
    default List<Path> find(PathEnds ends, int minHops, int maxHops, Deadline deadline) throws IOException {
        return new ArrayList<>(find(List.of(ends), minHops, maxHops, deadline).getFirst());
    }
}
