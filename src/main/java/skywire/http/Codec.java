package skywire.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.DefaultBHttpServerConnection;
import org.apache.hc.core5.http.impl.io.DefaultHttpRequestParserFactory;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParserFactory;

/** Settings of the codec, and bounded reading. */
final class Codec {
    private static final Http1Config CONFIG = Http1Config.custom()
            .setMaxLineLength(HttpLimits.LINE)
            .setMaxHeaderCount(HttpLimits.FIELDS)
            .setMaxEmptyLineCount(4)
            .build();

    private static final int CHUNK = 8 * 1024;

    private Codec() {}

    /** The parsers must be given the limits apart, or they use their own. */
    static DefaultBHttpServerConnection server() {
        var parsers = new DefaultHttpRequestParserFactory(CONFIG);
        return new DefaultBHttpServerConnection("http", CONFIG, null, null, null, null, parsers, null);
    }

    static DefaultBHttpClientConnection client() {
        var parsers = new DefaultHttpResponseParserFactory(CONFIG);
        return new DefaultBHttpClientConnection(CONFIG, null, null, null, null, null, parsers);
    }

    /** Reads to the end, or one byte more than the limit; memory grows with what has really come. */
    static byte[] read(InputStream in, int limit) throws IOException {
        var out = new ByteArrayOutputStream(1024);
        byte[] chunk = new byte[Math.min(CHUNK, limit + 1)];
        while (out.size() <= limit) {
            int n = in.read(chunk, 0, Math.min(chunk.length, limit + 1 - out.size()));
            if (n < 0) {
                break;
            }
            out.write(chunk, 0, n);
        }
        return out.toByteArray();
    }
}
