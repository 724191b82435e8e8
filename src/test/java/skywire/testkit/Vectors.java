package skywire.testkit;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.StreamSupport;

/** Recorded bytes of the reference implementation, from {@code src/test/resources/vectors}. */
public final class Vectors {
    private Vectors() {}

    /** The JSON object of one file, e.g. {@code dmsg/keys.json}. */
    public static JsonObject load(String file) {
        try (InputStream in = Vectors.class.getResourceAsStream("/vectors/" + file)) {
            if (in == null) {
                throw new IllegalArgumentException("no vectors/" + file);
            }
            return JsonParser.parseReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The objects of an array field; fails if there are none, so that a test on it cannot pass by doing nothing. */
    public static List<JsonObject> each(JsonObject parent, String field) {
        List<JsonObject> all = StreamSupport.stream(parent.getAsJsonArray(field).spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .toList();
        if (all.isEmpty()) {
            throw new IllegalArgumentException("nothing in " + field);
        }
        return all;
    }

    /** A text field. */
    public static String text(JsonObject o, String field) {
        return o.get(field).getAsString();
    }

    /** A field of hex bytes. */
    public static byte[] hex(JsonObject o, String field) {
        return HexFormat.of().parseHex(text(o, field));
    }
}
