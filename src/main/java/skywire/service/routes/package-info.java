/**
 * The route finder: calculates paths over the registered transports for visors that ask.
 *
 * <p>Read {@link skywire.service.routes.RouteFinderService} first, then {@link skywire.service.routes.RouteGraph}.
 */
package skywire.service.routes;
