/**
 * Signed directory entries and their validity: what visors and servers publish about themselves, and the signatures of
 * requests to the services.
 *
 * <p>Read {@link skywire.entry.DmsgEntry} and {@link skywire.entry.TransportEntry} first. Pure values: no I/O, no clock.
 */
package skywire.entry;
