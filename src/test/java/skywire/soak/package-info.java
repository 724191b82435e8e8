/**
 * A long run of a whole network that is never at rest, and what it leaves behind: {@code make soak}.
 *
 * <p>Read {@link skywire.soak.Soak} first.
 */
package skywire.soak;
