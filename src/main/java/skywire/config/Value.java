package skywire.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A JSON value and where it stands in its file. */
sealed interface Value {
    /** Offset of its first character. */
    int offset();

    record Text(String text, int offset) implements Value {}

    record Number(String digits, int offset) implements Value {}

    record Flag(boolean on, int offset) implements Value {}

    record Null(int offset) implements Value {}

    record Array(List<Value> items, int offset) implements Value {}

    record Fields(Map<String, Field> fields, int offset) implements Value {
        static Fields none(int offset) {
            return new Fields(new LinkedHashMap<>(), offset);
        }
    }

    /** A member of an object: where its name stands, and its value. */
    record Field(int offset, Value value) {}

    /** What it is, for messages. */
    default String kind() {
        return switch (this) {
            case Text t -> "a string";
            case Number n -> "a number";
            case Flag f -> "true or false";
            case Null n -> "null";
            case Array a -> "a list";
            case Fields f -> "an object";
        };
    }
}
