/**
 * What a node needs of the world (time, threads, network, randomness), and the real world behind it.
 *
 * <p>Read {@link skywire.platform.Platform} first, then {@link skywire.platform.Link} and {@link
 * skywire.platform.Scope}.
 */
package skywire.platform;
