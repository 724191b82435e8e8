package skywire.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import skywire.control.ControlMethod;
import skywire.control.ControlPath;
import skywire.control.ControlServer;
import skywire.key.PublicKey;
import skywire.platform.Platform;

/**
 * A service as a lasting program: the control socket in its folder, which also keeps a second one of the same folder
 * and key away, and the line that says it is ready. It answers {@code visor info|health|halt --control SOCKET}.
 */
final class ServiceProgram {
    private final Program program;
    private final String name;

    /**
     * A service that runs.
     *
     * @param key its identity
     * @param where how it is reached, e.g. {@code listens on 127.0.0.1:8081}
     * @param trouble what the operator should know; empty while all is well
     * @param facts adds what it tells of itself
     * @param methods what else it answers on its control socket
     * @param end ends it; if it is {@link Draining}, a signal lets it drain before
     */
    record Running(
            PublicKey key,
            String where,
            Supplier<Optional<String>> trouble,
            Facts facts,
            Map<String, ControlMethod> methods,
            Closeable end) {
        /** One that answers nothing else. */
        Running(PublicKey key, String where, Supplier<Optional<String>> trouble, Facts facts, Closeable end) {
            this(key, where, trouble, facts, Map.of(), end);
        }
    }

    /** Adds to what a service tells of itself. */
    @FunctionalInterface
    interface Facts {
        /** Adds members. */
        void addTo(JsonObject info);
    }

    /** Starts a service. */
    @FunctionalInterface
    interface Starter {
        /** Starts it; throws with nothing left behind. */
        Running start(Program.Start start) throws IOException;
    }

    ServiceProgram(Program program, String name) {
        this.program = program;
        this.name = name;
    }

    /** Runs the service until it is told to end. */
    int run(Console console, Starter starter) throws IOException {
        return program.run(console, name, start -> {
            ControlServer control =
                    ControlServer.start(start.platform(), start.folder().resolve(ControlPath.NAME));
            try {
                answerEarly(control, name, start.halt());
                long startedAt = start.platform().clock().nanoTime();
                Running running = starter.start(start);
                running.methods().forEach(control::method);
                control.method("visor.info", call -> info(start, running, startedAt))
                        .method("visor.health", call -> health(running))
                        .method("visor.halt", call -> {
                            call.afterAnswer(start.halt());
                            return new JsonObject();
                        })
                        .stage("");
                console.line(name + " " + running.key().brief() + " is ready, " + running.where());
                Closeable end = () -> {
                    control.close();
                    running.end().close();
                };
                return running.end() instanceof Draining draining ? draining.closedBy(end) : end;
            } catch (IOException | RuntimeException e) {
                control.close();
                throw e;
            }
        });
    }

    /** What can be answered before the program is up: how far it is; and it can be told to end once it is. */
    static void answerEarly(ControlServer control, String name, Runnable halt) {
        control.method("visor.health", call -> starting(name, control.stage())).method("visor.halt", call -> {
            call.afterAnswer(halt);
            return new JsonObject();
        });
    }

    private JsonElement info(Program.Start start, Running running, long startedAt) {
        var info = new JsonObject();
        info.addProperty("program", name);
        info.addProperty("local_pk", running.key().hex());
        info.addProperty("version", Version.text());
        info.addProperty("stage", "");
        Platform platform = start.platform();
        info.addProperty(
                "uptime_seconds",
                Duration.ofNanos(platform.clock().nanoTime() - startedAt).toMillis() / 1000.0);
        info.addProperty("pid", ProcessHandle.current().pid());
        info.addProperty("dir", start.folder().toString());
        running.facts().addTo(info);
        return info;
    }

    private static JsonElement starting(String name, String stage) {
        JsonObject health = health(name, Optional.of("is " + stage), "");
        health.addProperty("status", "RED"); // whoever waits for it to be well goes on waiting
        health.addProperty("summary", "not up yet");
        health.addProperty("stage", stage);
        return health;
    }

    private JsonElement health(Running running) {
        return health(name, running.trouble().get(), running.where());
    }

    private static JsonObject health(String name, Optional<String> trouble, String well) {
        var check = new JsonObject();
        check.addProperty("name", name);
        check.addProperty("status", trouble.isEmpty() ? "ok" : "warn");
        check.addProperty("text", trouble.orElse(well));
        var checks = new JsonArray();
        checks.add(check);
        var health = new JsonObject();
        health.addProperty("status", trouble.isEmpty() ? "GREEN" : "YELLOW");
        health.addProperty("summary", trouble.isEmpty() ? "works" : "works, one thing to look at");
        health.add("checks", checks);
        return health;
    }
}
