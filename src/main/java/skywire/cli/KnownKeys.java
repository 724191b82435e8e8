package skywire.cli;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import skywire.control.Progress;
import skywire.entry.DmsgEntry;
import skywire.platform.Failure;

/**
 * Keys a dmsg command may be given short: those the running node mentions, and the servers of the discovery. Who does not
 * answer knows none. Nobody is asked about a key that is whole.
 */
record KnownKeys(Console console, DmsgOptions dmsg, ControlOptions options) {
    /** The beginning of a key, perhaps after a scheme and before a port. */
    private static final Pattern SHORT = Pattern.compile("(dmsg://)?(0[23][0-9a-fA-F]{0,63})(:.*)?");

    /** The address with its key whole, as far as it is known; fails if several keys begin so. */
    String expand(String address) throws IOException {
        Matcher typed = SHORT.matcher(address);
        if (!typed.matches()) {
            return address;
        }
        String port = typed.group(3) == null ? "" : typed.group(3);
        return Keys.unique(typed.group(2).toLowerCase(Locale.ROOT), all())
                .map(key -> key + port)
                .orElse(address);
    }

    private Set<String> all() throws IOException {
        Set<String> keys = new TreeSet<>();
        try {
            keys.addAll(Keys.known(this::ask));
        } catch (IOException e) {
            stopIfCancelled(e);
        }
        try {
            dmsg.discovery(console, options).servers(options.deadline()).stream()
                    .map(DmsgEntry::key)
                    .forEach(key -> keys.add(key.hex()));
        } catch (IOException e) {
            stopIfCancelled(e);
        }
        return keys;
    }

    private JsonObject ask(String method) throws IOException {
        return options.call(console, method, new JsonObject(), Progress.NONE) instanceof JsonObject answer
                ? answer
                : new JsonObject();
    }

    private static void stopIfCancelled(IOException e) throws IOException {
        if (Failure.kindOf(e) == Failure.Kind.CANCELLED) {
            throw e;
        }
    }
}
