package skywire.gob;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import skywire.bytes.MalformedException;

/**
 * A value on a gob stream, sent or received. Immutable by agreement: arrays inside are shared, nobody changes them.
 * Structs are {@link GobStruct}.
 */
public sealed interface GobValue
        permits GobStruct,
                GobValue.Flag,
                GobValue.Signed,
                GobValue.Unsigned,
                GobValue.Real,
                GobValue.Bytes,
                GobValue.Text,
                GobValue.Opaque,
                GobValue.Numbers,
                GobValue.Items,
                GobValue.Pairs,
                GobValue.Skipped {
    /** A bool. */
    record Flag(boolean value) implements GobValue {}

    /** A signed integer. */
    record Signed(long value) implements GobValue {}

    /** An unsigned integer; all 64 bits count. */
    record Unsigned(long value) implements GobValue {}

    /** A floating-point number. */
    record Real(double value) implements GobValue {}

    /** A string. */
    record Text(String value) implements GobValue {}

    /** A byte slice. */
    record Bytes(byte[] value) implements GobValue {
        @Override
        public boolean equals(Object other) {
            return other instanceof Bytes b && Arrays.equals(value, b.value);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(value);
        }

        @Override
        public String toString() {
            return "Bytes[" + value.length + "]";
        }
    }

    /** The bytes of a type that marshals itself. */
    record Opaque(byte[] value) implements GobValue {
        @Override
        public boolean equals(Object other) {
            return other instanceof Opaque b && Arrays.equals(value, b.value);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(value);
        }

        @Override
        public String toString() {
            return "Opaque[" + value.length + "]";
        }
    }

    /**
     * An array or slice of integers.
     *
     * @param unsigned whether its elements are unsigned
     * @param fixed whether it is an array
     */
    record Numbers(boolean unsigned, boolean fixed, long[] values) implements GobValue {
        @Override
        public boolean equals(Object other) {
            return other instanceof Numbers n
                    && unsigned == n.unsigned
                    && fixed == n.fixed
                    && Arrays.equals(values, n.values);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(values);
        }

        @Override
        public String toString() {
            return "Numbers[" + values.length + "]";
        }
    }

    /**
     * An array or slice of anything else.
     *
     * @param fixed whether it is an array
     */
    record Items(boolean fixed, List<GobValue> values) implements GobValue {}

    /** A map, in the order received or to be sent. */
    record Pairs(List<Map.Entry<GobValue, GobValue>> values) implements GobValue {}

    /** A value of a kind we do not use (complex number, interface): was walked over. */
    record Skipped() implements GobValue {}

    /** A bool. */
    static GobValue of(boolean value) {
        return new Flag(value);
    }

    /** A string. */
    static GobValue text(String value) {
        return new Text(value);
    }

    /** A byte slice; not copied. */
    static GobValue bytes(byte[] value) {
        return new Bytes(value);
    }

    /** A signed integer. */
    static GobValue signed(long value) {
        return new Signed(value);
    }

    /** An unsigned integer. */
    static GobValue unsigned(long value) {
        return new Unsigned(value);
    }

    /** The bytes of a type that marshals itself; not copied. */
    static GobValue opaque(byte[] value) {
        return new Opaque(value);
    }

    /** An array of bytes, each an unsigned number. */
    static GobValue byteArray(byte[] value) {
        long[] numbers = new long[value.length];
        for (int i = 0; i < value.length; i++) {
            numbers[i] = value[i] & 0xff;
        }
        return new Numbers(true, true, numbers);
    }

    /** A slice of unsigned integers. */
    static GobValue unsignedSlice(long[] values) {
        return new Numbers(true, false, values);
    }

    /** A slice of byte slices, strings, structs, slices... */
    static GobValue slice(List<? extends GobValue> values) {
        return new Items(false, List.copyOf(values));
    }

    /** A struct of no fields that is about to be filled. */
    static GobStruct.Builder struct() {
        return new GobStruct.Builder();
    }

    // ---- what a received value must be; Go's receivers are as strict (gob §3)

    /** This as a struct. */
    default GobStruct asStruct() throws MalformedException {
        return this instanceof GobStruct s ? s : GobValue.wrong("struct", this);
    }

    /** This as a bool. */
    default boolean asFlag() throws MalformedException {
        return this instanceof Flag f
                ? f.value()
                : GobValue.<Flag>wrong("bool", this).value();
    }

    /** This as a signed integer. */
    default long asSigned() throws MalformedException {
        return this instanceof Signed s
                ? s.value()
                : GobValue.<Signed>wrong("signed integer", this).value();
    }

    /** This as an unsigned integer from 0 to {@code max}. */
    default long asUnsigned(long max) throws MalformedException {
        long value = this instanceof Unsigned u
                ? u.value()
                : GobValue.<Unsigned>wrong("unsigned", this).value();
        if (value < 0 || value > max) {
            throw new MalformedException("gob: number above " + max);
        }
        return value;
    }

    /** This as a string. */
    default String asText() throws MalformedException {
        return this instanceof Text t
                ? t.value()
                : GobValue.<Text>wrong("string", this).value();
    }

    /** This as a byte slice. */
    default byte[] asBytes() throws MalformedException {
        return this instanceof Bytes b
                ? b.value()
                : GobValue.<Bytes>wrong("bytes", this).value();
    }

    /** This as exactly {@code length} bytes of a type that marshals itself. */
    default byte[] asOpaque(int length) throws MalformedException {
        byte[] value = this instanceof Opaque o
                ? o.value()
                : GobValue.<Opaque>wrong("marshaled value", this).value();
        if (value.length != length) {
            throw new MalformedException("gob: marshaled value of " + value.length + " bytes instead of " + length);
        }
        return value;
    }

    /** This as an array of exactly {@code length} bytes. */
    default byte[] asByteArray(int length) throws MalformedException {
        if (!(this instanceof Numbers n) || !n.fixed() || !n.unsigned() || n.values().length != length) {
            return GobValue.<Bytes>wrong("array of " + length + " bytes", this).value();
        }
        byte[] value = new byte[length];
        for (int i = 0; i < length; i++) {
            if ((n.values()[i] & ~0xffL) != 0) {
                throw new MalformedException("gob: array element is no byte");
            }
            value[i] = (byte) n.values()[i];
        }
        return value;
    }

    /** This as a slice of unsigned integers from 0 to {@code max}. */
    default long[] asUnsignedSlice(long max) throws MalformedException {
        if (!(this instanceof Numbers n) || n.fixed() || !n.unsigned()) {
            throw new MalformedException("gob: not a slice of unsigned integers");
        }
        for (long value : n.values()) {
            if (value < 0 || value > max) {
                throw new MalformedException("gob: number above " + max);
            }
        }
        return n.values();
    }

    /** This as a slice of anything but integers. */
    default List<GobValue> asSlice() throws MalformedException {
        if (this instanceof Items items && !items.fixed()) {
            return items.values();
        }
        throw new MalformedException("gob: not a slice");
    }

    private static <T> T wrong(String wanted, GobValue value) throws MalformedException {
        throw new MalformedException("gob: " + value.getClass().getSimpleName() + " instead of " + wanted);
    }
}
