/**
 * Long-lived links between two visors that carry routing packets, and the carriers that make them.
 *
 * <p>Read {@link skywire.transport.TransportSet} first (all transports of a visor), then {@link
 * skywire.transport.Transport} and {@link skywire.transport.Carrier}.
 */
package skywire.transport;
