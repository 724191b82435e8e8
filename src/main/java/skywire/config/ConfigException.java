package skywire.config;

import java.io.IOException;
import java.util.Optional;

/** A configuration that cannot be used. The message is one line that begins with the file and, if known, the place. */
public final class ConfigException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String hint; // may be null

    /** A complaint without advice. */
    public ConfigException(String message) {
        this(message, null);
    }

    /** A complaint and what to do about it (which may be null). */
    public ConfigException(String message, String hint) {
        super(message);
        this.hint = hint;
    }

    /** What to do about it, in one line. */
    public Optional<String> hint() {
        return Optional.ofNullable(hint);
    }
}
