package skywire.gob;

import java.util.HashMap;
import java.util.Map;

/**
 * Gives type ids to schemas as a Go process does: upward, in the order it meets the types; a struct before its fields,
 * a slice, array or map after its elements. Not thread-safe; one per stream is the simplest.
 */
public final class GobIds {
    /** The first id a Go process of 2024 gives. */
    public static final int FIRST = 64;

    private final Map<GobSchema, Integer> ids = new HashMap<>();
    private int next;

    /** Ids from {@link #FIRST} on. */
    public GobIds() {
        this(FIRST);
    }

    /** Ids from {@code first} on, at least {@link #FIRST}. */
    public GobIds(int first) {
        if (first < FIRST) {
            throw new IllegalArgumentException("type id below " + FIRST);
        }
        next = first;
    }

    /** The id of the type, given now if it has none yet. */
    public int id(GobSchema type) {
        if (type instanceof GobSchema.Basic(GobSchema.Kind kind)) {
            return kind.id();
        }
        Integer known = ids.get(type);
        return known != null ? known : assign(type);
    }

    private int assign(GobSchema type) {
        switch (type) {
            case GobSchema.Struct s -> {
                int id = take(s);
                s.fields().forEach(field -> id(field.type()));
                return id;
            }
            case GobSchema.Slice s -> id(s.element());
            case GobSchema.Array a -> id(a.element());
            case GobSchema.Table t -> {
                id(t.key());
                id(t.element());
            }
            case GobSchema.Opaque _, GobSchema.Basic _ -> {}
        }
        return take(type);
    }

    private int take(GobSchema type) {
        ids.put(type, next);
        return next++;
    }
}
