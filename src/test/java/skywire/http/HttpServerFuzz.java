package skywire.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import skywire.fuzz.Decoder;
import skywire.fuzz.Hostile;
import skywire.testkit.InlinePlatform;
import skywire.testkit.ReplayLink;

/** Requests on one connection of an HTTP server. */
public final class HttpServerFuzz implements Decoder {
    public static void fuzzerTestOneInput(byte[] data) {
        Hostile.feed(new HttpServerFuzz(), data);
    }

    @Override
    public void decode(byte[] data) throws IOException {
        Handler echo = request -> HttpResponse.of(200, "text/plain", request.method() + " " + request.path());
        var link = new ReplayLink(data, 1500);
        new ServerConnection(new InlinePlatform(), HttpLimits.SERVICE, echo, new Places(1, 1), link, null).run();
    }

    @Override
    public List<byte[]> samples() {
        return Stream.of(
                        "GET /health HTTP/1.1\r\nHost: a\r\n\r\n",
                        "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.0\r\n\r\n",
                        "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1))
                .toList();
    }

    @Override
    public long allowance() {
        return 1 << 20; // buffers of the library, for each request of a connection
    }
}
