package skywire.control;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import skywire.config.ConfigException;

/** Where control sockets are, and where state is kept. */
public final class ControlPath {
    /** What the socket is called in a program's folder. */
    public static final String NAME = "control.sock";

    private static final int LONGEST = 100; // a socket address has room for about 107 bytes

    private ControlPath() {}

    /** The user's folder for state of the given name: {@code $XDG_STATE_HOME} or {@code ~/.local/state}, then it. */
    public static Path state(Map<String, String> environment, String name) {
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        Path base = state.startsWith("/")
                ? Path.of(state)
                : Path.of(environment.getOrDefault("HOME", "."), ".local", "state");
        return base.resolve(name);
    }

    /**
     * Where a command looks for the program it talks to, most wanted first: {@code $SKYWIRE_CONTROL} alone if set;
     * else {@code ./local}, the state folder {@code skywire}, the state folder {@code skywire-local}.
     */
    public static List<Path> candidates(Map<String, String> environment) {
        String chosen = environment.getOrDefault("SKYWIRE_CONTROL", "");
        if (!chosen.isEmpty()) {
            return List.of(Path.of(chosen));
        }
        List<Path> paths = new ArrayList<>();
        paths.add(Path.of("local", NAME));
        paths.add(state(environment, "skywire").resolve(NAME));
        paths.add(state(environment, "skywire-local").resolve(NAME));
        return paths;
    }

    /** As {@link #candidates(Map)}, for a service: {@code $SKYWIRE_CONTROL}, or the service's own state folder. */
    public static List<Path> candidates(Map<String, String> environment, String service) {
        String chosen = environment.getOrDefault("SKYWIRE_CONTROL", "");
        return List.of(
                chosen.isEmpty() ? state(environment, "skywire/" + service).resolve(NAME) : Path.of(chosen));
    }

    /** Complains about a path that the system has no room for. */
    static void check(Path socket) throws ConfigException {
        if (socket.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            throw new ConfigException(
                    "the path of the control socket is longer than " + LONGEST + " bytes: " + socket,
                    "use a shorter folder");
        }
    }
}
