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
