/**
 * An end-to-end encrypted stream between two visors over a route: the set-up, the stream, its end.
 *
 * <p>Read {@link skywire.route.group.RouteGroup} first, then {@link skywire.route.group.GroupSet} (all groups of a
 * visor) and {@link skywire.route.group.Router} (which puts the layer together).
 */
package skywire.route.group;
