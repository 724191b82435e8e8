package skywire.bytes;

/**
 * Bytes or text that break their format. Checked in layer 1; links and sessions turn it into a failure of kind {@code
 * MALFORMED}. It is an {@link java.io.IOException}, so code that reads from a peer need not treat it apart.
 */
public final class MalformedException extends java.io.IOException {
    private static final long serialVersionUID = 1L;

    /** Says what is wrong, in a few words, without the bytes themselves. */
    public MalformedException(String message) {
        super(message);
    }
}
