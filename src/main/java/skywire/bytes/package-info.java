/**
 * Bounded binary fields and shared buffers; the only place that slices arrays.
 *
 * <p>Read {@link skywire.bytes.ByteReader} first.
 */
package skywire.bytes;
