package skywire.http;

import java.io.Closeable;
import java.io.IOException;
import skywire.key.PublicKey;
import skywire.limit.LogLimit;
import skywire.link.KeyedLink;
import skywire.link.KeyedListener;
import skywire.platform.Link;
import skywire.platform.Listener;
import skywire.platform.Platform;
import skywire.platform.Scope;

/**
 * Serves HTTP/1.1 on links that somebody accepts, one virtual thread per connection, within {@link HttpLimits}.
 * Thread-safe.
 */
public final class HttpServer implements Closeable {
    private static final System.Logger LOG = System.getLogger(HttpServer.class.getName());

    private final Platform platform;
    private final HttpLimits limits;
    private final Handler handler;
    private final Scope scope;
    private final LogLimit complaints;
    private final Places places;

    /** Waits for the next link. */
    @FunctionalInterface
    private interface Accept {
        Link next() throws IOException;
    }

    private HttpServer(Platform platform, String name, HttpLimits limits, Handler handler) {
        this.platform = platform;
        this.limits = limits;
        this.handler = handler;
        this.scope = new Scope(platform, name);
        this.complaints = new LogLimit(platform.clock(), LOG);
        this.places = new Places(limits.connections(), limits.connectionsPerPeer());
    }

    /** A server without a listener yet; {@code name} is the prefix of its threads' names. */
    public static HttpServer start(Platform platform, String name, HttpLimits limits, Handler handler) {
        return new HttpServer(platform, name, limits, handler);
    }

    /** Serves what this listener accepts as well; takes it over. */
    public HttpServer on(Listener listener) throws IOException {
        scope.own(listener);
        scope.fork("accept " + listener.local(), () -> accept(listener::accept));
        return this;
    }

    /** Serves what this listener accepts as well, e.g. dmsg port 80; takes it over. */
    public HttpServer on(KeyedListener listener) throws IOException {
        scope.own(listener);
        scope.fork("accept dmsg:" + listener.port(), () -> accept(listener::accept));
        return this;
    }

    private void accept(Accept listener) throws IOException {
        while (true) {
            Link link = listener.next();
            if (!places.enter(link)) {
                complaints.log(
                        System.Logger.Level.WARNING,
                        scope.name() + ": too many connections, refused " + Places.peer(link));
                link.close();
                continue;
            }
            scope.own(link);
            scope.forkChild("from " + link.remote(), () -> serve(link));
        }
    }

    private void serve(Link link) throws IOException {
        try {
            PublicKey key = link instanceof KeyedLink keyed ? keyed.remoteKey() : PublicKey.NULL;
            new ServerConnection(platform, limits, handler, places, link, key).run();
        } finally {
            link.close();
            scope.disown(link);
            places.leave(link);
        }
    }

    /** Connections open now. */
    public int connections() {
        return places.size();
    }

    /** Whether it has ended, e.g. because a listener failed. */
    public boolean isClosed() {
        return scope.isClosed();
    }

    /** Stops listening and closes all connections. Idempotent. */
    @Override
    public void close() {
        scope.close();
    }
}
