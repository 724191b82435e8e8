package skywire.config;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns text into values with their places. Strict JSON, apart from comments. */
final class Parser {
    private static final int DEEPEST = 32;
    private static final Pattern PLACE = Pattern.compile("at line (\\d+) column (\\d+)");

    private final Source source;
    private final String json;
    private final JsonReader reader;

    private Parser(Source source) {
        this.source = source;
        this.json = source.withoutComments();
        this.reader = new JsonReader(new StringReader(json));
        reader.setStrictness(Strictness.STRICT);
        reader.setNestingLimit(DEEPEST);
    }

    static Value.Fields parse(Source source) throws ConfigException {
        var parser = new Parser(source);
        try {
            Value value = parser.value();
            if (!(value instanceof Value.Fields fields)) {
                throw parser.error(value.offset(), "expected an object, found " + value.kind());
            }
            if (parser.reader.peek() != JsonToken.END_DOCUMENT) {
                throw parser.error(parser.here(), "something follows the closing brace");
            }
            return fields;
        } catch (ConfigException e) {
            throw e;
        } catch (IOException | IllegalStateException e) {
            throw parser.syntaxError(e.getMessage());
        }
    }

    private Value value() throws IOException {
        JsonToken token = reader.peek();
        int at = start();
        return switch (token) {
            case STRING -> new Value.Text(reader.nextString(), at);
            case NUMBER -> new Value.Number(reader.nextString(), at);
            case BOOLEAN -> new Value.Flag(reader.nextBoolean(), at);
            case NULL -> {
                reader.nextNull();
                yield new Value.Null(at);
            }
            case BEGIN_ARRAY -> array();
            case BEGIN_OBJECT -> object();
            case END_ARRAY, END_OBJECT, NAME, END_DOCUMENT -> throw error(at, "expected a value");
        };
    }

    private Value.Array array() throws IOException {
        reader.beginArray();
        int at = here() - 1;
        List<Value> items = new ArrayList<>();
        while (reader.hasNext()) {
            items.add(value());
        }
        reader.endArray();
        return new Value.Array(items, at);
    }

    private Value.Fields object() throws IOException {
        reader.beginObject();
        int at = here() - 1;
        Map<String, Value.Field> fields = new LinkedHashMap<>();
        while (reader.hasNext()) {
            int nameAt = here() - 1;
            String name = reader.nextName();
            if (fields.put(name, new Value.Field(nameAt, value())) != null) {
                throw error(nameAt, "\"" + name + "\" stands here for the second time");
            }
        }
        reader.endObject();
        return new Value.Fields(fields, at);
    }

    /** Where the value just peeked begins: the reader stands behind its quote, or behind the whole of a literal. */
    private int start() {
        int at = here();
        if (at > 0 && json.charAt(at - 1) == '"') {
            return at - 1;
        }
        while (at > 0 && (Character.isLetterOrDigit(json.charAt(at - 1)) || "+-.".indexOf(json.charAt(at - 1)) >= 0)) {
            at--;
        }
        return at;
    }

    /** Where the reader stands; it tells only in text. */
    private int here() {
        Matcher m = PLACE.matcher(reader.toString());
        return m.find() ? source.offset(Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2))) : 0;
    }

    private ConfigException error(int offset, String what) {
        return new ConfigException(source.place(offset) + ": " + what);
    }

    /** Gson's own words are about its settings; ours are about the file. */
    private ConfigException syntaxError(String gson) {
        Matcher m = PLACE.matcher(gson == null ? "" : gson);
        int at = m.find() ? source.offset(Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2))) : here();
        String what = gson == null ? "not JSON" : gson.replaceAll("(?s)(\\.)? at line .*", "");
        if (what.startsWith("Use JsonReader") || what.startsWith("Expected ")) {
            at = unread(at);
            what = at >= json.length() ? "the file ends too early" : "unexpected " + quote(json.codePointAt(at));
        } else if (what.equals("End of input") || what.startsWith("Unterminated")) {
            if (at >= json.stripTrailing().length()) {
                return error(at, "the file ends too early: a brace, bracket or quote is not closed");
            }
            at = unread(at);
            what = "expected a comma or a closing brace or bracket before " + quote(json.codePointAt(at));
        }
        return error(at, what);
    }

    /** The reader has often consumed the character it complains about. */
    private int unread(int at) {
        int i = at > 0 && at <= json.length() && !Character.isWhitespace(json.charAt(at - 1)) ? at - 1 : at;
        while (i < json.length() && Character.isWhitespace(json.charAt(i))) {
            i++;
        }
        return i;
    }

    private static String quote(int character) {
        return character < ' '
                ? String.format("character \\u%04x", character)
                : "'" + Character.toString(character) + "'";
    }
}
