/**
 * The dmsg discovery: where clients and servers of dmsg publish themselves.
 *
 * <p>Read {@link skywire.service.discovery.DmsgDiscovery} first.
 */
package skywire.service.discovery;
