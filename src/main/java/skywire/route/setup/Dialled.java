package skywire.route.setup;

import skywire.directory.Path;
import skywire.route.group.RouteGroup;

/**
 * A route group that was dialled.
 *
 * @param group belongs to the caller
 * @param path the way it took, the same in both directions
 */
public record Dialled(RouteGroup group, Path path) {}
