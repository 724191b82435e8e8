/**
 * A whole world in one thread: seeded interleaving of virtual threads, virtual time, an in-memory network with faults.
 * The same production code runs in it thousands of times faster than real time, and a seed replays exactly.
 *
 * <p>Read {@link skywire.sim.Simulation} first, then {@link skywire.sim.SimNetwork} for the faults. What must hold for
 * code that runs in here: no monitors that wait, no threads but those of {@link skywire.platform.Platform}, no timed
 * waits of {@code java.util.concurrent}, no behaviour that follows the order of identity hashes or of {@code Set.of}.
 */
package skywire.sim;
