package skywire.http;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import skywire.bytes.MalformedException;
import skywire.key.PublicKey;

/**
 * A request, to be sent or received. The body array is not copied.
 *
 * @param method in capitals
 * @param target path and query as on the request line, percent-encoded, begins with a slash
 * @param headers header fields; Host, Content-Length and the like are set when it is sent
 * @param body empty if there is none
 * @param remote a received one: where it came from; else empty
 * @param remoteKey a received one over an authenticated link: who sent it; else {@link PublicKey#NULL}
 */
public record HttpRequest(
        String method, String target, Headers headers, byte[] body, String remote, PublicKey remoteKey) {
    private static final byte[] NOTHING = new byte[0];

    /** A request without a body. */
    public static HttpRequest of(String method, String target) {
        return new HttpRequest(method, target, Headers.NONE, NOTHING, "", PublicKey.NULL);
    }

    /** A GET. */
    public static HttpRequest get(String target) {
        return of("GET", target);
    }

    /** A request with a JSON body. */
    public static HttpRequest json(String method, String target, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        Headers headers = Headers.NONE.with("Content-Type", "application/json");
        return new HttpRequest(method, target, headers, body, "", PublicKey.NULL);
    }

    /** The same with one more header field. */
    public HttpRequest with(String name, String value) {
        return new HttpRequest(method, target, headers.with(name, value), body, remote, remoteKey);
    }

    /** The value of a header field. */
    public Optional<String> header(String name) {
        return headers.first(name);
    }

    /** The path without the query, percent-decoded; where it is badly encoded, as it came. */
    public String path() {
        int query = target.indexOf('?');
        String raw = query < 0 ? target : target.substring(0, query);
        try {
            return decode(raw, false);
        } catch (MalformedException e) {
            return raw;
        }
    }

    /** A parameter of the query, decoded; empty if it is absent or badly encoded. */
    public Optional<String> parameter(String name) {
        int query = target.indexOf('?');
        if (query < 0) {
            return Optional.empty();
        }
        for (String pair : target.substring(query + 1).split("&")) {
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair : pair.substring(0, equals);
            try {
                if (decode(key, true).equals(name)) {
                    return Optional.of(equals < 0 ? "" : decode(pair.substring(equals + 1), true));
                }
            } catch (MalformedException e) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static String decode(String text, boolean plusIsSpace) throws MalformedException {
        byte[] bytes = new byte[text.length()];
        int size = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                if (i + 2 >= text.length() || digit(text, i + 1) < 0 || digit(text, i + 2) < 0) {
                    throw new MalformedException("bad percent encoding");
                }
                bytes[size++] = (byte) (digit(text, i + 1) << 4 | digit(text, i + 2));
                i += 2;
            } else {
                bytes[size++] = (byte) (plusIsSpace && c == '+' ? ' ' : c);
            }
        }
        return new String(bytes, 0, size, StandardCharsets.UTF_8);
    }

    private static int digit(String text, int at) {
        return Character.digit(text.charAt(at), 16);
    }

    /** Method and path only: headers and body may hold secrets. */
    @Override
    public String toString() {
        return method + " " + path();
    }
}
