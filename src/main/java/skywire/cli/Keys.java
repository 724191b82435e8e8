package skywire.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import skywire.control.ControlException;
import skywire.limit.LogLimit;
import skywire.platform.Failure;

/** Keys typed short: the beginning is enough when only one known key begins so. */
final class Keys {
    private static final int DIGITS = 66;

    private Keys() {}

    /** The whole key; what the node knows is asked only if the text is too short to be one. */
    static String expand(ControlCommand command, String typed) throws IOException {
        String text = typed.toLowerCase(java.util.Locale.ROOT);
        if (!text.matches("[0-9a-f]{1," + DIGITS + "}")) {
            throw new ControlException(
                    Failure.Kind.MALFORMED,
                    "\"" + LogLimit.clean(typed) + "\" is no public key",
                    "a key has " + DIGITS + " hex digits; its beginning will do where that is unique");
        }
        if (text.length() == DIGITS) {
            return text;
        }
        return unique(text, known(method -> command.ask(method, new JsonObject())))
                .orElseThrow(() -> new ControlException(
                        Failure.Kind.NOT_FOUND, "no known key begins with " + text, "give all 66 digits"));
    }

    /** The only key that begins so; fails if there are several. */
    static Optional<String> unique(String text, Set<String> known) throws ControlException {
        List<String> matches =
                known.stream().filter(key -> key.startsWith(text)).toList();
        if (matches.size() > 1) {
            List<String> some = matches.stream()
                    .limit(4)
                    .map(key -> key.substring(0, 12) + "…")
                    .toList();
            throw new ControlException(
                    Failure.Kind.NOT_FOUND,
                    matches.size() + " known keys begin with " + text + ": " + String.join(", ", some),
                    "give all 66 digits");
        }
        return matches.stream().findFirst();
    }

    /** A call of the node without parameters. */
    @FunctionalInterface
    interface Node {
        JsonObject ask(String method) throws IOException;
    }

    /** All keys the node mentions. */
    static Set<String> known(Node node) throws IOException {
        Set<String> keys = new TreeSet<>();
        for (String method : List.of("visor.info", "visor.list", "tp.list", "rg.list", "proxy.list", "proxy.status")) {
            try {
                collect(node.ask(method), keys);
            } catch (ControlException e) {
                if (e.kind() == Failure.Kind.UNREACHABLE && method.equals("visor.info")) {
                    throw e;
                }
            }
        }
        return keys;
    }

    private static void collect(JsonElement element, Set<String> keys) {
        if (element instanceof JsonObject object) {
            object.asMap().values().forEach(value -> collect(value, keys));
        } else if (element instanceof JsonArray array) {
            array.forEach(value -> collect(value, keys));
        } else if (element instanceof JsonPrimitive p
                && p.isString()
                && p.getAsString().matches("0[23][0-9a-f]{64}")) {
            keys.add(p.getAsString());
        }
    }
}
