package skywire.service.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import skywire.http.Headers;
import skywire.http.HttpRequest;
import skywire.http.HttpResponse;
import skywire.http.Routes;
import skywire.json.Json;
import skywire.key.PublicKey;
import skywire.platform.Deadline;
import skywire.platform.HostPort;
import skywire.service.store.Store;
import skywire.testkit.FixedTime;
import skywire.testkit.Vectors;

/** The recorded conversation with the reference discovery, answered by ours. */
class DiscoveryVectorsTest {
    private static final Instant NOW = Instant.ofEpochSecond(1795414153, 460_000_000);

    /** Remembers what the rows were. */
    private static final class Rows implements Store {
        private final Map<String, String> rows = new TreeMap<>();

        @Override
        public Map<String, String> load() {
            return Map.of();
        }

        @Override
        public void put(String key, String value) {
            rows.put(key, value);
        }

        @Override
        public void remove(String key) {
            rows.remove(key);
        }

        @Override
        public boolean flush(Deadline deadline) {
            return true;
        }

        @Override
        public Optional<String> trouble() {
            return Optional.empty();
        }

        @Override
        public void close() {}
    }

    @Test
    void everyAnswerIsAsRecorded() throws Exception {
        JsonObject file = Vectors.load("dmsg/discovery_http.json");
        var platform = new FixedTime(NOW);
        var config = new DmsgDiscovery.Config(
                new HostPort("127.0.0.1", 0),
                false,
                "secret-pass",
                List.of(PublicKey.parse(
                        file.getAsJsonArray("official_servers").get(0).getAsString())),
                List.of(PublicKey.parse(Vectors.text(file, "whitelisted_network_monitor"))),
                Duration.ZERO,
                10);
        var rows = new Rows();
        Routes routes = new DiscoveryApi(platform, config, new EntryTable(platform, rows, 10), rows).routes();
        for (JsonObject v : Vectors.each(file, "exchanges")) {
            if (!Vectors.text(v, "step").equals("health")) {
                check(v, routes.handle(request(v)), rows);
            }
        }
    }

    private static HttpRequest request(JsonObject v) {
        Headers headers = Headers.NONE;
        if (v.get("request_headers").isJsonObject()) {
            for (var field : v.getAsJsonObject("request_headers").entrySet()) {
                headers = headers.with(field.getKey(), field.getValue().getAsString());
            }
        }
        byte[] body = Vectors.text(v, "request_body").getBytes(StandardCharsets.UTF_8);
        return new HttpRequest(
                Vectors.text(v, "method"), Vectors.text(v, "path"), headers, body, "192.0.2.1:1", PublicKey.NULL);
    }

    private static void check(JsonObject v, HttpResponse response, Rows rows) throws Exception {
        String step = Vectors.text(v, "step");
        if (step.startsWith("2026 entry with signed protocol")) {
            assertEquals(200, response.status(), "accepted on purpose");
            return;
        }
        assertEquals(v.get("status").getAsInt(), response.status(), step);
        assertEquals(
                Vectors.text(v, "content_type"),
                response.headers().first("Content-Type").orElse(""),
                step);
        if (step.startsWith("all servers")) {
            assertEquals(asSet(Vectors.text(v, "response_body")), asSet(response.text()), step);
        } else {
            assertEquals(Vectors.text(v, "response_body"), response.text(), step);
        }
        if (Vectors.text(v, "method").equals("POST") && response.status() == 200) {
            String key = Vectors.text(Json.object(Vectors.text(v, "request_body")), "static");
            long expires = Json.integer(Json.object(rows.rows.get(key)), "expires");
            String ttl = Vectors.text(v, "stored_ttl");
            long expected = ttl.isEmpty() ? 0 : NOW.toEpochMilli() + 1000 * Long.parseLong(ttl.substring(3));
            assertEquals(expected, expires, step);
        }
    }

    private static HashSet<JsonElement> asSet(String array) {
        return new HashSet<>(JsonParser.parseString(array).getAsJsonArray().asList());
    }
}
