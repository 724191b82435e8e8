package skywire.control;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import skywire.config.ConfigFile;
import skywire.limit.LogLimit;
import skywire.platform.Failure;
import skywire.platform.Link;
import skywire.platform.Listener;
import skywire.platform.Platform;
import skywire.platform.Scope;

/**
 * Answers the operator's calls on a Unix-domain socket (mode 0600, in a folder of mode 0700). Meant to be the first
 * thing a program opens: it answers at once, and a method that is not registered yet says what the program is doing.
 *
 * <p>Calls of one connection run one after the other, connections side by side. Thread-safe. Limits: {@value
 * #MOST_LINKS} connections, {@value #LONGEST_LINE} bytes per request.
 */
public final class ControlServer implements Closeable {
    /** Longest request in bytes. */
    public static final int LONGEST_LINE = 1 << 20;

    /** Most connections at once; a further one is closed. */
    public static final int MOST_LINKS = 64;

    private static final Duration IDLE = Duration.ofMinutes(5);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration WRITE = Duration.ofSeconds(10);
    private static final System.Logger LOG = System.getLogger(ControlServer.class.getName());

    private final Platform platform;
    private final Path socket;
    private final Scope scope;
    private final Map<String, ControlMethod> methods = new ConcurrentHashMap<>();
    private final AtomicInteger links = new AtomicInteger();
    private FolderLock lock; // opener's thread, then the watch's
    private volatile Listener listener; // the present one; set by the same
    private volatile String stage = "starting";

    private ControlServer(Platform platform, Path socket) {
        this.platform = platform;
        this.socket = socket;
        this.scope = new Scope(platform, "control");
    }

    /** Opens the socket and answers from now on; fails with {@code REFUSED} if another program runs in its folder. */
    public static ControlServer start(Platform platform, Path socket) throws IOException {
        ControlPath.check(socket);
        var server = new ControlServer(platform, socket);
        try {
            server.open();
            server.scope.fork("watch", server::watch);
            return server;
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    private void open() throws IOException {
        ConfigFile.folder(socket.toAbsolutePath().getParent());
        lock = scope.own(FolderLock.take(socket.resolveSibling(socket.getFileName() + ".lock")));
        listener = scope.own(platform.network().listen(socket));
        Listener opened = listener;
        scope.forkChild("accept", () -> accept(opened));
    }

    /** Somebody who tidies up removes the socket, or the whole folder: the program can be reached again soon. */
    private void watch() throws IOException {
        var complaints = new LogLimit(platform.clock(), LOG);
        while (true) {
            platform.clock().sleep(LOOK);
            if (!Files.exists(socket) || !lock.holds()) {
                try {
                    leave(listener);
                    leave(lock);
                    open();
                    LOG.log(System.Logger.Level.INFO, socket + " was removed, and is there again");
                } catch (IOException e) {
                    if (Failure.kindOf(e) == Failure.Kind.CANCELLED || scope.isClosed()) {
                        throw e;
                    }
                    complaints.log(System.Logger.Level.WARNING, "the control socket is gone: " + Failure.text(e));
                }
            }
        }
    }

    private void leave(Closeable resource) throws IOException {
        scope.disown(resource);
        resource.close();
    }

    /** Registers a method, from now on it is answered; a second registration replaces the first. */
    public ControlServer method(String name, ControlMethod method) {
        methods.put(name, method);
        return this;
    }

    /** Says what the program is doing while it starts; the empty text says that it has started. */
    public void stage(String text) {
        stage = text;
    }

    /** What {@link #stage} said last. */
    public String stage() {
        return stage;
    }

    /** Where it answers. */
    public Path socket() {
        return socket;
    }

    private void accept(Listener from) throws IOException {
        while (true) {
            Link link = from.accept();
            if (links.incrementAndGet() > MOST_LINKS) {
                links.decrementAndGet();
                link.close();
                continue;
            }
            scope.own(link);
            scope.forkChild("call", () -> serve(link));
        }
    }

    private void serve(Link link) throws IOException {
        try {
            var lines = new Lines(link, LONGEST_LINE);
            while (true) {
                Optional<String> line = lines.read(platform.clock().in(IDLE));
                // Anything but an object is no JSON-RPC client (a browser, say): it gets no answer to play with.
                if (line.isEmpty() || !line.get().startsWith("{")) {
                    return;
                }
                Answer answer = answer(lines, line.get());
                try {
                    if (answer.message().isPresent()) {
                        lines.write(
                                answer.message().get().toString(),
                                platform.clock().in(WRITE));
                    }
                } finally {
                    answer.after().run(); // also if the caller has gone
                }
            }
        } finally {
            scope.disown(link);
            link.close();
            links.decrementAndGet();
        }
    }

    /** What is sent back, nothing to a notification, and what is done then. */
    private record Answer(Optional<JsonObject> message, Runnable after) {
        static Answer of(JsonObject message) {
            return new Answer(Optional.of(message), () -> {});
        }
    }

    private Answer answer(Lines lines, String line) {
        JsonElement id = null;
        try {
            JsonObject request = Wire.parse(line);
            id = request.get("id");
            ControlCall call = call(lines, id, request);
            JsonElement result = method(request).call(call);
            JsonObject answer = Wire.message(id);
            answer.add("result", result == null ? JsonNull.INSTANCE : result);
            return new Answer(id == null ? Optional.empty() : Optional.of(answer), call.after());
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> "a call failed: " + Failure.text(e));
            return Answer.of(Wire.error(id, e));
        } catch (RuntimeException | StackOverflowError e) {
            LOG.log(System.Logger.Level.ERROR, "bug: a control method failed", e);
            return Answer.of(Wire.error(
                    id,
                    new ControlException(
                            Wire.BUG,
                            Failure.Kind.REFUSED,
                            "internal error (" + e.getClass().getSimpleName() + "), see the log",
                            null)));
        }
    }

    private ControlMethod method(JsonObject request) throws ControlException {
        String name = Wire.text(request.get("method"), "");
        JsonElement params = request.get("params");
        if (!Wire.text(request.get("jsonrpc"), "").equals("2.0")
                || name.isEmpty()
                || !(params == null || params.isJsonNull() || params.isJsonObject())) {
            throw new ControlException(
                    Wire.BAD_REQUEST, Failure.Kind.MALFORMED, "not a JSON-RPC 2.0 request with named parameters", null);
        }
        ControlMethod method = methods.get(name);
        if (method == null) {
            throw missing(name);
        }
        return method;
    }

    private ControlCall call(Lines lines, JsonElement id, JsonObject request) {
        JsonObject parameters = request.get("params") instanceof JsonObject p ? p : new JsonObject();
        return new ControlCall(parameters, (stage, text) -> progress(lines, id, stage, text));
    }

    private ControlException missing(String name) {
        String now = stage;
        return now.isEmpty()
                ? new ControlException(
                        Wire.NO_SUCH_METHOD, Failure.Kind.NOT_FOUND, "no method \"" + name + "\" in this program", null)
                : new ControlException(
                        Wire.NOT_READY,
                        Failure.Kind.UNREACHABLE,
                        "not ready for " + name + " yet: the program is " + now,
                        "try again in a moment");
    }

    private void progress(Lines lines, JsonElement id, String stage, String text) throws IOException {
        var params = new JsonObject();
        params.add("id", id);
        params.addProperty("stage", stage);
        params.addProperty("text", text);
        JsonObject message = Wire.message(null);
        message.addProperty("method", "progress");
        message.add("params", params);
        lines.write(message.toString(), platform.clock().in(WRITE));
    }

    /** Stops answering and removes the socket; calls under way are cut off. */
    @Override
    public void close() {
        scope.close();
    }
}
