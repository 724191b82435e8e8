package skywire.http;

import java.io.IOException;

/** Answers requests. Called from many threads at once. */
@FunctionalInterface
public interface Handler {
    /**
     * The answer to one request.
     *
     * @throws IOException if there is none; the client gets status 500
     */
    HttpResponse handle(HttpRequest request) throws IOException;
}
