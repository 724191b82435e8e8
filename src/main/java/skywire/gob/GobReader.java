package skywire.gob;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import skywire.bytes.ByteReader;
import skywire.bytes.MalformedException;

/**
 * The receiving half of one gob stream: learns the peer's type definitions and turns values into trees. Everything is
 * taken from the peer's own definitions and bounded by {@link GobLimits}; no Java type is ever chosen by a name from
 * the wire. After a {@link MalformedException} the stream is lost. Not thread-safe.
 */
public final class GobReader {
    private final GobLimits limits;
    private final WireTypes types;
    private int valuesLeft; // of the current message

    /** A new stream under the default limits. */
    public GobReader() {
        this(GobLimits.DEFAULT);
    }

    /** A new stream. */
    public GobReader(GobLimits limits) {
        this.limits = limits;
        this.types = new WireTypes(limits);
    }

    /** What it may be asked for. */
    public GobLimits limits() {
        return limits;
    }

    /**
     * The next value of a stream that is in memory.
     *
     * @throws MalformedException also if the stream ends before a value
     */
    public GobValue next(ByteReader in) throws MalformedException {
        while (true) {
            long length = unsigned(in);
            if (length <= 0 || length > Math.min(limits.message(), in.left())) {
                throw new MalformedException("gob: bad message length");
            }
            Optional<GobValue> value = message(in.bytes((int) length));
            if (value.isPresent()) {
                return value.get();
            }
        }
    }

    /**
     * Takes one message, without its length.
     *
     * @return the value, or empty if the message was a type definition
     */
    public Optional<GobValue> message(byte[] message) throws MalformedException {
        if (message.length > limits.message()) {
            throw new MalformedException("gob: message of " + message.length + " bytes");
        }
        var in = new ByteReader(message);
        valuesLeft = limits.values();
        long id = signed(in);
        GobValue value = null;
        if (id < 0) {
            types.define(-id, (GobStruct) read(WireTypes.WIRE_TYPE, in, 0));
        } else {
            WireType type = types.get(id);
            if (!(type instanceof WireType.Struct) && in.u8() != 0) {
                throw new MalformedException("gob: value without its zero byte");
            }
            value = read(type, in, 0);
        }
        in.end();
        return Optional.ofNullable(value);
    }

    private GobValue read(WireType type, ByteReader in, int depth) throws MalformedException {
        if (depth > limits.depth()) {
            throw new MalformedException("gob: nested deeper than " + limits.depth());
        }
        if (--valuesLeft < 0) {
            throw new MalformedException("gob: more than " + limits.values() + " values in a message");
        }
        return switch (type) {
            case WireType.Basic b -> basic(b.id(), in, depth);
            case WireType.Struct s -> struct(s, in, depth);
            case WireType.Slice s -> elements(types.get(s.element()), false, count(in), in, depth);
            case WireType.Array a -> {
                int count = count(in);
                if (count != a.length()) {
                    throw new MalformedException("gob: " + count + " elements in an array of " + a.length());
                }
                yield elements(types.get(a.element()), true, count, in, depth);
            }
            case WireType.Table t -> pairs(t, in, depth);
            case WireType.Opaque _ -> new GobValue.Opaque(in.bytes(count(in)));
        };
    }

    private GobValue basic(int id, ByteReader in, int depth) throws MalformedException {
        return switch (id) {
            case WireTypes.BOOL -> new GobValue.Flag(flag(in));
            case WireTypes.INT -> new GobValue.Signed(signed(in));
            case WireTypes.UINT -> new GobValue.Unsigned(unsigned(in));
            case WireTypes.FLOAT -> new GobValue.Real(real(in));
            case WireTypes.BYTES -> new GobValue.Bytes(in.bytes(count(in)));
            case WireTypes.TEXT -> new GobValue.Text(in.utf8(count(in)));
            case WireTypes.COMPLEX -> {
                unsigned(in);
                unsigned(in);
                yield new GobValue.Skipped();
            }
            case WireTypes.INTERFACE -> skipInterface(in);
            default -> throw new MalformedException("gob: unknown basic type " + id);
        };
    }

    /** An interface value says its length, so it is skipped without looking inside. */
    private static GobValue skipInterface(ByteReader in) throws MalformedException {
        int name = count(in);
        in.skip(name);
        if (name > 0) {
            signed(in);
            in.skip(count(in));
        }
        return new GobValue.Skipped();
    }

    private GobValue struct(WireType.Struct type, ByteReader in, int depth) throws MalformedException {
        Map<String, GobValue> fields = new LinkedHashMap<>();
        int number = -1;
        for (long delta = unsigned(in); delta != 0; delta = unsigned(in)) {
            if (delta < 0 || delta >= type.ids().length - number) {
                throw new MalformedException("gob: field number out of range");
            }
            number += (int) delta;
            fields.put(type.names().get(number), read(types.get(type.ids()[number]), in, depth + 1));
        }
        return new GobStruct(type.names(), fields);
    }

    private GobValue elements(WireType element, boolean fixed, int count, ByteReader in, int depth)
            throws MalformedException {
        if (element instanceof WireType.Basic(int id) && (id == WireTypes.UINT || id == WireTypes.INT)) {
            return numbers(id == WireTypes.UINT, fixed, count, in);
        }
        List<GobValue> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(read(element, in, depth + 1));
        }
        return new GobValue.Items(fixed, items);
    }

    private static GobValue numbers(boolean unsigned, boolean fixed, int count, ByteReader in)
            throws MalformedException {
        long[] values = new long[Math.min(count, 1024)]; // grows with what has really been read
        for (int i = 0; i < count; i++) {
            if (i == values.length) {
                values = Arrays.copyOf(values, Math.min(count, i * 2));
            }
            values[i] = unsigned ? unsigned(in) : signed(in);
        }
        return new GobValue.Numbers(unsigned, fixed, values);
    }

    private GobValue pairs(WireType.Table type, ByteReader in, int depth) throws MalformedException {
        int count = count(in);
        List<Map.Entry<GobValue, GobValue>> pairs = new ArrayList<>();
        WireType key = types.get(type.key());
        WireType element = types.get(type.element());
        for (int i = 0; i < count; i++) {
            GobValue k = read(key, in, depth + 1);
            pairs.add(Map.entry(k, read(element, in, depth + 1)));
        }
        return new GobValue.Pairs(pairs);
    }

    /** A count of things each at least one byte long, so never more than the bytes left. */
    private static int count(ByteReader in) throws MalformedException {
        long count = unsigned(in);
        if (count < 0 || count > in.left()) {
            throw new MalformedException("gob: count or length beyond the message");
        }
        return (int) count;
    }

    private static boolean flag(ByteReader in) throws MalformedException {
        return unsigned(in) != 0;
    }

    private static double real(ByteReader in) throws MalformedException {
        return Double.longBitsToDouble(Long.reverseBytes(unsigned(in)));
    }

    /** An unsigned integer; above 2⁶³ it comes out negative. */
    static long unsigned(ByteReader in) throws MalformedException {
        int first = in.u8();
        if (first < 128) {
            return first;
        }
        int bytes = 256 - first;
        if (bytes > 8) {
            throw new MalformedException("gob: integer of " + bytes + " bytes");
        }
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << 8 | in.u8();
        }
        return value;
    }

    static long signed(ByteReader in) throws MalformedException {
        long folded = unsigned(in);
        return (folded & 1) == 0 ? folded >>> 1 : ~(folded >>> 1);
    }
}
