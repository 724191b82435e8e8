package skywire.route.mux;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import skywire.bytes.ByteReader;
import skywire.bytes.ByteWriter;
import skywire.bytes.MalformedException;

/** What the ends of a group in the full form tell each other, sealed, inside Data packets (docs/wire/mux.md §3). */
public sealed interface Control {
    /** The longest reason of a {@link Status}, in bytes. */
    int MOST_TEXT = 1024;

    /** Words of an acknowledgement; each stands for 64 packets. */
    int MOST_WORDS = 32;

    /** Plaintext of the frame. */
    byte[] encode();

    /**
     * What has arrived.
     *
     * @param next number of the first packet that has not
     * @param credit bytes of the stream, from its beginning, that may be sent
     * @param seen version of the last {@link Status} that was taken
     * @param words bit i of word w: packet {@code next + 64 w + i} has arrived
     */
    record Ack(long next, long credit, long seen, long[] words) implements Control {
        private static final int KIND = 1;

        @Override
        public byte[] encode() {
            var out = new ByteWriter(22 + 8 * words.length);
            out.u8(KIND).i64(next).i64(credit).u32(seen).u8(words.length);
            for (long word : words) {
                out.i64(word);
            }
            return out.toBytes();
        }

        private static Ack decode(ByteReader in) throws MalformedException {
            long next = in.i64();
            long credit = in.i64();
            long seen = in.u32();
            int n = in.u8();
            if (n > MOST_WORDS || next < 0 || credit < 0) {
                throw new MalformedException("acknowledgement out of range");
            }
            long[] words = new long[n];
            for (int i = 0; i < n; i++) {
                words[i] = in.i64();
            }
            in.end();
            return new Ack(next, credit, seen, words);
        }

        /** Whether that packet has arrived. */
        boolean has(long sequence) {
            long at = sequence - next;
            return at < 0 || at < 64L * words.length && (words[(int) (at >> 6)] >> (at & 63) & 1) != 0;
        }

        @Override
        public boolean equals(Object o) {
            return o instanceof Ack a && Arrays.equals(encode(), a.encode());
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(encode());
        }

        @Override
        public String toString() {
            return "ack " + next + " + " + words.length + " words, credit " + credit;
        }
    }

    /**
     * How the sender of this wants the group to be; sent again until it is seen. Each one replaces those before it.
     *
     * @param version counts up
     * @param width legs the receiver of this may send on at once
     * @param legs what is wanted of legs; those not named are as any
     * @param end number of packets in the whole stream once it has ended, else −1
     * @param text why it has ended, empty if there is nothing to say
     */
    record Status(long version, int width, List<LegWish> legs, long end, String text) implements Control {
        private static final int KIND = 2;

        /** Copies the list. */
        public Status {
            legs = List.copyOf(legs);
        }

        @Override
        public byte[] encode() {
            byte[] why = text.getBytes(StandardCharsets.UTF_8);
            int n = Math.min(why.length, MOST_TEXT);
            var out = new ByteWriter(17 + 3 * legs.size() + n);
            out.u8(KIND).u32(version).u8(width).u8(legs.size());
            for (LegWish wish : legs) {
                out.u16(wish.leg()).u8(wish.code());
            }
            return out.i64(end).bytes(why, 0, n).toBytes();
        }

        private static Status decode(ByteReader in) throws MalformedException {
            long version = in.u32();
            int width = in.u8();
            int n = in.u8();
            List<LegWish> legs = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                legs.add(new LegWish(in.u16(), in.u8()));
            }
            long end = in.i64();
            if (in.left() > MOST_TEXT || width == 0 || end < -1) {
                throw new MalformedException("status out of range");
            }
            return new Status(version, width, legs, end, new String(in.rest(), StandardCharsets.UTF_8));
        }
    }

    /**
     * What is wanted of a leg.
     *
     * @param leg its number
     * @param code {@link #STANDBY}: to be sent on only if there is no other; {@link #RETIRED}: to be given up
     */
    record LegWish(int leg, int code) {
        /** Kept warm. */
        public static final int STANDBY = 1;

        /** Over. */
        public static final int RETIRED = 2;
    }

    /** Asks for an acknowledgement. */
    record Ask() implements Control {
        private static final int KIND = 3;

        @Override
        public byte[] encode() {
            return new byte[] {KIND};
        }
    }

    /** Reads the plaintext of a frame. */
    static Control decode(byte[] frame) throws MalformedException {
        var in = new ByteReader(frame);
        int kind = in.u8();
        return switch (kind) {
            case Ack.KIND -> Ack.decode(in);
            case Status.KIND -> Status.decode(in);
            case Ask.KIND -> new Ask();
            default -> throw new MalformedException("control frame of kind " + kind);
        };
    }
}
