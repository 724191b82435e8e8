/**
 * The bounded subset of Go's gob that Skywire speaks: typed values in self-describing messages.
 *
 * <p>Read {@link skywire.gob.GobSchema} (what we send), {@link skywire.gob.GobWriter}, {@link skywire.gob.GobReader}
 * and {@link skywire.gob.GobStruct} (how a received value is looked into). Nothing here does I/O.
 */
package skywire.gob;
