/**
 * Legs of a route group: what is sent on which, what was lost, what may be delivered. State machines without threads,
 * locks and I/O, guarded by their user and told the time.
 */
package skywire.route.mux;
