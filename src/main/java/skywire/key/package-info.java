/**
 * Keys, signatures, ECDH and their text forms, all over secp256k1. Read {@link skywire.key.PublicKey} first, then {@link
 * skywire.key.SecretKey} and {@link skywire.key.Signature}.
 */
package skywire.key;
