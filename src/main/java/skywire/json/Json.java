package skywire.json;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import skywire.bytes.ByteReader;
import skywire.bytes.MalformedException;

/**
 * JSON text in and out. Reading is strict (one value, no comments, strict UTF-8, at most {@value #MAX_DEPTH} levels);
 * every way it can go wrong is a {@link MalformedException}. Writing is compact and escapes what Go's encoder escapes
 * with its HTML escaping off, because signatures are made over such text (discovery §1.1).
 *
 * <p>The caller bounds the length of the text. Stateless.
 */
public final class Json {
    /** Levels of nesting that are read. */
    public static final int MAX_DEPTH = 32;

    private static final String HEX = "0123456789abcdef";

    private Json() {}

    /** Reads one value. */
    public static JsonElement parse(String text) throws MalformedException {
        try (var reader = new JsonReader(new StringReader(text))) {
            reader.setStrictness(Strictness.STRICT);
            reader.setNestingLimit(MAX_DEPTH);
            JsonElement value = JsonParser.parseReader(reader);
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new MalformedException("more than one JSON value");
            }
            return value;
        } catch (MalformedException e) {
            throw e;
        } catch (JsonParseException | IllegalStateException | IOException e) {
            throw new MalformedException("not valid JSON");
        }
    }

    /** Reads one value from strict UTF-8. */
    public static JsonElement parse(byte[] utf8) throws MalformedException {
        return parse(new ByteReader(utf8).utf8(utf8.length));
    }

    /** Reads one object. */
    public static JsonObject object(String text) throws MalformedException {
        return object(parse(text), "JSON text");
    }

    /** Reads one object from strict UTF-8. */
    public static JsonObject object(byte[] utf8) throws MalformedException {
        return object(parse(utf8), "JSON text");
    }

    /** The value as an object; {@code what} names it in the failure. */
    public static JsonObject object(JsonElement value, String what) throws MalformedException {
        if (value == null || !value.isJsonObject()) {
            throw new MalformedException(what + " is not an object");
        }
        return value.getAsJsonObject();
    }

    /** The value as an array; {@code what} names it in the failure. */
    public static JsonArray array(JsonElement value, String what) throws MalformedException {
        if (value == null || !value.isJsonArray()) {
            throw new MalformedException(what + " is not an array");
        }
        return value.getAsJsonArray();
    }

    /** The value as a string; {@code what} names it in the failure. */
    public static String string(JsonElement value, String what) throws MalformedException {
        if (value == null
                || !value.isJsonPrimitive()
                || !value.getAsJsonPrimitive().isString()) {
            throw new MalformedException(what + " is not a string");
        }
        return value.getAsString();
    }

    /** A string field; empty if it is absent or null. */
    public static String string(JsonObject object, String name) throws MalformedException {
        return isAbsent(object, name) ? "" : string(object.get(name), name);
    }

    /** An integer field within int64; 0 if it is absent or null. */
    public static long integer(JsonObject object, String name) throws MalformedException {
        if (isAbsent(object, name)) {
            return 0;
        }
        try {
            return Long.parseLong(digits(object.get(name), name));
        } catch (NumberFormatException e) {
            throw new MalformedException(name + " is not a 64-bit integer");
        }
    }

    /** An integer field within uint64, as the bits of a long; 0 if it is absent or null. */
    public static long unsigned(JsonObject object, String name) throws MalformedException {
        if (isAbsent(object, name)) {
            return 0;
        }
        try {
            return Long.parseUnsignedLong(digits(object.get(name), name));
        } catch (NumberFormatException e) {
            throw new MalformedException(name + " is not an unsigned 64-bit integer");
        }
    }

    /** The bits of a long as an unsigned JSON number. */
    public static JsonElement unsigned(long bits) {
        return new JsonPrimitive(new BigInteger(Long.toUnsignedString(bits)));
    }

    /** A boolean field; false if it is absent or null. */
    public static boolean bool(JsonObject object, String name) throws MalformedException {
        if (isAbsent(object, name)) {
            return false;
        }
        JsonElement value = object.get(name);
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isBoolean()) {
            throw new MalformedException(name + " is not true or false");
        }
        return value.getAsBoolean();
    }

    /** The strings of an array. */
    public static List<String> strings(JsonElement value, String what) throws MalformedException {
        JsonArray array = array(value, what);
        List<String> strings = new ArrayList<>(array.size());
        for (JsonElement element : array) {
            strings.add(string(element, "an element of " + what));
        }
        return strings;
    }

    /** Whether a field is missing or null. */
    public static boolean isAbsent(JsonObject object, String name) {
        JsonElement value = object.get(name);
        return value == null || value.isJsonNull();
    }

    private static String digits(JsonElement value, String name) throws MalformedException {
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isNumber()) {
            throw new MalformedException(name + " is not a number");
        }
        String text = value.getAsString();
        if (!text.matches("-?[0-9]{1,20}")) {
            throw new MalformedException(name + " is not an integer");
        }
        return text;
    }

    /** The value as compact text, fields in their order, numbers as they were read. */
    public static String write(JsonElement value) {
        var out = new StringBuilder();
        write(out, value);
        return out.toString();
    }

    private static void write(StringBuilder out, JsonElement value) {
        switch (value) {
            case JsonObject object -> {
                out.append('{');
                String separator = "";
                for (Map.Entry<String, JsonElement> field : object.entrySet()) {
                    quote(out.append(separator), field.getKey()).append(':');
                    write(out, field.getValue());
                    separator = ",";
                }
                out.append('}');
            }
            case JsonArray array -> {
                out.append('[');
                for (int i = 0; i < array.size(); i++) {
                    write(i == 0 ? out : out.append(','), array.get(i));
                }
                out.append(']');
            }
            case JsonPrimitive primitive when primitive.isString() -> quote(out, primitive.getAsString());
            case JsonElement other -> out.append(other.isJsonNull() ? "null" : other.getAsString());
        }
    }

    /** The text as a JSON string with its quotes. */
    public static String quote(String text) {
        return quote(new StringBuilder(text.length() + 2), text).toString();
    }

    /** Appends the text as a JSON string with its quotes. */
    public static StringBuilder quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\u2028', '\u2029' -> out.append("\\u202").append(HEX.charAt(c & 15));
                default -> {
                    if (c < 0x20) {
                        out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
                    } else {
                        out.append(isLone(text, i) ? '\ufffd' : c);
                    }
                }
            }
        }
        return out.append('"');
    }

    private static boolean isLone(String text, int i) {
        char c = text.charAt(i);
        if (!Character.isSurrogate(c)) {
            return false;
        }
        int mate = Character.isHighSurrogate(c) ? i + 1 : i - 1;
        return mate < 0
                || mate >= text.length()
                || !Character.isSurrogatePair(text.charAt(Math.min(i, mate)), text.charAt(Math.max(i, mate)));
    }
}
