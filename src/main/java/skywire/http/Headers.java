package skywire.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The header fields of a message in their order; names are compared without case. Immutable. */
public record Headers(List<Field> fields) {
    /** No fields. */
    public static final Headers NONE = new Headers(List.of());

    /** One field. */
    public record Field(String name, String value) {}

    /** Copies the list. */
    public Headers {
        fields = List.copyOf(fields);
    }

    /** These with one more field. */
    public Headers with(String name, String value) {
        if (!isClean(name) || !isClean(value)) {
            throw new IllegalArgumentException("control character in header " + name.strip());
        }
        List<Field> more = new ArrayList<>(fields);
        more.add(new Field(name, value));
        return new Headers(more);
    }

    private static boolean isClean(String text) {
        return text.chars().noneMatch(c -> c < 0x20 && c != '\t' || c == 0x7f);
    }

    /** The value of the first field of this name. */
    public Optional<String> first(String name) {
        return fields.stream()
                .filter(f -> f.name().equalsIgnoreCase(name))
                .map(Field::value)
                .findFirst();
    }

    /** Number of fields of this name. */
    public int count(String name) {
        return (int)
                fields.stream().filter(f -> f.name().equalsIgnoreCase(name)).count();
    }
}
