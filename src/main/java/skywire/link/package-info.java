/**
 * What wraps, joins or views links.
 *
 * <p>Read {@link skywire.link.KeyedLink} first, then {@link skywire.link.SecureLink}.
 */
package skywire.link;
