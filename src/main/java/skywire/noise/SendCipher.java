package skywire.noise;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Encrypts one direction after a handshake. A body is {@code nonce (8, big-endian) || ciphertext || tag (16)}; nonces
 * count from 1. Thread-safe: bodies of concurrent callers get distinct nonces.
 */
public final class SendCipher {
    /** Bytes a body is longer than its plaintext. */
    public static final int OVERHEAD = 8 + Aead.TAG;

    private final ReentrantLock lock = new ReentrantLock();
    private final Aead aead; // guarded by lock
    private long nonce; // guarded by lock; the last one used

    SendCipher(byte[] key) {
        this.aead = new Aead(key);
    }

    /**
     * Encrypts {@code len} bytes and writes the body to {@code out}, which must not overlap the input.
     *
     * @return length of the body, {@code len + 24}
     */
    public int seal(byte[] in, int off, int len, byte[] out, int outOff) {
        lock.lock();
        try {
            if (nonce == Long.MAX_VALUE) {
                throw new IllegalStateException("nonces are used up");
            }
            nonce++;
            for (int i = 0; i < 8; i++) {
                out[outOff + i] = (byte) (nonce >>> (56 - 8 * i));
            }
            aead.seal(nonce, Aead.noData(), in, off, len, out, outOff + 8);
            return len + OVERHEAD;
        } finally {
            lock.unlock();
        }
    }

    /** The body of a plaintext. */
    public byte[] seal(byte[] plain) {
        byte[] body = new byte[plain.length + OVERHEAD];
        seal(plain, 0, plain.length, body, 0);
        return body;
    }
}
