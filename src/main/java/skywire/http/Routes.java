package skywire.http;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Chooses a handler by method and path. A path of another method is 405, an unknown path 404, as Go's routers answer.
 * Filled before it is used, then immutable.
 */
public final class Routes implements Handler {
    /** A suffix of null means that the prefix is the whole path. */
    private record Route(String method, String prefix, String suffix, Tail handler) {}

    private final List<Route> routes = new ArrayList<>();

    /** A handler that is given the last part of the path. */
    @FunctionalInterface
    public interface Tail {
        /** The answer; {@code tail} is what follows the prefix and has no slash. */
        HttpResponse handle(HttpRequest request, String tail) throws IOException;
    }

    /** Adds a handler for exactly this path. */
    public Routes add(String method, String path, Handler handler) {
        routes.add(new Route(method, path, null, (request, tail) -> handler.handle(request)));
        return this;
    }

    /** Adds a handler for paths of this prefix and one more part, which is not empty. */
    public Routes addTail(String method, String prefix, Tail handler) {
        return addInfix(method, prefix, "", handler);
    }

    /** Adds a handler for paths of this prefix, one part that is not empty, and this suffix; it is given the part. */
    public Routes addInfix(String method, String prefix, String suffix, Tail handler) {
        routes.add(new Route(method, prefix, suffix, handler));
        return this;
    }

    @Override
    public HttpResponse handle(HttpRequest request) throws IOException {
        String path = request.path();
        boolean known = false;
        for (Route route : routes) {
            if (!matches(route, path)) {
                continue;
            }
            if (route.method.equals(request.method()) || isHeadOf(route, request)) {
                int end = path.length() - (route.suffix == null ? 0 : route.suffix.length());
                return route.handler.handle(request, path.substring(route.prefix.length(), end));
            }
            known = true;
        }
        return known
                ? HttpResponse.empty(405)
                : HttpResponse.of(404, "text/plain; charset=utf-8", "404 page not found\n");
    }

    private static boolean isHeadOf(Route route, HttpRequest request) {
        return request.method().equals("HEAD") && route.method.equals("GET");
    }

    private static boolean matches(Route route, String path) {
        if (route.suffix == null) {
            return path.equals(route.prefix);
        }
        int begin = route.prefix.length();
        int end = path.length() - route.suffix.length();
        return end > begin
                && path.startsWith(route.prefix)
                && path.endsWith(route.suffix)
                && path.substring(begin, end).indexOf('/') < 0;
    }
}
