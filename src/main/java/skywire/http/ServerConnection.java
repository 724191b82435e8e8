package skywire.http;

import java.io.IOException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.RequestHeaderFieldsTooLargeException;
import org.apache.hc.core5.http.impl.io.DefaultBHttpServerConnection;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.apache.hc.core5.util.Timeout;
import skywire.key.PublicKey;
import skywire.limit.LogLimit;
import skywire.link.LinkSocket;
import skywire.platform.Link;
import skywire.platform.Platform;

/** One connection of a server: requests one after another, until somebody has had enough. One thread. */
final class ServerConnection {
    private static final System.Logger LOG = System.getLogger(ServerConnection.class.getName());
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT);
    private static final Duration LINGER = Duration.ofSeconds(1);
    private static final int LINGER_BYTES = 256 * 1024;

    private static final HttpResponse HEADER_TOO_LARGE = refusal(431, "header is too large");

    private final Platform platform;
    private final HttpLimits limits;
    private final Handler handler;
    private final Places places;
    private final Link link;
    private final PublicKey key;
    private final LinkSocket socket;
    private final DefaultBHttpServerConnection codec;

    ServerConnection(Platform platform, HttpLimits limits, Handler handler, Places places, Link link, PublicKey key)
            throws IOException {
        this.platform = platform;
        this.limits = limits;
        this.handler = handler;
        this.places = places;
        this.link = link;
        this.key = key;
        this.socket = new LinkSocket(link, platform.clock());
        this.codec = Codec.server();
        codec.bind(socket);
    }

    /** A request that is answered without asking the handler, and ends the connection. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        private final int status;

        Refused(int status, String why) {
            super(why);
            this.status = status;
        }
    }

    void run() throws IOException {
        try {
            while (awaitRequest() && serveOne()) {}
        } catch (HttpException e) {
            boolean tooLarge = e instanceof RequestHeaderFieldsTooLargeException;
            respond(tooLarge ? HEADER_TOO_LARGE : refusal(400, "bad request"), false, true);
            linger();
        } catch (MessageConstraintException e) {
            respond(HEADER_TOO_LARGE, false, true);
            linger();
        } catch (Refused e) {
            respond(refusal(e.status, e.getMessage()), false, true);
            linger();
        }
    }

    private static HttpResponse refusal(int status, String why) {
        return HttpResponse.of(status, "text/plain; charset=utf-8", why + "\n");
    }

    private boolean awaitRequest() throws IOException {
        Duration idle = limits.idle();
        socket.deadline(platform.clock().in(idle));
        if (!codec.isDataAvailable(Timeout.of(idle))) {
            return false;
        }
        places.busy(link);
        return true;
    }

    /** Answers one request; whether the connection stays open. */
    private boolean serveOne() throws IOException, HttpException, Refused {
        socket.setSoTimeout(0);
        socket.deadline(platform.clock().in(limits.read()));
        ClassicHttpRequest message = codec.receiveRequestHeader();
        if (message == null) {
            return false;
        }
        checkFraming(message);
        HttpRequest request = receive(message);
        boolean keep = isPersistent(message);
        respond(answer(request), message.getMethod().equals("HEAD"), !keep);
        if (!keep) {
            linger();
        }
        places.idle(link);
        return keep;
    }

    private void checkFraming(ClassicHttpRequest message) throws Refused {
        int lengths = message.getHeaders("Content-Length").length;
        int encodings = message.getHeaders("Transfer-Encoding").length;
        if (lengths + encodings > 1) {
            throw new Refused(400, "more than one length");
        }
        Header length = message.getFirstHeader("Content-Length");
        if (length != null && !length.getValue().matches("[0-9]{1,18}")) {
            throw new Refused(400, "bad length");
        }
        if (length != null && Long.parseLong(length.getValue()) > limits.body()) {
            throw new Refused(413, "body of more than " + limits.body() + " bytes");
        }
        if (message.getVersion() != null && message.getVersion().greaterEquals(HttpVersion.HTTP_2)) {
            throw new Refused(505, "HTTP/1.1 is spoken here");
        }
    }

    private HttpRequest receive(ClassicHttpRequest message) throws IOException, HttpException, Refused {
        List<Headers.Field> fields = new ArrayList<>();
        for (Header header : message.getHeaders()) {
            fields.add(new Headers.Field(header.getName(), header.getValue() == null ? "" : header.getValue()));
        }
        byte[] body = new byte[0];
        boolean hasBody = message.containsHeader("Content-Length") || message.containsHeader("Transfer-Encoding");
        if (hasBody) {
            answerExpectation(message);
            codec.receiveRequestEntity(message);
            body = Codec.read(message.getEntity().getContent(), limits.body());
            if (body.length > limits.body()) {
                throw new Refused(413, "body of more than " + limits.body() + " bytes");
            }
        }
        String target = message.getPath();
        if (target == null || !target.startsWith("/")) {
            throw new Refused(400, "bad path");
        }
        return new HttpRequest(message.getMethod(), target, new Headers(fields), body, link.remote(), key);
    }

    private void answerExpectation(ClassicHttpRequest message) throws IOException, HttpException {
        Header expect = message.getFirstHeader("Expect");
        if (expect != null && "100-continue".equalsIgnoreCase(expect.getValue())) {
            codec.sendResponseHeader(new BasicClassicHttpResponse(100));
            codec.flush();
        }
    }

    private static boolean isPersistent(ClassicHttpRequest message) {
        Header connection = message.getFirstHeader("Connection");
        String wish = connection == null || connection.getValue() == null
                ? ""
                : connection.getValue().toLowerCase(Locale.ROOT);
        boolean old = message.getVersion() != null && message.getVersion().lessEquals(HttpVersion.HTTP_1_0);
        return old ? wish.contains("keep-alive") : !wish.contains("close");
    }

    private HttpResponse answer(HttpRequest request) {
        try {
            return handler.handle(request);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> LogLimit.clean(request + " failed: " + e.getMessage()));
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "bug: answering " + LogLimit.clean(request.toString()) + " failed", e);
        }
        return refusal(500, "internal server error");
    }

    private void respond(HttpResponse response, boolean headOnly, boolean last) throws IOException {
        socket.deadline(platform.clock().in(limits.write()));
        ClassicHttpResponse message = new BasicClassicHttpResponse(response.status());
        message.addHeader("Date", DATE.format(platform.clock().now().atOffset(ZoneOffset.UTC)));
        for (Headers.Field field : response.headers().fields()) {
            message.addHeader(field.name(), field.value());
        }
        if (response.status() != 204 && response.status() != 304) {
            message.addHeader("Content-Length", response.body().length);
        }
        if (last) {
            message.addHeader("Connection", "close");
        }
        try {
            codec.sendResponseHeader(message);
            if (!headOnly && response.body().length > 0) {
                message.setEntity(new ByteArrayEntity(response.body(), (ContentType) null));
                codec.sendResponseEntity(message);
            }
            codec.flush();
        } catch (HttpException e) {
            throw new IOException("cannot write the answer", e);
        }
    }

    /** Lets the client read the answer before the link is closed: closing with unread input would reset it. */
    private void linger() throws IOException {
        var until = platform.clock().in(LINGER);
        link.finishWriting(until);
        byte[] chunk = new byte[8 * 1024];
        for (int left = LINGER_BYTES, n; left > 0; left -= n) {
            n = link.read(chunk, 0, chunk.length, until);
            if (n < 0) {
                return;
            }
        }
    }
}
