package skywire.directory;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import skywire.bytes.MalformedException;
import skywire.http.HttpResponse;
import skywire.json.Json;
import skywire.limit.LogLimit;
import skywire.platform.Failure;

/** What the answers of all directory services have in common. */
final class ServiceAnswer {
    private ServiceAnswer() {}

    /** Reads one element of a list. */
    @FunctionalInterface
    interface Element<T> {
        T parse(JsonObject json) throws MalformedException;
    }

    /** The failure of a status that is not success, with the service's own words. */
    static Failure refusal(HttpResponse response) {
        Failure.Kind kind = switch (response.status()) {
            case 404 -> Failure.Kind.NOT_FOUND;
            case 408, 504 -> Failure.Kind.TIMEOUT;
            case 429 -> Failure.Kind.LIMIT;
            case 502, 503 -> Failure.Kind.UNREACHABLE;
            default -> Failure.Kind.REFUSED;
        };
        return new Failure(kind, "answer " + response.status() + ": " + message(response));
    }

    /** Whether an error has one of the forms that services give theirs, see {@link #message}. */
    static boolean isOwn(HttpResponse response) {
        try {
            JsonObject json = Json.object(response.text());
            return json.has("message") || json.has("error");
        } catch (MalformedException e) {
            return false;
        }
    }

    /** {@code {"message":…}}, {@code {"error":…}} or {@code {"error":{"message":…}}}; else the text itself. */
    static String message(HttpResponse response) {
        String text = response.text();
        try {
            JsonObject json = Json.object(text);
            JsonElement error = json.get("error");
            if (error != null && error.isJsonObject()) {
                json = error.getAsJsonObject();
            }
            text = Json.string(json, json.has("message") ? "message" : "error");
        } catch (MalformedException e) {
            // not one of the usual forms: shown as it is
        }
        return text.isBlank() ? "(no text)" : LogLimit.clean(text.strip());
    }

    /** The elements of a JSON array; {@code null} counts as empty. */
    static <T> List<T> list(HttpResponse response, Element<T> element) throws IOException {
        JsonElement json = Json.parse(response.body());
        if (json.isJsonNull()) {
            return List.of();
        }
        JsonArray array = Json.array(json, "answer");
        List<T> list = new ArrayList<>();
        for (JsonElement one : array) {
            list.add(element.parse(Json.object(one, "an element of the answer")));
        }
        return list;
    }
}
