package skywire.app.socks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import skywire.fuzz.Decoder;
import skywire.fuzz.Hostile;

/** The head of a request to the HTTP proxy. */
public final class HttpFrontFuzz implements Decoder {
    public static void fuzzerTestOneInput(byte[] data) {
        Hostile.feed(new HttpFrontFuzz(), data);
    }

    @Override
    public void decode(byte[] data) throws IOException {
        HttpFront.parse(data, data.length);
    }

    @Override
    public List<byte[]> samples() {
        return Stream.of(
                        "CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n",
                        "GET http://example.org:8080/a?b=c HTTP/1.1\r\nHost: x\r\nProxy-Connection: close\r\n\r\n",
                        "CONNECT [2001:db8::1]:80 HTTP/1.1\r\n\r\n")
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1))
                .toList();
    }

    @Override
    public long allowance() {
        return 512 * 1024; // regular expressions and the parts of a URI
    }
}
