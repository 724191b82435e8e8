/**
 * Agree on rules along a path, and take them back (setup).
 *
 * <p>Read {@link skywire.route.setup.RouteRequest}, then {@link skywire.route.setup.RouteBuilder} (what a setup node
 * does), {@link skywire.route.setup.RouterGateway} (what it asks of a visor) and {@link
 * skywire.route.setup.RouteDialer} (how a visor gets a route).
 */
package skywire.route.setup;
