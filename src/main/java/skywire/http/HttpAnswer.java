package skywire.http;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.core5.http.HttpEntity;
import skywire.platform.Failure;
import skywire.platform.Link;

/** An answer whose body is still to come; closing it ends the link at once. Used by one thread. */
public final class HttpAnswer implements Closeable {
    private final String what;
    private final Link link;
    private final int status;
    private final Headers headers;
    private final HttpEntity entity; // null if there is no body

    HttpAnswer(String what, Link link, int status, Headers headers, HttpEntity entity) {
        this.what = what;
        this.link = link;
        this.status = status;
        this.headers = headers;
        this.entity = entity;
    }

    /** Three digits. */
    public int status() {
        return status;
    }

    /** Header fields. */
    public Headers headers() {
        return headers;
    }

    /** Size of the body in bytes; -1 if it is not said. */
    public long length() {
        return entity == null ? 0 : entity.getContentLength();
    }

    /**
     * Reads more of the body.
     *
     * @return the number of bytes read, -1 after the last
     * @throws Failure if the body ends too early, or nothing comes for too long
     */
    public int read(byte[] b) throws IOException {
        if (entity == null) {
            return -1;
        }
        try {
            InputStream in = entity.getContent();
            return in.read(b);
        } catch (IOException e) {
            throw HttpClient.told(what, e);
        }
    }

    @Override
    public void close() {
        link.close();
    }
}
