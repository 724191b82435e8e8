package skywire.platform;

import java.io.IOException;

/**
 * What a peer or the system did to us. Callers decide on the {@link #kind}, never on the text.
 *
 * <p>A kind answers three questions: whose fault, worth a retry, worth telling the user.
 */
public final class Failure extends IOException {
    private static final long serialVersionUID = 1L;

    /** Why it failed. */
    public enum Kind {
        /** We closed it. */
        CLOSED_HERE,
        /** The other side closed it. */
        CLOSED_THERE,
        /** A deadline passed. */
        TIMEOUT,
        /** The other side answered no. */
        REFUSED,
        /** Nothing answers there. */
        UNREACHABLE,
        /** There is no such thing. */
        NOT_FOUND,
        /** A key, signature or cipher did not verify. */
        UNTRUSTED,
        /** Bytes that break the protocol. */
        MALFORMED,
        /** A named limit is reached. */
        LIMIT,
        /** The waiting thread was told to stop. */
        CANCELLED
    }

    private final Kind kind;

    /** A failure with a cause (which may be null). */
    public Failure(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** A failure of its own. */
    public Failure(Kind kind, String message) {
        this(kind, message, null);
    }

    /** Why it failed. */
    public Kind kind() {
        return kind;
    }

    /** The kind of any I/O failure; those that are not ours count as {@code CLOSED_THERE}. */
    public static Kind kindOf(IOException e) {
        return e instanceof Failure f ? f.kind : Kind.CLOSED_THERE;
    }

    /** Wraps a failure where a layer adds knowledge, keeping its kind: {@code "<what>: <its message>"}. */
    public static Failure wrap(String what, IOException e) {
        return new Failure(kindOf(e), what + ": " + text(e), e);
    }

    /** The message of a throwable, or its class name where it has none. */
    public static String text(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** {@code what} was not done in time. */
    public static Failure timeout(String what) {
        return new Failure(Kind.TIMEOUT, what + " timed out");
    }

    /** {@code what} was closed on this side. */
    public static Failure closedHere(String what) {
        return new Failure(Kind.CLOSED_HERE, what + " is closed");
    }

    /** {@code what} was closed by the other side. */
    public static Failure closedThere(String what) {
        return new Failure(Kind.CLOSED_THERE, what + " closed by peer");
    }

    /** The thread was interrupted; call it in the leaf that caught the {@link InterruptedException}. */
    public static Failure cancelled(String what) {
        Thread.currentThread().interrupt();
        return new Failure(Kind.CANCELLED, what + " cancelled");
    }

    /** Bytes that break the protocol. */
    public static Failure malformed(String what) {
        return new Failure(Kind.MALFORMED, what);
    }

    /** Something did not verify. */
    public static Failure untrusted(String what) {
        return new Failure(Kind.UNTRUSTED, what);
    }
}
