/**
 * A whole network in one process: services, dmsg servers, visors in a mesh, and a proxy through it.
 *
 * <p>Read first: {@link skywire.local.LocalNetwork}.
 */
package skywire.local;
