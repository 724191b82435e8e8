package skywire.control;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSyntaxException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.Locale;
import java.util.Optional;
import skywire.config.ConfigException;
import skywire.platform.Failure;

/** The messages of JSON-RPC 2.0 as we use it. */
final class Wire {
    static final int NOT_JSON = -32700;
    static final int BAD_REQUEST = -32600;
    static final int NO_SUCH_METHOD = -32601;
    static final int BAD_PARAMETERS = -32602;
    static final int BUG = -32603;
    static final int FAILED = -32000;
    static final int NOT_READY = -32001;

    private static final int DEEPEST = 32;

    private Wire() {}

    static JsonObject parse(String line) throws IOException {
        var reader = new JsonReader(new StringReader(line));
        reader.setStrictness(Strictness.STRICT);
        reader.setNestingLimit(DEEPEST);
        try {
            JsonElement element = JsonParser.parseReader(reader);
            if (element instanceof JsonObject object) {
                return object;
            }
        } catch (JsonSyntaxException e) {
            throw new ControlException(NOT_JSON, Failure.Kind.MALFORMED, "not JSON", null);
        } catch (JsonParseException | StackOverflowError e) {
            throw new ControlException(NOT_JSON, Failure.Kind.MALFORMED, "not JSON, or nested too deeply", null);
        }
        throw new ControlException(BAD_REQUEST, Failure.Kind.MALFORMED, "not a JSON object", null);
    }

    static JsonObject message(JsonElement id) {
        var message = new JsonObject();
        message.addProperty("jsonrpc", "2.0");
        if (id != null) {
            message.add("id", id);
        }
        return message;
    }

    static JsonObject error(JsonElement id, IOException e) {
        int code = e instanceof ControlException c ? c.code() : FAILED;
        var data = new JsonObject();
        data.addProperty("kind", kind(e).name().toLowerCase(Locale.ROOT));
        hint(e).ifPresent(hint -> data.addProperty("hint", hint));
        var error = new JsonObject();
        error.addProperty("code", code);
        error.addProperty("message", Failure.text(e));
        error.add("data", data);
        JsonObject message = message(id == null ? com.google.gson.JsonNull.INSTANCE : id);
        message.add("error", error);
        return message;
    }

    private static Failure.Kind kind(IOException e) {
        return switch (e) {
            case ControlException c -> c.kind();
            case ConfigException c -> Failure.Kind.REFUSED;
            default -> Failure.kindOf(e);
        };
    }

    private static Optional<String> hint(IOException e) {
        return switch (e) {
            case ControlException c -> c.hint();
            case ConfigException c -> c.hint();
            default -> Optional.empty();
        };
    }

    /** The failure in an answer. */
    static ControlException failure(JsonObject error) {
        JsonObject data = error.get("data") instanceof JsonObject d ? d : new JsonObject();
        Failure.Kind kind = Failure.Kind.REFUSED;
        for (Failure.Kind k : Failure.Kind.values()) {
            if (k.name().equalsIgnoreCase(text(data.get("kind"), ""))) {
                kind = k;
            }
        }
        int code = error.get("code") instanceof JsonPrimitive p && p.isNumber() ? p.getAsInt() : FAILED;
        return new ControlException(code, kind, text(error.get("message"), "failed"), text(data.get("hint"), null));
    }

    /** The text of a JSON string, or the default. */
    static String text(JsonElement element, String otherwise) {
        return element instanceof JsonPrimitive p && p.isString() ? p.getAsString() : otherwise;
    }
}
