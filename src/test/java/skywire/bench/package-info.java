/**
 * Measures what the project promises: {@code make bench}. Not part of the jar.
 *
 * <p>Read {@link skywire.bench.Bench} first. Every figure comes from processes of their own, started with the options
 * that {@code bin/skywire} gives to a lasting program.
 */
package skywire.bench;
