package skywire.config;

import java.util.Optional;
import skywire.json.Json;

/**
 * The text of a configuration file, to be changed member by member: everything else, comments and order included, stays
 * as it is. Immutable.
 */
public final class ConfigText {
    private final Source source;

    /** The text of a configuration; {@code name} is what messages call it. */
    public ConfigText(String name, String text) {
        this.source = new Source(name, text);
    }

    /** The text as it is now. */
    public String text() {
        return source.text();
    }

    /** Whether there is a member of that path. */
    public boolean has(String path) throws ConfigException {
        Value.Fields fields = Parser.parse(source);
        String[] names = path.split("\\.", -1);
        for (int i = 0; i < names.length - 1; i++) {
            Value.Field field = fields.fields().get(names[i]);
            if (field == null || !(field.value() instanceof Value.Fields inner)) {
                return false;
            }
            fields = inner;
        }
        return fields.fields().containsKey(names[names.length - 1]);
    }

    /**
     * With another value of a member that is there.
     *
     * @param path names from the top, with dots between them, e.g. {@code routing.min_hops}
     * @param value JSON; what is not JSON is taken as a string
     * @throws ConfigException if there is no such member
     */
    public ConfigText with(String path, String value) throws ConfigException {
        Value.Fields fields = Parser.parse(source);
        String[] names = path.split("\\.", -1);
        for (int i = 0; i < names.length - 1; i++) {
            if (!(field(fields, names[i], path).value() instanceof Value.Fields inner)) {
                throw unknown(path, Optional.empty());
            }
            fields = inner;
        }
        int begin = field(fields, names[names.length - 1], path).value().offset();
        String changed =
                source.text().substring(0, begin) + json(value) + source.text().substring(end(begin));
        return new ConfigText(source.name(), changed);
    }

    /**
     * How the text is laid out where a list stands in it.
     *
     * @param indent blanks at the beginning of the line the list begins in
     * @param unit what each level is indented more than the one around it
     * @param newline how lines end; empty if the text is a single line
     */
    public record Layout(String indent, String unit, String newline) {}

    /** Writes a list in place of another. */
    @FunctionalInterface
    public interface ListWriter {
        /**
         * The new list as JSON.
         *
         * @param before the list as it stands there, comments and all
         * @param line the line it begins in, counted from 1
         */
        String write(String before, int line, Layout layout);
    }

    /**
     * With other lists in all members of that name, wherever they are; lists inside of those are part of them. Everything
     * outside of the lists stays as it is. The layout of a list depends on nothing but what stands before it, so that
     * doing the same again changes nothing.
     */
    public ConfigText withLists(String member, ListWriter writer) throws ConfigException {
        var splice = new ListSplice(source.text());
        for (ListSplice.Place place : ListSplice.places(Parser.parse(source), member)) {
            splice.replace(place, end(place.list()), writer);
        }
        return new ConfigText(source.name(), splice.text());
    }

    private Value.Field field(Value.Fields fields, String name, String path) throws ConfigException {
        Value.Field field = fields.fields().get(name);
        if (field == null) {
            throw unknown(path, Source.nearest(name, fields.fields().keySet()));
        }
        return field;
    }

    private ConfigException unknown(String path, Optional<String> nearest) {
        return new ConfigException(source.name() + " has no member \"" + path + "\""
                + nearest.map(name -> " (did you mean \"" + name + "\"?)").orElse(""));
    }

    /** The value as JSON: as it is if it is one value of JSON, without comments, else quoted. */
    private static String json(String value) {
        var alone = new Source("value", "{\"value\":" + value + "}");
        try {
            boolean single = Parser.parse(alone).fields().size() == 1;
            if (single && alone.withoutComments().equals(alone.text())) {
                return value;
            }
        } catch (ConfigException e) {
            // words, then
        }
        return Json.quote(value);
    }

    /** Where the value that begins there ends. */
    private int end(int begin) {
        String json = source.withoutComments();
        return switch (json.charAt(begin)) {
            case '"' -> source.endOfString(begin) + 1;
            case '[', '{' -> endOfNest(json, begin);
            default -> endOfLiteral(json, begin);
        };
    }

    private int endOfNest(String json, int begin) {
        int depth = 0;
        for (int i = begin; i < json.length(); i++) {
            switch (json.charAt(i)) {
                case '"' -> i = source.endOfString(i);
                case '[', '{' -> depth++;
                case ']', '}' -> depth--;
                default -> {}
            }
            if (depth == 0) {
                return i + 1;
            }
        }
        throw new IllegalStateException("a value that was parsed has an end");
    }

    private static int endOfLiteral(String json, int begin) {
        int end = begin;
        while (end < json.length()
                && (Character.isLetterOrDigit(json.charAt(end)) || "+-.".indexOf(json.charAt(end)) >= 0)) {
            end++;
        }
        return end;
    }
}
