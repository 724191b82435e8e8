package skywire.bytes;

import java.util.Arrays;

/** Writes big-endian fields into a growing array. Not thread-safe. */
public final class ByteWriter {
    private byte[] bytes;
    private int size;

    /** An empty writer with room for {@code expected} bytes before it grows. */
    public ByteWriter(int expected) {
        this.bytes = new byte[Math.max(16, expected)];
    }

    private int advance(int n) {
        if (n > bytes.length - size) {
            bytes = Arrays.copyOf(bytes, Math.max(size + n, bytes.length * 2));
        }
        int from = size;
        size += n;
        return from;
    }

    /** Bytes written so far. */
    public int size() {
        return size;
    }

    /** One byte, the low eight bits of {@code v}. */
    public ByteWriter u8(int v) {
        int i = advance(1); // first: it may replace the array
        bytes[i] = (byte) v;
        return this;
    }

    /** The low 16 bits of {@code v}. */
    public ByteWriter u16(int v) {
        int i = advance(2);
        bytes[i] = (byte) (v >> 8);
        bytes[i + 1] = (byte) v;
        return this;
    }

    /** The low 32 bits of {@code v}. */
    public ByteWriter u32(long v) {
        return u16((int) (v >> 16)).u16((int) v);
    }

    /** All 64 bits. */
    public ByteWriter i64(long v) {
        return u32(v >> 32).u32(v);
    }

    /** The whole array. */
    public ByteWriter bytes(byte[] b) {
        return bytes(b, 0, b.length);
    }

    /** A part of the array. */
    public ByteWriter bytes(byte[] b, int off, int len) {
        int i = advance(len);
        System.arraycopy(b, off, bytes, i, len);
        return this;
    }

    /** Zero bytes. */
    public ByteWriter zeros(int n) {
        advance(n); // a fresh or grown array holds zeros beyond size, and size never shrinks
        return this;
    }

    /** What was written, copied. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }
}
