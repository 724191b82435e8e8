package skywire.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import skywire.http.Handler;
import skywire.http.Headers;
import skywire.http.HttpRequest;
import skywire.http.HttpResponse;
import skywire.key.PublicKey;
import skywire.testkit.Vectors;

/** One request to a service of the reference, and what it answered. */
public record RecordedExchange(String name, HttpRequest request, int status, String body) {
    /** Those with one service, in their order. */
    public static List<RecordedExchange> with(String service) {
        return Vectors.each(Vectors.load("routing/http_services.json"), "cases").stream()
                .filter(v -> Vectors.text(v, "service").equals(service))
                .map(RecordedExchange::of)
                .toList();
    }

    private static RecordedExchange of(JsonObject v) {
        JsonObject asked = v.getAsJsonObject("request");
        JsonObject answer = v.getAsJsonObject("response");
        Headers headers = Headers.NONE;
        for (var field : asked.getAsJsonObject("headers").entrySet()) {
            headers = headers.with(field.getKey(), field.getValue().getAsString());
        }
        var request = new HttpRequest(
                Vectors.text(asked, "method"),
                Vectors.text(asked, "path"),
                headers,
                Vectors.text(asked, "body").getBytes(StandardCharsets.UTF_8),
                "192.0.2.1:1234",
                PublicKey.NULL);
        return new RecordedExchange(
                Vectors.text(v, "name"), request, answer.get("status").getAsInt(), Vectors.text(answer, "body"));
    }

    /** Whether the text of the answer is that of the JSON decoder, which is the reference's own. */
    private boolean isDecoderText() {
        return name.endsWith("bad json");
    }

    /** Asks ours the same. */
    public HttpResponse replay(Handler ours) throws IOException {
        HttpResponse answer = ours.handle(request);
        assertEquals(status, answer.status(), name + ": " + answer.text());
        if (!isDecoderText()) {
            assertEquals(body, answer.text(), name);
        }
        return answer;
    }
}
