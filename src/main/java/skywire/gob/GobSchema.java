package skywire.gob;

import java.util.List;

/**
 * The type of a value we send, as Go's encoder would describe it (gob §1, §2). Immutable; compared by value, so two
 * equal schemas are one type on a stream.
 */
public sealed interface GobSchema {
    /** Go {@code bool}. */
    GobSchema BOOL = new Basic(Kind.BOOL);

    /** Any signed Go integer, also a duration in nanoseconds. */
    GobSchema INT = new Basic(Kind.INT);

    /** Any unsigned Go integer. */
    GobSchema UINT = new Basic(Kind.UINT);

    /** Go {@code float32} or {@code float64}. */
    GobSchema FLOAT = new Basic(Kind.FLOAT);

    /** Go {@code []byte} and named slices of it. */
    GobSchema BYTES = new Basic(Kind.BYTES);

    /** Go {@code string}. */
    GobSchema TEXT = new Basic(Kind.TEXT);

    /** The types every gob stream knows without a definition; the number is their id. */
    enum Kind {
        /** One bit. */
        BOOL(1),
        /** Signed, 64 bits. */
        INT(2),
        /** Unsigned, 64 bits. */
        UINT(3),
        /** IEEE 754 double. */
        FLOAT(4),
        /** Byte string. */
        BYTES(5),
        /** UTF-8 text. */
        TEXT(6);

        private final int id;

        Kind(int id) {
            this.id = id;
        }

        /** The type id on every stream. */
        public int id() {
            return id;
        }
    }

    /** A type without a definition. */
    record Basic(Kind kind) implements GobSchema {}

    /**
     * A field of a struct.
     *
     * @param name Go's exported name; receivers match by it
     * @param type its type
     */
    record Field(String name, GobSchema type) {}

    /**
     * A Go struct.
     *
     * @param name for people only, receivers ignore it
     * @param fields in Go's declaration order
     */
    record Struct(String name, List<Field> fields) implements GobSchema {
        /** Copies the list. */
        public Struct {
            fields = List.copyOf(fields);
        }

        /** A struct of these fields. */
        public static Struct of(String name, Field... fields) {
            return new Struct(name, List.of(fields));
        }
    }

    /**
     * A Go slice of anything but bytes.
     *
     * @param name empty for an unnamed type; Go names one inside a struct, such as {@code []routing.Hop}
     * @param element the type of its elements
     */
    record Slice(String name, GobSchema element) implements GobSchema {}

    /**
     * A Go array, also one of bytes.
     *
     * @param name may be empty
     * @param element the type of its elements
     * @param length number of elements
     */
    record Array(String name, GobSchema element, int length) implements GobSchema {}

    /**
     * A Go map.
     *
     * @param name may be empty
     * @param key the type of its keys
     * @param element the type of its values
     */
    record Table(String name, GobSchema key, GobSchema element) implements GobSchema {}

    /**
     * A Go type that marshals itself ({@code MarshalBinary}), such as a public key: bytes without visible structure.
     *
     * @param name for people only
     */
    record Opaque(String name) implements GobSchema {}

    /** A field of that name and type. */
    static Field field(String name, GobSchema type) {
        return new Field(name, type);
    }

    /** An unnamed slice. */
    static GobSchema slice(GobSchema element) {
        return new Slice("", element);
    }

    /** An array of bytes: sent as that many unsigned integers. */
    static GobSchema byteArray(String name, int length) {
        return new Array(name, UINT, length);
    }
}
