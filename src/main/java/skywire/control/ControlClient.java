package skywire.control;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Link;
import skywire.platform.Platform;

/** Calls a running program by its control socket; one connection per call. Thread-safe. */
public final class ControlClient {
    private static final int LONGEST_LINE = 64 << 20;

    private final Platform platform;
    private final Path socket;

    /** A client of the program that answers at this socket; nothing is dialled yet. */
    public ControlClient(Platform platform, Path socket) {
        this.platform = platform;
        this.socket = socket;
    }

    /** Where it calls. */
    public Path socket() {
        return socket;
    }

    /**
     * Calls a method and waits for its result.
     *
     * @throws ControlException if the program answers with an error
     * @throws Failure of kind {@code UNREACHABLE} if nothing answers, {@code TIMEOUT} if the answer does not come
     */
    public JsonElement call(String method, JsonObject parameters, Progress progress, Deadline deadline)
            throws IOException {
        try (Link link = platform.network().dial(socket, deadline)) {
            var lines = new Lines(link, LONGEST_LINE);
            JsonObject request = Wire.message(new com.google.gson.JsonPrimitive(1));
            request.addProperty("method", method);
            request.add("params", parameters);
            lines.write(request.toString(), deadline);
            while (true) {
                Optional<String> line = lines.read(deadline);
                if (line.isEmpty()) {
                    throw new Failure(Failure.Kind.CLOSED_THERE, "the program ended before it answered " + method);
                }
                Optional<JsonElement> result = result(line.get(), progress);
                if (result.isPresent()) {
                    return result.get();
                }
            }
        }
    }

    private static Optional<JsonElement> result(String line, Progress progress) throws IOException {
        JsonObject message = Wire.parse(line);
        if (message.get("error") instanceof JsonObject error) {
            throw Wire.failure(error);
        }
        if (message.has("result")) {
            JsonElement result = message.get("result");
            return Optional.of(result == null ? JsonNull.INSTANCE : result);
        }
        if (message.get("params") instanceof JsonObject params) {
            progress.stage(Wire.text(params.get("stage"), ""), Wire.text(params.get("text"), ""));
        }
        return Optional.empty();
    }
}
