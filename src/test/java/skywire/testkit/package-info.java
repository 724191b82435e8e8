/**
 * Tools of the tests: the same test in the real and in the simulated world, checks that nothing is left behind.
 *
 * <p>Read {@link skywire.testkit.World} first.
 */
package skywire.testkit;
