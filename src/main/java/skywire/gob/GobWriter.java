package skywire.gob;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import skywire.bytes.ByteWriter;
import skywire.gob.GobSchema.Array;
import skywire.gob.GobSchema.Basic;
import skywire.gob.GobSchema.Field;
import skywire.gob.GobSchema.Opaque;
import skywire.gob.GobSchema.Slice;
import skywire.gob.GobSchema.Struct;
import skywire.gob.GobSchema.Table;

/**
 * The sending half of one gob stream: the bytes Go's encoder would give for the same types and ids. Each type is
 * defined once per stream, before its first value, so one writer lives as long as its stream. Not thread-safe.
 */
public final class GobWriter {
    private final GobIds ids;
    private final Set<GobSchema> defined = new HashSet<>(); // by value; never iterated

    /** A new stream with type ids from 64 on. */
    public GobWriter() {
        this(new GobIds());
    }

    /** A new stream with these type ids; they may be shared by several writers of one thread. */
    public GobWriter(GobIds ids) {
        this.ids = ids;
    }

    /**
     * The messages that carry the value: definitions not sent before, then the value.
     *
     * @throws IllegalArgumentException if the value does not have that type
     */
    public byte[] write(GobSchema type, GobValue value) {
        var out = new ByteWriter(128);
        ids.id(type);
        define(type, out);
        var message = new ByteWriter(64);
        signed(message, ids.id(type));
        if (!(type instanceof Struct)) {
            message.u8(0);
        }
        value(message, type, value);
        append(out, message);
        return out.toBytes();
    }

    private static void append(ByteWriter out, ByteWriter message) {
        unsigned(out, message.size());
        out.bytes(message.toBytes());
    }

    private void define(GobSchema type, ByteWriter out) {
        if (type instanceof Basic || !defined.add(type)) {
            return;
        }
        var message = new ByteWriter(64);
        signed(message, -ids.id(type));
        switch (type) {
            case Array a -> {
                start(message, 1, a.name(), a);
                delta(message, 1).signedField(ids.id(a.element())).signedField(1, a.length());
            }
            case Slice s -> {
                start(message, 2, s.name(), s);
                delta(message, 1).signedField(ids.id(s.element()));
            }
            case Struct s -> {
                start(message, 3, s.name(), s);
                fieldList(message, s.fields());
            }
            case Table t -> {
                start(message, 4, t.name(), t);
                delta(message, 1).signedField(ids.id(t.key())).signedField(1, ids.id(t.element()));
            }
            case Opaque o -> start(message, 6, o.name(), o);
            case Basic _ -> throw new AssertionError(type);
        }
        message.u8(0).u8(0); // end of the kind's struct, end of wireType
        append(out, message);
        defineParts(type, out);
    }

    private void defineParts(GobSchema type, ByteWriter out) {
        switch (type) {
            case Array a -> define(a.element(), out);
            case Slice s -> define(s.element(), out);
            case Struct s -> s.fields().forEach(field -> define(field.type(), out));
            case Table t -> {
                define(t.key(), out);
                define(t.element(), out);
            }
            case Opaque _, Basic _ -> {}
        }
    }

    /** The kind's field of wireType, and in it CommonType {Name, Id}. */
    private void start(ByteWriter message, int kind, String name, GobSchema type) {
        unsigned(message, kind);
        unsigned(message, 1);
        if (!name.isEmpty()) {
            unsigned(message, 1);
            text(message, name);
        }
        unsigned(message, name.isEmpty() ? 2 : 1);
        signed(message, ids.id(type));
        message.u8(0);
    }

    private void fieldList(ByteWriter message, List<Field> fields) {
        if (fields.isEmpty()) {
            return;
        }
        unsigned(message, 1);
        unsigned(message, fields.size());
        for (Field field : fields) {
            unsigned(message, 1);
            text(message, field.name());
            unsigned(message, 1);
            signed(message, ids.id(field.type()));
            message.u8(0);
        }
    }

    private record Signeds(ByteWriter out) {
        Signeds signedField(long value) {
            signed(out, value);
            return this;
        }

        Signeds signedField(int delta, long value) {
            if (value != 0) {
                unsigned(out, delta);
                signed(out, value);
            }
            return this;
        }
    }

    private static Signeds delta(ByteWriter out, int delta) {
        unsigned(out, delta);
        return new Signeds(out);
    }

    // ---- values

    private static void value(ByteWriter out, GobSchema type, GobValue value) {
        switch (type) {
            case Basic b -> basic(out, b, value);
            case Struct s when value instanceof GobStruct fields -> struct(out, s, fields);
            case Slice s -> elements(out, s.element(), value, false, -1);
            case Array a -> elements(out, a.element(), value, true, a.length());
            case Table t when value instanceof GobValue.Pairs p -> pairs(out, t, p);
            case Opaque _ when value instanceof GobValue.Opaque o -> bytes(out, o.value());
            case Struct _, Table _, Opaque _ -> throw mismatch(type, value);
        }
    }

    private static void basic(ByteWriter out, Basic type, GobValue value) {
        switch (value) {
            case GobValue.Flag f when type.equals(GobSchema.BOOL) -> out.u8(f.value() ? 1 : 0);
            case GobValue.Signed s when type.equals(GobSchema.INT) -> signed(out, s.value());
            case GobValue.Unsigned u when type.equals(GobSchema.UINT) -> unsigned(out, u.value());
            case GobValue.Real r
            when type.equals(GobSchema.FLOAT) ->
                unsigned(out, Long.reverseBytes(Double.doubleToRawLongBits(r.value())));
            case GobValue.Bytes b when type.equals(GobSchema.BYTES) -> bytes(out, b.value());
            case GobValue.Text t when type.equals(GobSchema.TEXT) -> text(out, t.value());
            case GobValue v -> throw mismatch(type, v);
        }
    }

    private static void struct(ByteWriter out, Struct type, GobStruct value) {
        int last = -1;
        int matched = 0;
        for (int i = 0; i < type.fields().size(); i++) {
            Field field = type.fields().get(i);
            GobValue content = value.get(field.name());
            matched += content == null ? 0 : 1;
            if (content == null) {
                content = alwaysSent(field.type());
            }
            if (content != null && !omitted(content)) {
                unsigned(out, i - last);
                value(out, field.type(), content);
                last = i;
            }
        }
        if (matched != value.fields().size()) {
            throw mismatch(type, value);
        }
        out.u8(0);
    }

    /** What Go sends for a zero field of that type: arrays and structs are never omitted. */
    private static GobValue alwaysSent(GobSchema type) {
        return switch (type) {
            case Struct _ -> GobValue.struct().build();
            case Array a
            when a.element().equals(GobSchema.UINT) -> new GobValue.Numbers(true, true, new long[a.length()]);
            case Array a
            when a.element().equals(GobSchema.INT) -> new GobValue.Numbers(false, true, new long[a.length()]);
            case Array a -> throw new IllegalArgumentException("array field of " + a.element() + " is not set");
            case Basic _, Slice _, Table _, Opaque _ -> null;
        };
    }

    private static boolean omitted(GobValue value) {
        return switch (value) {
            case GobValue.Flag f -> !f.value();
            case GobValue.Signed s -> s.value() == 0;
            case GobValue.Unsigned u -> u.value() == 0;
            case GobValue.Real r -> r.value() == 0;
            case GobValue.Text t -> t.value().isEmpty();
            case GobValue.Bytes b -> b.value().length == 0;
            case GobValue.Opaque o -> allZero(o.value());
            case GobValue.Numbers n -> !n.fixed() && n.values().length == 0;
            case GobValue.Items i -> !i.fixed() && i.values().isEmpty();
            case GobValue.Pairs p -> p.values().isEmpty();
            case GobStruct _, GobValue.Skipped _ -> false;
        };
    }

    private static boolean allZero(byte[] bytes) {
        int any = 0;
        for (byte b : bytes) {
            any |= b;
        }
        return any == 0;
    }

    private static void elements(ByteWriter out, GobSchema element, GobValue value, boolean fixed, int length) {
        int count = value instanceof GobValue.Items i
                ? i.values().size()
                : value instanceof GobValue.Numbers n ? n.values().length : -1;
        if (count < 0 || fixed && count != length) {
            throw mismatch(element, value);
        }
        unsigned(out, count);
        switch (value) {
            case GobValue.Numbers n
            when element.equals(n.unsigned() ? GobSchema.UINT : GobSchema.INT) -> {
                for (long number : n.values()) {
                    if (n.unsigned()) {
                        unsigned(out, number);
                    } else {
                        signed(out, number);
                    }
                }
            }
            case GobValue.Items items -> items.values().forEach(item -> value(out, element, item));
            case GobValue v -> throw mismatch(element, v);
        }
    }

    private static void pairs(ByteWriter out, Table type, GobValue.Pairs pairs) {
        unsigned(out, pairs.values().size());
        for (Map.Entry<GobValue, GobValue> pair : pairs.values()) {
            value(out, type.key(), pair.getKey());
            value(out, type.element(), pair.getValue());
        }
    }

    private static IllegalArgumentException mismatch(GobSchema type, GobValue value) {
        return new IllegalArgumentException("a value " + value + " has not the type " + type);
    }

    // ---- primitives (gob §1)

    static void unsigned(ByteWriter out, long value) {
        if (value >= 0 && value < 128) {
            out.u8((int) value);
            return;
        }
        int bytes = 8 - Long.numberOfLeadingZeros(value) / 8;
        out.u8(-bytes);
        for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
            out.u8((int) (value >>> shift));
        }
    }

    static void signed(ByteWriter out, long value) {
        unsigned(out, value < 0 ? ~value << 1 | 1 : value << 1);
    }

    private static void bytes(ByteWriter out, byte[] value) {
        unsigned(out, value.length);
        out.bytes(value);
    }

    private static void text(ByteWriter out, String value) {
        bytes(out, value.getBytes(StandardCharsets.UTF_8));
    }
}
