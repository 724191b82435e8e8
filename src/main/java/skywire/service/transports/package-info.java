/**
 * The transport discovery: keeps what visors register about the links between them, and gives it out.
 *
 * <p>Read {@link skywire.service.transports.TransportDiscovery} first.
 */
package skywire.service.transports;
