package skywire.noise;

import skywire.platform.Failure;

/**
 * Seals and opens frames under their numbers. The user never seals two different frames under one number; a frame that
 * does not open says nothing about the others. Not thread-safe.
 */
public final class FrameCipher {
    /** Bytes a sealed frame is longer. */
    public static final int OVERHEAD = Aead.TAG;

    private final Aead aead;

    FrameCipher(Aead aead) {
        this.aead = aead;
    }

    /** Seals {@code len} bytes in their place; {@value #OVERHEAD} bytes after them are written too. */
    public void seal(long number, byte[] frame, int off, int len) {
        aead.seal(number, Aead.noData(), frame, off, len, frame, off);
    }

    /**
     * Opens a sealed frame.
     *
     * @return its plaintext, {@code len - 16} bytes
     * @throws Failure of kind {@code UNTRUSTED} if it does not authenticate under that number
     */
    public byte[] open(long number, byte[] frame, int off, int len) throws Failure {
        if (len < OVERHEAD) {
            throw Failure.untrusted("sealed frame of " + len + " bytes");
        }
        byte[] plain = new byte[len - OVERHEAD];
        aead.open(number, Aead.noData(), frame, off, len, plain, 0);
        return plain;
    }
}
