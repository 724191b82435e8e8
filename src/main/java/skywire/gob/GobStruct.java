package skywire.gob;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import skywire.bytes.MalformedException;

/**
 * The fields of a struct by name. A field that was not sent is zero (gob §1, zero omission); one that was sent with
 * another kind than asked for is {@link MalformedException}. Immutable.
 */
public final class GobStruct implements GobValue {
    private final List<String> declared; // what the sender's type has, also those not sent
    private final Map<String, GobValue> fields;

    GobStruct(List<String> declared, Map<String, GobValue> fields) {
        this.declared = declared;
        this.fields = fields;
    }

    /** The fields sent or set, in order. */
    public Map<String, GobValue> fields() {
        return java.util.Collections.unmodifiableMap(fields);
    }

    /** Whether the field was sent or set. */
    public boolean has(String field) {
        return fields.containsKey(field);
    }

    /**
     * Refuses a struct whose type shares no field name with what is expected, as Go does.
     *
     * @throws MalformedException if it has fields, but none of these
     */
    public GobStruct expecting(String... names) throws MalformedException {
        for (String name : names) {
            if (declared.contains(name)) {
                return this;
            }
        }
        if (declared.isEmpty()) {
            return this;
        }
        throw new MalformedException("gob: type mismatch: no fields matched");
    }

    /** A bool field, false if not sent. */
    public boolean flag(String field) throws MalformedException {
        GobValue value = fields.get(field);
        return value != null && value.asFlag();
    }

    /** A signed field, 0 if not sent. */
    public long signed(String field) throws MalformedException {
        GobValue value = fields.get(field);
        return value == null ? 0 : value.asSigned();
    }

    /** An unsigned field from 0 to {@code max}, 0 if not sent. */
    public long unsigned(String field, long max) throws MalformedException {
        GobValue value = fields.get(field);
        return value == null ? 0 : value.asUnsigned(max);
    }

    /** A string field, empty if not sent. */
    public String text(String field) throws MalformedException {
        GobValue value = fields.get(field);
        return value == null ? "" : value.asText();
    }

    /** A byte slice field, empty if not sent. */
    public byte[] bytes(String field) throws MalformedException {
        GobValue value = fields.get(field);
        return value == null ? new byte[0] : value.asBytes();
    }

    /** The bytes of a field that marshals itself, all zero if not sent. */
    public byte[] opaque(String field, int length) throws MalformedException {
        GobValue value = fields.get(field);
        return value == null ? new byte[length] : value.asOpaque(length);
    }

    /** A byte array field, all zero if not sent. */
    public byte[] byteArray(String field, int length) throws MalformedException {
        GobValue value = fields.get(field);
        return value == null ? new byte[length] : value.asByteArray(length);
    }

    /** A struct field, without any fields if not sent. */
    public GobStruct struct(String field) throws MalformedException {
        GobValue value = fields.get(field);
        return value == null ? new GobStruct(List.of(), Map.of()) : value.asStruct();
    }

    /** A slice field of anything but integers, empty if not sent. */
    public List<GobValue> slice(String field) throws MalformedException {
        GobValue value = fields.get(field);
        return value == null ? List.of() : value.asSlice();
    }

    /** A slice field of unsigned integers from 0 to {@code max}, empty if not sent. */
    public long[] unsignedSlice(String field, long max) throws MalformedException {
        GobValue value = fields.get(field);
        return value == null ? new long[0] : value.asUnsignedSlice(max);
    }

    /** The field as it came, null if not sent. */
    GobValue get(String field) {
        return fields.get(field);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GobStruct s && fields.equals(s.fields);
    }

    @Override
    public int hashCode() {
        return fields.hashCode();
    }

    @Override
    public String toString() {
        return fields.toString();
    }

    /** Collects the fields of a struct to be sent. Not thread-safe. */
    public static final class Builder {
        private final Map<String, GobValue> fields = new LinkedHashMap<>();

        Builder() {}

        /** Sets a field. */
        public Builder put(String field, GobValue value) {
            fields.put(field, value);
            return this;
        }

        /** Sets a bool field. */
        public Builder flag(String field, boolean value) {
            return put(field, GobValue.of(value));
        }

        /** Sets a signed field. */
        public Builder signed(String field, long value) {
            return put(field, GobValue.signed(value));
        }

        /** Sets an unsigned field. */
        public Builder unsigned(String field, long value) {
            return put(field, GobValue.unsigned(value));
        }

        /** Sets a string field. */
        public Builder text(String field, String value) {
            return put(field, GobValue.text(value));
        }

        /** Sets a byte slice field; not copied. */
        public Builder bytes(String field, byte[] value) {
            return put(field, GobValue.bytes(value));
        }

        /** Sets a field that marshals itself; not copied. */
        public Builder opaque(String field, byte[] value) {
            return put(field, GobValue.opaque(value));
        }

        /** Sets a byte array field. */
        public Builder byteArray(String field, byte[] value) {
            return put(field, GobValue.byteArray(value));
        }

        /** The struct. */
        public GobStruct build() {
            return new GobStruct(new ArrayList<>(fields.keySet()), new LinkedHashMap<>(fields));
        }
    }
}
