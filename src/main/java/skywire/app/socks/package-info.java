/**
 * skysocks: a SOCKS5 service on the overlay, and the local proxy that leads to one (spec resolver §7).
 *
 * <p>Read {@link skywire.app.socks.SocksServer} and {@link skywire.app.socks.SocksClient}; {@link
 * skywire.app.socks.TargetFilter} decides what a server may connect to.
 */
package skywire.app.socks;
