package skywire.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import skywire.fuzz.Decoder;
import skywire.fuzz.Hostile;
import skywire.platform.Deadline;
import skywire.testkit.InlinePlatform;
import skywire.testkit.ReplayLink;

/** The answer to a request, as a client of a directory hears it. */
public final class HttpAnswerFuzz implements Decoder {
    public static void fuzzerTestOneInput(byte[] data) {
        Hostile.feed(new HttpAnswerFuzz(), data);
    }

    @Override
    public void decode(byte[] data) throws IOException {
        var client = new HttpClient(
                new InlinePlatform(), (to, deadline) -> new ReplayLink(data, 1500), HttpUrl.parse("http://a"));
        client.send(HttpRequest.get("/x"), HttpClient.SINGLE_BODY, Deadline.NEVER);
    }

    @Override
    public List<byte[]> samples() {
        return Stream.of(
                        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
                        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1))
                .toList();
    }

    @Override
    public long allowance() {
        return 1 << 20; // buffers of the library
    }
}
