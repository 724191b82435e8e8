package skywire.packet;

import skywire.bytes.ByteWriter;

/**
 * Selective acknowledgement of sequenced data (routing §1, mux §2.2).
 *
 * @param routeId the id in the receiver's table
 * @param payload {@code last contiguous u32 ‖ word count u8 ‖ words u64…},
 *     or the older form of exactly 12 bytes, {@code last u32 ‖ word u64}
 */
public record Sack(long routeId, byte[] payload) implements Packet {
    /** Type number. */
    public static final int TYPE = 7;

    /** Checks the ranges. */
    public Sack {
        Payload.check("SACK", routeId, payload, 5);
    }

    /** The most words of a bitmap that are believed. */
    public static final int MAX_WORDS = 32;

    private static final int OLD_LENGTH = 12;

    /** The newer form; trailing zero words are left out. */
    public static Sack of(long routeId, long lastContiguous, long... words) {
        int n = words.length;
        while (n > 0 && words[n - 1] == 0) {
            n--;
        }
        if (n > MAX_WORDS) {
            throw new IllegalArgumentException("at most " + MAX_WORDS + " words");
        }
        var out = new ByteWriter(5 + 8 * n).u32(lastContiguous).u8(n);
        for (int i = 0; i < n; i++) {
            out.i64(words[i]);
        }
        return new Sack(routeId, out.toBytes());
    }

    /** The older form of 12 bytes, harmless to every peer. */
    public static Sack old(long routeId, long lastContiguous, long word) {
        return new Sack(
                routeId,
                new ByteWriter(OLD_LENGTH).u32(lastContiguous).i64(word).toBytes());
    }

    /** Whether it is the older form. */
    public boolean isOld() {
        return payload.length == OLD_LENGTH;
    }

    /** The highest sequence number up to which everything has arrived. */
    public long lastContiguous() {
        return Payload.u32(payload, 0);
    }

    /**
     * The bitmap: bit i of word w says that sequence number {@code last + 1 + 64 w + i} has arrived. A truncated or
     * oversized one counts as no words.
     */
    public long[] words() {
        if (isOld()) {
            return new long[] {Payload.i64(payload, 4)};
        }
        int n = payload[4] & 0xff;
        if (n > MAX_WORDS || payload.length < 5 + 8 * n) {
            return new long[0];
        }
        long[] words = new long[n];
        for (int i = 0; i < n; i++) {
            words[i] = Payload.i64(payload, 5 + 8 * i);
        }
        return words;
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public boolean equals(Object other) {
        return Payload.same(this, other);
    }

    @Override
    public int hashCode() {
        return Payload.hash(this);
    }

    @Override
    public String toString() {
        return Payload.text(this);
    }
}
