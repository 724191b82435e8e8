package skywire.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import skywire.control.ControlException;
import skywire.control.ControlPath;
import skywire.control.Progress;
import skywire.platform.Failure;

/** A command that is one call of a running program: a name, parameters, and how the result looks to a person. */
abstract class ControlCommand implements Callable<Integer> {
    @Mixin
    ControlOptions options;

    @Spec
    CommandSpec spec;

    /** Name of the method. */
    abstract String method();

    /** What the result is called in JSON. */
    String schema() {
        return method();
    }

    /** Its parameters. */
    JsonObject parameters() throws IOException {
        return new JsonObject();
    }

    /** Where the program answers, unless it is said. */
    List<Path> usualSockets() {
        return ControlPath.candidates(console().environment());
    }

    /** What to do where none answers. */
    String startAdvice() {
        return ControlOptions.NODE_ADVICE;
    }

    /** Shows the result to a person. */
    abstract void render(JsonObject result, Console console);

    /** The exit code a result stands for. */
    int exitCode(JsonObject result) {
        return Exit.OK;
    }

    @Override
    public Integer call() throws IOException {
        JsonObject result = result(parameters());
        show(result);
        return exitCode(result);
    }

    final Console console() {
        return console(spec);
    }

    static Console console(CommandSpec spec) {
        return ((Main.Root) spec.root().userObject()).console;
    }

    /** Makes the call; stages go to the error stream. */
    JsonObject result(JsonObject parameters) throws IOException {
        Progress progress = options.json ? Progress.NONE : new Stages(console());
        try {
            return object(options.call(usualSockets(), startAdvice(), method(), parameters, progress));
        } catch (ControlException e) {
            throw e.isNoSuchMethod() ? new ControlException(e.kind(), unknown(), unknownAdvice()) : e;
        }
    }

    /** What to say where the program that answers is none for this command. */
    String unknown() {
        return "the program that answers is none for:  " + spec.qualifiedName();
    }

    /** What to do about it. */
    String unknownAdvice() {
        return "see which it is:  skywire visor info   (another one: --control SOCKET)";
    }

    /** Makes another call on the side. */
    final JsonObject ask(String method, JsonObject parameters) throws IOException {
        return object(options.call(console(), method, parameters, Progress.NONE));
    }

    private static JsonObject object(JsonElement result) throws Failure {
        if (result instanceof JsonObject object) {
            return object;
        }
        throw Failure.malformed("the program answered with something that is no object");
    }

    /** Prints a result, as JSON or for people. */
    final void show(JsonObject result) {
        if (options.json) {
            printJson(console(), schema(), result);
        } else {
            Console console = console();
            render(result, options.full ? console.withWidth(Console.UNLIMITED) : console);
        }
    }

    /** Prints an object with its {@code schema} first. */
    static void printJson(Console console, String name, JsonObject result) {
        var shown = new JsonObject();
        shown.addProperty("schema", "skywire." + name + "/1");
        result.entrySet().forEach(e -> shown.add(e.getKey(), e.getValue()));
        String json = new GsonBuilder()
                .setPrettyPrinting()
                .disableHtmlEscaping()
                .create()
                .toJson(shown);
        console.line(Signs.areShown(console.environment()) ? json : Signs.escaped(json));
    }
}
