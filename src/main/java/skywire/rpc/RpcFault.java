package skywire.rpc;

import java.io.IOException;

/**
 * The other side answered a call with an error text. The connection stays usable. The text comes from a peer: decide
 * on {@link #code} where there is one, and escape it before printing.
 */
public final class RpcFault extends IOException {
    private static final long serialVersionUID = 1L;

    /** Characters of an error text that are kept. */
    static final int LONGEST = 1000;

    /** Code of failures nobody has a number for. */
    public static final int UNKNOWN = 0;

    /** Code of refused rules. */
    public static final int ADD_RULES = 1;

    /** Code of a route that could not be created. */
    public static final int CREATE_ROUTES = 2;

    /** Code of refused route ids. */
    public static final int RESERVE_IDS = 4;

    private static final String PREFIX = "failure code ";

    /** A fault with any text; what is beyond {@value #LONGEST} characters is cut. */
    public RpcFault(String text) {
        super(text.length() > LONGEST ? text.substring(0, LONGEST) : text);
    }

    /** A fault in the form the router's methods have: {@code failure code <n> (<message>)}. */
    public static RpcFault failure(int code, String message) {
        return new RpcFault(PREFIX + code + " (" + message + ")");
    }

    /** The failure code in the text, or -1. */
    public int code() {
        String text = getMessage();
        int end = text.indexOf(' ', PREFIX.length());
        if (!text.startsWith(PREFIX) || end < 0 || end > PREFIX.length() + 3) {
            return -1;
        }
        String digits = text.substring(PREFIX.length(), end);
        return digits.matches("[0-9]{1,3}") ? Integer.parseInt(digits) : -1;
    }

    /** Whether the other side does not know the method, as older visors some of ours. */
    public boolean unknownMethod() {
        return getMessage().startsWith("rpc: can't find ");
    }
}
