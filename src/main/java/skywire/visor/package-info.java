/**
 * Put a node together, in plain code, in start order; tell how it is.
 *
 * <p>Read first: {@link skywire.visor.Visor}, {@link skywire.visor.VisorConfig}, {@link skywire.visor.VisorControl}.
 */
package skywire.visor;
