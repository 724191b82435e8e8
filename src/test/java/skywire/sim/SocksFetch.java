package skywire.sim;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import skywire.platform.Deadline;
import skywire.platform.HostPort;
import skywire.platform.Link;

/** A download through a SOCKS5 address, as curl would make it. */
final class SocksFetch {
    private final SimHost host;
    private final HostPort proxy;
    private final int size;
    private final ByteArrayOutputStream got = new ByteArrayOutputStream();
    private String trouble = "";
    private boolean over;

    SocksFetch(SimHost host, HostPort proxy, int size) {
        this.host = host;
        this.proxy = proxy;
        this.size = size;
    }

    /** Fetches {@code http://web.example/<size>}; never throws, see {@link #trouble}. */
    void run() {
        try {
            fetch();
        } catch (IOException e) {
            trouble = e.toString();
        } finally {
            over = true;
        }
    }

    private void fetch() throws IOException {
        Deadline limit = host.clock().in(Duration.ofMinutes(5));
        try (Link link = host.network().dial(proxy, limit)) {
            link.write(new byte[] {5, 1, 0}, limit);
            expect(link, new byte[] {5, 0}, limit);
            byte[] name = "web.example".getBytes(StandardCharsets.US_ASCII);
            var request = new ByteArrayOutputStream();
            request.writeBytes(new byte[] {5, 1, 0, 3, (byte) name.length});
            request.writeBytes(name);
            request.writeBytes(new byte[] {0, SimWeb.PORT});
            link.write(request.toByteArray(), limit);
            byte[] reply = new byte[10];
            link.readFully(reply, 0, reply.length, limit);
            if (reply[1] != 0) {
                throw new IOException("reply " + reply[1]);
            }
            link.write(("GET /" + size + " HTTP/1.0\r\n\r\n").getBytes(StandardCharsets.US_ASCII), limit);
            skipHead(link, limit);
            byte[] buffer = new byte[8192];
            for (int n; got.size() < size && (n = link.read(buffer, 0, buffer.length, limit)) > 0; ) {
                got.write(buffer, 0, n);
            }
        }
        if (got.size() < size) {
            trouble = "ended early";
        }
    }

    private static void expect(Link link, byte[] wanted, Deadline limit) throws IOException {
        byte[] bytes = new byte[wanted.length];
        link.readFully(bytes, 0, bytes.length, limit);
        if (!Arrays.equals(bytes, wanted)) {
            throw new IOException("proxy answered " + Arrays.toString(bytes));
        }
    }

    private static void skipHead(Link link, Deadline limit) throws IOException {
        byte[] one = new byte[1];
        int end = 0;
        while (end < 4) {
            link.readFully(one, 0, 1, limit);
            end = one[0] == "\r\n\r\n".charAt(end) ? end + 1 : one[0] == '\r' ? 1 : 0;
        }
    }

    int received() {
        return got.size();
    }

    boolean isOver() {
        return over;
    }

    boolean isComplete() {
        return over && got.size() == size;
    }

    /** Why it failed, empty if it did not. */
    String trouble() {
        return trouble;
    }

    /** Whether what came is what the server sent, as far as it came. */
    boolean isUncorrupted() {
        return Arrays.equals(Arrays.copyOf(SimWeb.document(size), got.size()), got.toByteArray());
    }
}
