/**
 * Noise handshakes over secp256k1 and the ciphers after them. Pure: no I/O, no threads.
 *
 * <p>Read {@link skywire.noise.Handshake} first, then {@link skywire.noise.SendCipher} and {@link
 * skywire.noise.ReceiveCipher}.
 */
package skywire.noise;
