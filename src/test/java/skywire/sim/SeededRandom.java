package skywire.sim;

import java.security.SecureRandom;
import java.util.SplittableRandom;

/** Random bytes that follow from a seed; for tests only. */
final class SeededRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final transient SplittableRandom source;

    SeededRandom(long seed) {
        super(null, null);
        this.source = new SplittableRandom(seed);
    }

    @Override
    public void nextBytes(byte[] bytes) {
        source.nextBytes(bytes);
    }

    @Override
    public byte[] generateSeed(int numBytes) {
        byte[] seed = new byte[numBytes];
        nextBytes(seed);
        return seed;
    }

    @Override
    public void setSeed(long seed) {
        // called by the constructor of Random, before there is a source; reseeding would break the replay
    }

    @Override
    public void setSeed(byte[] seed) {
        // as above
    }

    @Override
    public String getAlgorithm() {
        return "seeded";
    }

    @Override
    public String toString() {
        return "seeded";
    }
}
