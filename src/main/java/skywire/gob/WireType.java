package skywire.gob;

import java.util.List;

/** A type as a peer defined it; parts are named by id, for they may be defined later. */
sealed interface WireType {
    /** Known to every stream. */
    record Basic(int id) implements WireType {}

    /** Field names and, at the same index, type ids. */
    record Struct(List<String> names, long[] ids) implements WireType {}

    /** Any number of elements. */
    record Slice(long element) implements WireType {}

    /** A fixed number of elements. */
    record Array(long element, long length) implements WireType {}

    /** Key and value. */
    record Table(long key, long element) implements WireType {}

    /** A type that marshals itself, in whichever of Go's three ways. */
    record Opaque() implements WireType {}
}
