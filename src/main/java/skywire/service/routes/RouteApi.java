package skywire.service.routes;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import skywire.bytes.MalformedException;
import skywire.directory.Path;
import skywire.http.HttpRequest;
import skywire.http.HttpResponse;
import skywire.http.Routes;
import skywire.json.Json;
import skywire.limit.LogLimit;
import skywire.packet.Hop;
import skywire.packet.PathEnds;
import skywire.platform.Failure;
import skywire.platform.Platform;

/** The HTTP interface of the route finder (setup §6). Thread-safe. */
final class RouteApi {
    private static final System.Logger LOG = System.getLogger(RouteApi.class.getName());
    private static final Duration LIMIT = Duration.ofSeconds(8); // clients wait 10 s

    /** Pairs of visors in one request; visors ask for two. */
    static final int MOST_PAIRS = 16;

    /** Paths given for each pair. */
    static final int MOST_PATHS = 5;

    /** Transports tried for one request; enough for paths of few hops among thousands of visors. */
    static final int MOST_STEPS = 200_000;

    private final Platform platform;
    private final FreshGraph graph;
    private final LogLimit complaints;

    RouteApi(Platform platform, FreshGraph graph) {
        this.platform = platform;
        this.graph = graph;
        this.complaints = new LogLimit(platform.clock(), LOG);
    }

    Routes routes() {
        return new Routes().add("POST", "/routes", this::find);
    }

    private static HttpResponse error(int status, String text) {
        return HttpResponse.json(status, "{\"error\":{\"message\":" + Json.quote(text) + ",\"code\":" + status + "}}");
    }

    /** What is asked. */
    private record Question(List<PathEnds> pairs, int minHops, int maxHops) {
        static Question parse(byte[] body) throws MalformedException {
            JsonObject json = Json.object(body);
            List<PathEnds> pairs = new ArrayList<>();
            for (String pair : Json.strings(member(json, "Edges"), "Edges")) {
                pairs.add(PathEnds.parse(pair));
            }
            if (pairs.size() > MOST_PAIRS) {
                throw new MalformedException("more than " + MOST_PAIRS + " pairs of visors");
            }
            JsonElement options = member(json, "Opts");
            if (options.isJsonNull()) {
                return new Question(pairs, 0, 0);
            }
            JsonObject hops = Json.object(options, "Opts");
            return new Question(pairs, number(hops, "MinHops"), number(hops, "MaxHops"));
        }

        private static int number(JsonObject json, String name) throws MalformedException {
            var one = new JsonObject();
            one.add(name, member(json, name));
            return (int) Math.clamp(Json.unsigned(one, name), 0L, 65_535L);
        }

        /** A member by its name in any case, as Go's decoder finds it. */
        private static JsonElement member(JsonObject json, String name) {
            for (Map.Entry<String, JsonElement> field : json.entrySet()) {
                if (field.getKey().equalsIgnoreCase(name)) {
                    return field.getValue();
                }
            }
            return JsonNull.INSTANCE;
        }
    }

    private HttpResponse find(HttpRequest request) {
        Question question;
        try {
            question = Question.parse(request.body());
        } catch (MalformedException e) {
            return error(400, e.getMessage());
        }
        RouteGraph now;
        try {
            now = graph.get(platform.clock().in(LIMIT));
        } catch (IOException e) {
            complaints.log(System.Logger.Level.WARNING, "no paths to give: " + Failure.text(e));
            return error(500, FreshGraph.NO_LIST);
        }
        return answer(question, now);
    }

    private HttpResponse answer(Question question, RouteGraph now) {
        Map<String, List<Path>> found = new TreeMap<>();
        var steps = new RouteGraph.Steps(MOST_STEPS);
        for (PathEnds ends : question.pairs) {
            if (!now.knows(ends.src())) {
                return error(404, "transport not found");
            }
            Optional<List<Path>> paths =
                    now.paths(ends, question.minHops, question.maxHops, MOST_PATHS, steps, platform.random());
            if (paths.isEmpty()) {
                return error(404, "no route to destination");
            }
            if (paths.get().isEmpty()) {
                return error(404, "route not found");
            }
            found.put(ends.toString(), paths.get());
        }
        String json = found.entrySet().stream()
                .map(pair -> "\"" + pair.getKey() + "\":"
                        + pair.getValue().stream().map(RouteApi::json).collect(Collectors.joining(",", "[", "]")))
                .collect(Collectors.joining(",", "{", "}"));
        return HttpResponse.json(200, json);
    }

    private static String json(Path path) {
        return path.hops().stream().map(RouteApi::json).collect(Collectors.joining(",", "[", "]"));
    }

    private static String json(Hop hop) {
        return "{\"TpID\":\"" + hop.transport() + "\",\"From\":\"" + hop.from().hex() + "\",\"To\":\""
                + hop.to().hex() + "\"}";
    }
}
