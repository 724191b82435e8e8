package skywire.noise;

/**
 * The key of one direction for frames that carry a number of their own and may come in any order, by several ways at
 * once. Immutable; hands out one cipher per thread.
 */
public final class FrameKey {
    private final byte[] key;

    FrameKey(byte[] key) {
        this.key = key;
    }

    /** A cipher for one thread at a time. */
    public FrameCipher cipher() {
        return new FrameCipher(new Aead(key));
    }

    /** Never the key. */
    @Override
    public String toString() {
        return "frame key";
    }
}
