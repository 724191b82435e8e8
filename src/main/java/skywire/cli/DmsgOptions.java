package skywire.cli;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import skywire.control.ControlException;
import skywire.control.Progress;
import skywire.http.HttpUrl;
import skywire.platform.Failure;
import skywire.platform.Platform;

/** Which dmsg discovery a command asks. */
final class DmsgOptions {
    static final String VARIABLE = "SKYWIRE_DISCOVERY";

    @Option(
            names = "--discovery",
            paramLabel = "URL",
            description = "The dmsg discovery (default: $$" + VARIABLE + ", else that of the running node).")
    String discovery;

    /** A client of the discovery; nothing is dialled yet, but a running node may be asked which one it uses. */
    Discovery discovery(Console console, ControlOptions control) throws IOException {
        HttpUrl url = url(console, control);
        if (url.isDmsg()) {
            throw new ControlException(
                    Failure.Kind.REFUSED,
                    "a command reaches the discovery over http only, and " + url + " is a dmsg address",
                    "give its other address:  --discovery http://HOST:PORT");
        }
        return Discovery.at(Platform.system(), url);
    }

    private HttpUrl url(Console console, ControlOptions control) throws IOException {
        String text = discovery;
        if (text == null) {
            text = console.environment().getOrDefault(VARIABLE, "");
        }
        if (text.isEmpty()) {
            text = ofTheNode(console, control);
        }
        try {
            return HttpUrl.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ControlException(
                    Failure.Kind.MALFORMED, "the dmsg discovery: " + e.getMessage(), "such as:  http://127.0.0.1:9090");
        }
    }

    private static String ofTheNode(Console console, ControlOptions control) throws IOException {
        try {
            if (control.call(console, "visor.info", new JsonObject(), Progress.NONE) instanceof JsonObject info
                    && info.get("discovery") instanceof JsonPrimitive url) {
                return url.getAsString();
            }
        } catch (ControlException e) {
            // told below
        }
        throw new ControlException(
                Failure.Kind.NOT_FOUND,
                "which dmsg discovery? None is given and no running node tells one",
                "say where it is:  --discovery http://HOST:PORT   or set " + VARIABLE);
    }

    /** Options of commands that become a dmsg client for a while. */
    static final class Client {
        @Option(
                names = {"-k", "--key"},
                paramLabel = "FILE",
                description = "Key file to appear as (default: a new key each time).")
        Path key;

        @Option(
                names = "--service",
                description = "The other side is a service that publishes no entry: look for it on all servers.")
        boolean service;
    }
}
