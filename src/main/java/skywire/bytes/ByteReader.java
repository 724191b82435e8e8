package skywire.bytes;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads big-endian fields from an array and never past its end. Every method throws {@link MalformedException} when
 * fewer bytes are left than it needs. Not thread-safe.
 */
public final class ByteReader {
    private final byte[] bytes;
    private final int end;
    private int at;

    /** Reads the whole array, which is not copied. */
    public ByteReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    /** Reads {@code len} bytes from {@code off} on. */
    public ByteReader(byte[] bytes, int off, int len) {
        java.util.Objects.checkFromIndexSize(off, len, bytes.length);
        this.bytes = bytes;
        this.at = off;
        this.end = off + len;
    }

    /** Bytes left. */
    public int left() {
        return end - at;
    }

    /** Index of the next byte in the array. */
    public int position() {
        return at;
    }

    private int advance(int n) throws MalformedException {
        if (n < 0 || n > end - at) {
            throw new MalformedException("needs " + n + " bytes, " + (end - at) + " left");
        }
        int from = at;
        at += n;
        return from;
    }

    /** An unsigned byte. */
    public int u8() throws MalformedException {
        return bytes[advance(1)] & 0xff;
    }

    /** An unsigned 16-bit integer. */
    public int u16() throws MalformedException {
        int i = advance(2);
        return (bytes[i] & 0xff) << 8 | bytes[i + 1] & 0xff;
    }

    /** An unsigned 32-bit integer. */
    public long u32() throws MalformedException {
        return (long) u16() << 16 | u16();
    }

    /** A signed 64-bit integer (or the bits of an unsigned one). */
    public long i64() throws MalformedException {
        return u32() << 32 | u32();
    }

    /** The next {@code n} bytes, copied; {@code n} is checked against what is really there before allocating. */
    public byte[] bytes(int n) throws MalformedException {
        int from = advance(n);
        return Arrays.copyOfRange(bytes, from, from + n);
    }

    /** All bytes left, copied. */
    public byte[] rest() throws MalformedException {
        return bytes(left());
    }

    /** Skips {@code n} bytes. */
    public void skip(int n) throws MalformedException {
        advance(n);
    }

    /** The next {@code n} bytes as strict UTF-8. */
    public String utf8(int n) throws MalformedException {
        int from = advance(n);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(java.nio.ByteBuffer.wrap(bytes, from, n))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedException("text is not UTF-8");
        }
    }

    /** Throws unless everything has been read. */
    public void end() throws MalformedException {
        if (at != end) {
            throw new MalformedException((end - at) + " bytes too many");
        }
    }
}
