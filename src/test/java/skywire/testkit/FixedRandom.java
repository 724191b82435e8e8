package skywire.testkit;

import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;

/** Gives what a recording drew, in order; fails when it is used up. */
public final class FixedRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final transient Deque<byte[]> blocks = new ArrayDeque<>();
    private final transient Deque<Integer> numbers = new ArrayDeque<>();

    /** The next block of bytes drawn will be this one. */
    public FixedRandom then(byte[] block) {
        blocks.add(block);
        return this;
    }

    /** The next integer drawn will be this one. */
    public FixedRandom then(int number) {
        numbers.add(number);
        return this;
    }

    @Override
    public void nextBytes(byte[] bytes) {
        byte[] block = blocks.remove();
        if (block.length != bytes.length) {
            throw new IllegalStateException("drew " + bytes.length + " bytes, recorded " + block.length);
        }
        System.arraycopy(block, 0, bytes, 0, block.length);
    }

    @Override
    public int nextInt() {
        return numbers.remove();
    }
}
