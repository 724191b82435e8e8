package skywire.noise;

import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import skywire.bytes.MalformedException;
import skywire.platform.Failure;

/**
 * Decrypts one direction after a handshake. Use either {@link #open} (a reliable stream of frames: nothing may be
 * missing) or {@link #openAny} (single objects that may come out of order), not both on one cipher. Thread-safe.
 */
public final class ReceiveCipher {
    private final ReentrantLock lock = new ReentrantLock();
    private final Aead aead; // guarded by lock
    private final ReplayWindow window = new ReplayWindow(); // guarded by lock
    private long last; // guarded by lock; nonce of the last frame in order
    private boolean broken; // guarded by lock; a frame was wrong, nothing after it is trusted

    ReceiveCipher(byte[] key) {
        this.aead = new Aead(key);
    }

    /**
     * Decrypts the next body of a stream of frames; {@code out} may be the place of the ciphertext ({@code in} at
     * {@code off + 8}). The nonce must be exactly one above the previous: a relay that drops a frame is noticed. After
     * a failure every later call fails.
     *
     * @return length of the plaintext, {@code len - 24}
     * @throws MalformedException if the body is too short
     * @throws Failure of kind {@code UNTRUSTED} if it is not the next one or does not authenticate
     */
    public int open(byte[] in, int off, int len, byte[] out, int outOff) throws IOException {
        long nonce = nonce(in, off, len);
        lock.lock();
        try {
            if (broken || nonce != last + 1) {
                broken = true;
                throw Failure.untrusted("frame out of order");
            }
            broken = true; // until it has authenticated
            aead.open(nonce, Aead.noData(), in, off + 8, len - 8, out, outOff);
            broken = false;
            last = nonce;
            return len - SendCipher.OVERHEAD;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Decrypts a body that may come out of order, at most once each, at most {@link ReplayWindow#SIZE} behind the
     * newest. A failure affects this body only.
     *
     * @throws MalformedException if the body is too short
     * @throws Failure of kind {@code UNTRUSTED} if it was seen before, is too old or does not authenticate
     */
    public byte[] openAny(byte[] body) throws IOException {
        long nonce = nonce(body, 0, body.length);
        byte[] plain = new byte[body.length - SendCipher.OVERHEAD];
        lock.lock();
        try {
            if (!window.fresh(nonce)) {
                throw Failure.untrusted("repeated or outdated nonce");
            }
            aead.open(nonce, Aead.noData(), body, 8, body.length - 8, plain, 0);
            window.mark(nonce);
            return plain;
        } finally {
            lock.unlock();
        }
    }

    private static long nonce(byte[] in, int off, int len) throws MalformedException {
        if (len < SendCipher.OVERHEAD) {
            throw new MalformedException("encrypted body of " + len + " bytes");
        }
        long nonce = 0;
        for (int i = 0; i < 8; i++) {
            nonce = nonce << 8 | in[off + i] & 0xff;
        }
        return nonce;
    }
}
