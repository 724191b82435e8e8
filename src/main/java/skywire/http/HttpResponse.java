package skywire.http;

import java.nio.charset.StandardCharsets;

/**
 * A response, to be sent or received. The body array is not copied.
 *
 * @param status three digits
 * @param headers header fields; Content-Length and the like are set when it is sent
 * @param body empty if there is none
 */
public record HttpResponse(int status, Headers headers, byte[] body) {
    /** A JSON response. */
    public static HttpResponse json(int status, String json) {
        return of(status, "application/json", json);
    }

    /** A text of some type; an empty type sends none. */
    public static HttpResponse of(int status, String type, String text) {
        Headers headers = type.isEmpty() ? Headers.NONE : Headers.NONE.with("Content-Type", type);
        return new HttpResponse(status, headers, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A status without a body. */
    public static HttpResponse empty(int status) {
        return of(status, "", "");
    }

    /** The same with one more header field. */
    public HttpResponse with(String name, String value) {
        return new HttpResponse(status, headers.with(name, value), body);
    }

    /** The body as text, bad UTF-8 replaced. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** Status and size only. */
    @Override
    public String toString() {
        return status + ", " + body.length + " bytes";
    }
}
