package skywire.control;

import java.io.IOException;
import java.util.Optional;
import skywire.platform.Failure;

/** A call that failed, on either side: its kind, one line of text, and perhaps what to do about it. */
public final class ControlException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Failure.Kind kind;
    private final String hint; // may be null
    private final int code;

    ControlException(int code, Failure.Kind kind, String message, String hint) {
        super(message);
        this.code = code;
        this.kind = kind;
        this.hint = hint;
    }

    /** A failure with advice (which may be null). */
    public ControlException(Failure.Kind kind, String message, String hint) {
        this(Wire.FAILED, kind, message, hint);
    }

    /** A parameter that is missing or wrong. */
    public static ControlException badParameter(String message) {
        return new ControlException(Wire.BAD_PARAMETERS, Failure.Kind.MALFORMED, message, null);
    }

    /** Why it failed. */
    public Failure.Kind kind() {
        return kind;
    }

    /** What to do about it, in one line. */
    public Optional<String> hint() {
        return Optional.ofNullable(hint);
    }

    /** Whether the program has no such method: it is another program than the caller expects. */
    public boolean isNoSuchMethod() {
        return code == Wire.NO_SUCH_METHOD;
    }

    /** The JSON-RPC error code. */
    public int code() {
        return code;
    }
}
