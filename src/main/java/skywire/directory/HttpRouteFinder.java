package skywire.directory;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import skywire.bytes.MalformedException;
import skywire.entry.TransportId;
import skywire.http.HttpClient;
import skywire.http.HttpRequest;
import skywire.http.HttpResponse;
import skywire.json.Json;
import skywire.key.PublicKey;
import skywire.packet.Hop;
import skywire.packet.PathEnds;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;

/**
 * A route finder over HTTP (setup §6). What it answers is checked: connected hops, the right ends, the length that was
 * asked for. Thread-safe.
 */
public final class HttpRouteFinder implements RouteFinder {
    /** Time for one question with its repetitions, unless the caller's deadline is earlier. */
    public static final Duration LIMIT = Duration.ofSeconds(10);

    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int TRIES = 4;
    private static final int MOST_PATHS = 64;

    private final Platform platform;
    private final HttpClient http;

    /** A client of the route finder behind this HTTP client. */
    public HttpRouteFinder(Platform platform, HttpClient http) {
        this.platform = platform;
        this.http = http;
    }

    @Override
    public List<List<Path>> find(List<PathEnds> pairs, int minHops, int maxHops, Deadline deadline) throws IOException {
        Deadline limit = deadline.orEarlier(platform.clock(), LIMIT);
        HttpResponse response = ask(pairs, minHops, maxHops, limit);
        JsonObject answer = Json.object(response.body());
        List<List<Path>> found = new ArrayList<>();
        for (PathEnds ends : pairs) {
            List<Path> paths = paths(answer, ends);
            paths.removeIf(p -> p.length() < minHops || p.length() > maxHops);
            if (paths.isEmpty()) {
                throw new Failure(
                        Failure.Kind.NOT_FOUND, "no route to " + ends.dst().brief());
            }
            found.add(paths);
        }
        return found;
    }

    private HttpResponse ask(List<PathEnds> pairs, int minHops, int maxHops, Deadline limit) throws IOException {
        String edges = pairs.stream().map(e -> "\"" + e + "\"").collect(Collectors.joining(","));
        String body = "{\"Edges\":[" + edges + "],\"Opts\":{\"MinHops\":" + minHops + ",\"MaxHops\":" + maxHops + "}}";
        HttpRequest request = HttpRequest.json("POST", "/routes", body);
        for (int tries = 1; ; tries++) {
            try {
                HttpResponse response = http.send(request, HttpClient.LIST_BODY, limit);
                if (response.status() == 200) {
                    return response;
                }
                throw ServiceAnswer.refusal(response);
            } catch (Failure e) {
                if (tries == TRIES || !isWorthARetry(e.kind())) {
                    throw e;
                }
            }
            platform.clock().sleep(PAUSE);
            limit.check("asking the route finder");
        }
    }

    private static boolean isWorthARetry(Failure.Kind kind) {
        return kind != Failure.Kind.NOT_FOUND && kind != Failure.Kind.CANCELLED && kind != Failure.Kind.MALFORMED;
    }

    private static List<Path> paths(JsonObject answer, PathEnds ends) throws MalformedException {
        List<Path> paths = new ArrayList<>();
        if (Json.isAbsent(answer, ends.toString())) {
            return paths;
        }
        for (JsonElement one : Json.array(answer.get(ends.toString()), "paths")) {
            Path path = path(one);
            if (!path.from().equals(ends.src()) || !path.to().equals(ends.dst())) {
                throw new MalformedException("a path leads elsewhere");
            }
            paths.add(path);
            if (paths.size() == MOST_PATHS) {
                break;
            }
        }
        return paths;
    }

    private static Path path(JsonElement json) throws MalformedException {
        List<Hop> hops = new ArrayList<>();
        for (JsonElement element : Json.array(json, "path")) {
            JsonObject hop = Json.object(element, "hop");
            hops.add(new Hop(TransportId.parse(Json.string(hop, "TpID")), key(hop, "From"), key(hop, "To")));
        }
        return Path.parse(hops);
    }

    private static PublicKey key(JsonObject hop, String name) throws MalformedException {
        return PublicKey.parse(Json.string(hop, name));
    }
}
