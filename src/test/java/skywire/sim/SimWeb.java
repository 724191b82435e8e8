package skywire.sim;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.SplittableRandom;
import skywire.platform.Deadline;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Listener;
import skywire.platform.Scope;

/** A web server outside the network: {@code GET /<n>} answers with n bytes that follow from n. */
final class SimWeb implements AutoCloseable {
    static final int PORT = 80;
    private static final int PIECE = 16 * 1024;

    final SimHost host;
    private final Scope scope;

    SimWeb(Simulation sim, SimHost host) {
        this.host = host;
        this.scope = new Scope(sim.home(), "web");
    }

    void start() throws IOException {
        Listener listener = scope.own(host.network().listen(new HostPort(host.address(), PORT)));
        scope.fork("accept", () -> {
            while (true) {
                Link link = scope.own(listener.accept());
                scope.forkChild("answer", () -> {
                    try (link) {
                        answer(link);
                    } finally {
                        scope.disown(link);
                    }
                });
            }
        });
    }

    /** The bytes of that document. */
    static byte[] document(int size) {
        byte[] bytes = new byte[size];
        new SplittableRandom(size).nextBytes(bytes);
        return bytes;
    }

    private void answer(Link link) throws IOException {
        Deadline limit = host.clock().in(Duration.ofMinutes(10));
        var request = new StringBuilder();
        byte[] one = new byte[1];
        while (request.indexOf("\r\n\r\n") < 0 && link.read(one, 0, 1, limit) > 0) {
            request.append((char) one[0]);
        }
        int size = Integer.parseInt(request.toString().split(" ", 3)[1].substring(1));
        String head = "HTTP/1.0 200 OK\r\nContent-Length: " + size + "\r\n\r\n";
        link.write(head.getBytes(StandardCharsets.US_ASCII), limit);
        byte[] body = document(size);
        for (int at = 0; at < size; at += PIECE) {
            link.write(body, at, Math.min(PIECE, size - at), limit);
        }
        link.finishWriting(limit);
    }

    @Override
    public void close() {
        scope.close();
    }
}
