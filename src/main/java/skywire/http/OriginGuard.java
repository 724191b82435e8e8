package skywire.http;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * Keeps web pages of other sites away from a server that listens for local programs and its own pages: the Host must be
 * one of ours (a page can point its own name at 127.0.0.1), and a request that a browser sends for another origin is
 * refused. Thread-safe.
 */
public final class OriginGuard implements Handler {
    private final List<String> hosts;
    private final Handler behind;

    /**
     * Guards a handler.
     *
     * @param hosts the values of Host that are ours, with the port, e.g. {@code localhost:8000}
     */
    public OriginGuard(List<String> hosts, Handler behind) {
        this.hosts = hosts.stream().map(h -> h.toLowerCase(Locale.ROOT)).toList();
        this.behind = behind;
    }

    /** Guards a handler at a loopback port. */
    public static OriginGuard loopback(int port, Handler behind) {
        return new OriginGuard(List.of("localhost:" + port, "127.0.0.1:" + port, "[::1]:" + port), behind);
    }

    @Override
    public HttpResponse handle(HttpRequest request) throws IOException {
        if (request.headers().count("Host") != 1 || !hosts.contains(lower(request, "Host"))) {
            return refuse("this is not a host of this server");
        }
        String origin = lower(request, "Origin");
        if (!origin.isEmpty() && !isOwn(origin)) {
            return refuse("requests from other origins are not served");
        }
        String site = lower(request, "Sec-Fetch-Site");
        if (!site.isEmpty() && !site.equals("same-origin") && !site.equals("none")) {
            return refuse("requests from other sites are not served");
        }
        return behind.handle(request);
    }

    private boolean isOwn(String origin) {
        return origin.startsWith("http://") && hosts.contains(origin.substring("http://".length()));
    }

    private static String lower(HttpRequest request, String name) {
        return request.header(name).orElse("").toLowerCase(Locale.ROOT);
    }

    private static HttpResponse refuse(String why) {
        return HttpResponse.of(403, "text/plain; charset=utf-8", why + "\n");
    }
}
