package skywire.route.setup;

import java.util.Optional;
import skywire.directory.Path;
import skywire.route.group.RouteGroup;

/**
 * A route group that was dialled.
 *
 * @param group belongs to the caller
 * @param path the way its first leg took, the same in both directions
 * @param legs who sees to its further legs; empty if only one was asked for
 */
public record Dialled(RouteGroup group, Path path, Optional<LegKeeper> legs) {}
