package skywire.http;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import skywire.link.LinkSocket;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Link;
import skywire.platform.Platform;

/**
 * Sends requests to one service, each over a link of its own, which is closed afterwards. Follows no redirect, asks for
 * no compression and refuses it, takes no more than its limit of an answer. Thread-safe.
 */
public final class HttpClient {
    /** Time for one request in all, unless the caller's deadline is earlier. */
    public static final Duration LIMIT = Duration.ofSeconds(30);

    /** Greatest answer that is a list. */
    public static final int LIST_BODY = 16 << 20;

    /** Greatest answer that is a single thing. */
    public static final int SINGLE_BODY = 64 << 10;

    private static final int INTERIM = 4;

    private final Platform platform;
    private final Dialer dialer;
    private final HttpUrl url;

    /** A client of the service at this URL; nothing is dialled yet. */
    public HttpClient(Platform platform, Dialer dialer, HttpUrl url) {
        this.platform = platform;
        this.dialer = dialer;
        this.url = url;
    }

    /** Where the service is. */
    public HttpUrl url() {
        return url;
    }

    /**
     * Sends a request and waits for the answer, whatever its status.
     *
     * @param request its target is appended to the path of the service's URL
     * @param maxBody greatest size of the answer's body in bytes
     * @throws Failure of kind {@code UNREACHABLE}, {@code TIMEOUT}, {@code LIMIT}, {@code MALFORMED} and others
     */
    public HttpResponse send(HttpRequest request, int maxBody, Deadline deadline) throws IOException {
        Deadline limit = deadline.orEarlier(platform.clock(), LIMIT);
        String what = request.method() + " " + url + request.path();
        try (Link link = dial(limit)) {
            return exchange(link, request, maxBody, limit);
        } catch (HttpException | IOException e) {
            throw told(what, e);
        }
    }

    /**
     * Sends a request and returns with the head of the answer; the body is still to be read. For what may be large.
     *
     * @param idle longest time without a byte of the body
     * @param deadline for everything up to the head of the answer, at most {@link #LIMIT}
     */
    public HttpAnswer open(HttpRequest request, Duration idle, Deadline deadline) throws IOException {
        Deadline limit = deadline.orEarlier(platform.clock(), LIMIT);
        String what = request.method() + " " + url + request.path();
        try {
            return open(what, dial(limit), request, idle, limit);
        } catch (HttpException | IOException e) {
            throw told(what, e);
        }
    }

    /** A port on which nothing listens is no answer of the service. */
    private Link dial(Deadline limit) throws IOException {
        try {
            return dialer.dial(url.address(), limit);
        } catch (Failure e) {
            throw e.kind() == Failure.Kind.REFUSED ? new Failure(Failure.Kind.UNREACHABLE, Failure.text(e), e) : e;
        }
    }

    private HttpAnswer open(String what, Link link, HttpRequest request, Duration idle, Deadline deadline)
            throws IOException, HttpException {
        try {
            var socket = new LinkSocket(link, platform.clock());
            ClassicHttpResponse response = head(socket, request, deadline);
            socket.deadline(Deadline.NEVER);
            socket.setSoTimeout((int) Math.min(Integer.MAX_VALUE, idle.toMillis()));
            return new HttpAnswer(what, link, response.getCode(), fields(response), response.getEntity());
        } catch (HttpException | IOException | RuntimeException e) {
            link.close();
            throw e;
        }
    }

    /** What went wrong, as one of our failures that says in which request. */
    static Failure told(String what, Exception e) {
        return switch (e) {
            case MessageConstraintException bad ->
                new Failure(Failure.Kind.MALFORMED, what + ": " + Failure.text(bad), bad);
            case java.net.SocketTimeoutException late -> new Failure(Failure.Kind.TIMEOUT, what + " timed out", late);
            case IOException io -> Failure.wrap(what, io);
            default -> new Failure(Failure.Kind.MALFORMED, what + ": " + Failure.text(e), e);
        };
    }

    private HttpResponse exchange(Link link, HttpRequest request, int maxBody, Deadline deadline)
            throws IOException, HttpException {
        return received(head(new LinkSocket(link, platform.clock()), request, deadline), maxBody);
    }

    private ClassicHttpResponse head(LinkSocket socket, HttpRequest request, Deadline deadline)
            throws IOException, HttpException {
        socket.deadline(deadline);
        DefaultBHttpClientConnection connection = Codec.client();
        connection.bind(socket);
        ClassicHttpRequest message = message(request);
        connection.sendRequestHeader(message);
        if (message.getEntity() != null) {
            connection.sendRequestEntity(message);
        }
        connection.flush();
        ClassicHttpResponse response = receiveHead(connection);
        for (int i = 0; response != null && response.getCode() < 200; i++) {
            response = i == INTERIM ? null : receiveHead(connection);
        }
        if (response == null) {
            throw Failure.malformed("no answer");
        }
        if (!request.method().equals("HEAD")) {
            connection.receiveResponseEntity(response);
        }
        Header encoding = response.getFirstHeader("Content-Encoding");
        if (encoding != null && !encoding.getValue().equalsIgnoreCase("identity")) {
            throw Failure.malformed("compressed answer that nobody asked for");
        }
        return response;
    }

    /** The library takes a status that is no status for a mistake of its caller. */
    private static ClassicHttpResponse receiveHead(DefaultBHttpClientConnection connection)
            throws IOException, HttpException {
        try {
            return connection.receiveResponseHeader();
        } catch (IllegalArgumentException e) {
            throw new Failure(Failure.Kind.MALFORMED, "bad status line", e);
        }
    }

    private ClassicHttpRequest message(HttpRequest request) {
        var message = new BasicClassicHttpRequest(request.method(), url.path() + request.target());
        message.addHeader("Host", url.authority());
        message.addHeader("User-Agent", "skywire");
        message.addHeader("Connection", "close");
        for (Headers.Field field : request.headers().fields()) {
            message.addHeader(field.name(), field.value());
        }
        boolean hasBody = request.body().length > 0 || List.of("POST", "PUT").contains(request.method());
        if (hasBody) {
            message.addHeader("Content-Length", request.body().length);
            message.setEntity(new ByteArrayEntity(request.body(), (ContentType) null));
        }
        return message;
    }

    private static HttpResponse received(ClassicHttpResponse response, int maxBody) throws IOException {
        HttpEntity entity = response.getEntity();
        byte[] body = new byte[0];
        if (entity != null) {
            InputStream in = entity.getContent();
            body = Codec.read(in, maxBody);
            if (body.length > maxBody) {
                throw new Failure(Failure.Kind.LIMIT, "answer of more than " + maxBody + " bytes");
            }
        }
        return new HttpResponse(response.getCode(), fields(response), body);
    }

    private static Headers fields(ClassicHttpResponse response) {
        List<Headers.Field> fields = new ArrayList<>();
        for (Header header : response.getHeaders()) {
            fields.add(new Headers.Field(header.getName(), header.getValue() == null ? "" : header.getValue()));
        }
        return new Headers(fields);
    }
}
