package skywire.cli;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import skywire.control.Progress;
import skywire.platform.Clock;
import skywire.platform.Failure;
import skywire.platform.Platform;

/** Names of the running node for completion, kept for a few seconds; nothing when no node answers. One thread. */
final class KnownNames {
    private static final Duration FRESH = Duration.ofSeconds(3);

    private final Console console;
    private final Duration patience;
    private final Clock clock = Platform.system().clock();
    private final Map<String, JsonObject> answers = new TreeMap<>();
    private long asked;

    /** Asks the node that the console's environment leads to, waiting that long for an answer at most. */
    KnownNames(Console console, Duration patience) {
        this.console = console;
        this.patience = patience;
    }

    /** All keys the node mentions. */
    Set<String> keys() {
        try {
            return Keys.known(this::ask);
        } catch (IOException e) {
            return Set.of();
        }
    }

    /** Its transports, with a word about each. */
    Map<String, String> transports() {
        Map<String, String> found = new TreeMap<>();
        for (Fields t : Fields.list(answer("tp.list"), "transports")) {
            if (t.has("id")) {
                found.put(t.text("id"), t.text("type", "") + " → " + Units.brief(t.text("remote_pk", "?"), false));
            }
        }
        return found;
    }

    /** Its proxies. */
    Set<String> proxies() {
        Set<String> names = new TreeSet<>();
        for (Fields p : Fields.list(answer("proxy.status"), "proxies")) {
            if (p.has("name")) {
                names.add(p.text("name"));
            }
        }
        return names;
    }

    /** The visors of a local network that are up, or those that are not, with a word about each; yours is not among them. */
    Map<String, String> visors(boolean up) {
        Map<String, String> found = new TreeMap<>();
        for (Fields v : Fields.list(answer("visor.list"), "visors")) {
            if (v.flag("up") == up && !"you".equals(v.text("role"))) {
                found.put(v.text("number"), v.text("role", "") + " " + Units.brief(v.text("pk", "?"), false));
            }
        }
        return found;
    }

    private JsonObject answer(String method) {
        try {
            return ask(method);
        } catch (IOException e) {
            return new JsonObject();
        }
    }

    private JsonObject ask(String method) throws IOException {
        if (clock.nanoTime() - asked > FRESH.toNanos()) {
            answers.clear();
            asked = clock.nanoTime();
        }
        JsonObject known = answers.get(method);
        if (known == null) {
            var options = new ControlOptions();
            options.timeout = patience;
            if (!(options.call(console, method, new JsonObject(), Progress.NONE) instanceof JsonObject answer)) {
                throw Failure.malformed("no object");
            }
            known = answer;
            answers.put(method, known);
        }
        return known;
    }
}
