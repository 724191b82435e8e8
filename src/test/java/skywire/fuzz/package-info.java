/**
 * Everything that takes bytes from strangers, fed with bad bytes: recorded corpora, cut and flipped messages, and, on
 * demand, what a fuzzer finds.
 *
 * <p>Read {@link skywire.fuzz.Decoder} first; the decoders themselves are the {@code …Fuzz} classes of each package.
 */
package skywire.fuzz;
