package skywire.gob;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import skywire.bytes.MalformedException;

/** The types of one received stream by id: the built-in ones and those the peer defined (gob §2). */
final class WireTypes {
    static final int BOOL = 1;
    static final int INT = 2;
    static final int UINT = 3;
    static final int FLOAT = 4;
    static final int BYTES = 5;
    static final int TEXT = 6;
    static final int COMPLEX = 7;
    static final int INTERFACE = 8;

    private static final int ARRAY_TYPE = 17;
    private static final int COMMON_TYPE = 18;
    private static final int SLICE_TYPE = 19;
    private static final int STRUCT_TYPE = 20;
    private static final int FIELD_TYPE = 21;
    private static final int FIELD_LIST = 22;
    private static final int MAP_TYPE = 23;
    private static final int MARSHALER_TYPE = 24; // our own number: never used as a value's type

    /** The type of a definition, defined by the same means as any other. */
    static final WireType WIRE_TYPE = new WireType.Struct(
            List.of("ArrayT", "SliceT", "StructT", "MapT", "GobEncoderT", "BinaryMarshalerT", "TextMarshalerT"),
            new long[] {ARRAY_TYPE, SLICE_TYPE, STRUCT_TYPE, MAP_TYPE, MARSHALER_TYPE, MARSHALER_TYPE, MARSHALER_TYPE});

    private final GobLimits limits;
    private final Map<Long, WireType> defined = new HashMap<>(); // never iterated

    WireTypes(GobLimits limits) {
        this.limits = limits;
    }

    WireType get(long id) throws MalformedException {
        WireType type = id >= GobIds.FIRST ? defined.get(id) : id > 0 ? builtIn((int) id) : null;
        if (type == null) {
            throw new MalformedException("gob: type " + id + " is not defined");
        }
        return type;
    }

    private static WireType builtIn(int id) {
        return switch (id) {
            case BOOL, INT, UINT, FLOAT, BYTES, TEXT, COMPLEX, INTERFACE -> new WireType.Basic(id);
            case ARRAY_TYPE -> struct(List.of("CommonType", "Elem", "Len"), COMMON_TYPE, INT, INT);
            case COMMON_TYPE -> struct(List.of("Name", "Id"), TEXT, INT);
            case SLICE_TYPE -> struct(List.of("CommonType", "Elem"), COMMON_TYPE, INT);
            case STRUCT_TYPE -> struct(List.of("CommonType", "Field"), COMMON_TYPE, FIELD_LIST);
            case FIELD_TYPE -> struct(List.of("Name", "Id"), TEXT, INT);
            case FIELD_LIST -> new WireType.Slice(FIELD_TYPE);
            case MAP_TYPE -> struct(List.of("CommonType", "Key", "Elem"), COMMON_TYPE, INT, INT);
            case MARSHALER_TYPE -> struct(List.of("CommonType"), COMMON_TYPE);
            default -> null;
        };
    }

    private static WireType struct(List<String> names, long... ids) {
        return new WireType.Struct(names, ids);
    }

    /** Learns a definition. */
    void define(long id, GobStruct definition) throws MalformedException {
        if (id < GobIds.FIRST) {
            throw new MalformedException("gob: definition of the built-in type " + id);
        }
        if (defined.containsKey(id)) {
            throw new MalformedException("gob: duplicate type received");
        }
        if (defined.size() >= limits.types()) {
            throw new MalformedException("gob: more than " + limits.types() + " types");
        }
        if (definition.fields().size() != 1) {
            throw new MalformedException(
                    "gob: a definition of " + definition.fields().size() + " kinds");
        }
        defined.put(id, parse(definition));
    }

    private WireType parse(GobStruct definition) throws MalformedException {
        String kind = definition.fields().keySet().iterator().next();
        GobStruct body = definition.struct(kind);
        return switch (kind) {
            case "ArrayT" -> array(body.signed("Elem"), body.signed("Len"));
            case "SliceT" -> new WireType.Slice(body.signed("Elem"));
            case "StructT" -> fields(body.slice("Field"));
            case "MapT" -> new WireType.Table(body.signed("Key"), body.signed("Elem"));
            default -> new WireType.Opaque();
        };
    }

    private static WireType array(long element, long length) throws MalformedException {
        if (length < 0) {
            throw new MalformedException("gob: array of negative length");
        }
        return new WireType.Array(element, length);
    }

    private WireType fields(List<GobValue> list) throws MalformedException {
        if (list.size() > limits.fields()) {
            throw new MalformedException("gob: struct of " + list.size() + " fields");
        }
        List<String> names = new ArrayList<>();
        long[] ids = new long[list.size()];
        for (GobValue field : list) {
            GobStruct f = field.asStruct();
            ids[names.size()] = f.signed("Id");
            names.add(f.text("Name"));
        }
        return new WireType.Struct(names, ids);
    }
}
