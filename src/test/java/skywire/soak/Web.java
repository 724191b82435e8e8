package skywire.soak;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;
import skywire.platform.Deadline;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Listener;
import skywire.platform.Platform;
import skywire.platform.Scope;

/** A server that sends bytes which follow from how many were asked for, and its client behind a SOCKS5 proxy. */
final class Web implements Closeable {
    private static final Platform WORLD = Platform.system();
    private static final int PIECE = 16 * 1024;

    private final Scope scope = new Scope(WORLD, "web");
    private final HostPort at;

    Web() throws IOException {
        Listener listener = scope.own(WORLD.network().listen(new HostPort("127.0.0.1", 0)));
        at = listener.local();
        scope.fork("accept", () -> {
            while (true) {
                Link link = listener.accept();
                scope.forkChild("answer", () -> answer(link));
            }
        });
    }

    private static byte[] document(int size) {
        byte[] bytes = new byte[size];
        new SplittableRandom(size).nextBytes(bytes);
        return bytes;
    }

    private static Deadline soon() {
        return WORLD.clock().in(Duration.ofSeconds(40));
    }

    private void answer(Link link) throws IOException {
        try (link) {
            scope.own(link);
            byte[] size = new byte[4];
            link.readFully(size, 0, 4, soon());
            byte[] body = document(java.nio.ByteBuffer.wrap(size).getInt());
            for (int i = 0; i < body.length; i += PIECE) {
                link.write(body, i, Math.min(PIECE, body.length - i), soon());
            }
            link.finishWriting(soon());
        } finally {
            scope.disown(link);
        }
    }

    /** Fetches a document of that size, or as much of it as is wanted; throws {@link AssertionError} on wrong bytes. */
    void fetch(HostPort proxy, int size, int most) throws IOException {
        try (Link link = WORLD.network().dial(proxy, soon())) {
            link.write(new byte[] {5, 1, 0}, soon());
            link.readFully(new byte[2], 0, 2, soon());
            link.write(new byte[] {5, 1, 0, 1, 127, 0, 0, 1, (byte) (at.port() >> 8), (byte) at.port()}, soon());
            byte[] reply = new byte[10];
            link.readFully(reply, 0, 10, soon());
            if (reply[1] != 0) {
                throw new IOException("reply " + reply[1]);
            }
            link.write(java.nio.ByteBuffer.allocate(4).putInt(size).array(), soon());
            var got = new ByteArrayOutputStream();
            byte[] buffer = new byte[PIECE];
            for (int n; got.size() < Math.min(size, most) && (n = link.read(buffer, 0, PIECE, soon())) > 0; ) {
                got.write(buffer, 0, n);
            }
            check(got.toByteArray(), document(size));
            if (got.size() < Math.min(size, most)) {
                throw new IOException("ended after " + got.size() + " of " + size);
            }
        }
    }

    private static void check(byte[] got, byte[] expected) {
        for (int i = 0; i < got.length; i++) {
            if (got[i] != expected[i]) {
                throw new AssertionError("byte " + i + " of " + expected.length + " is wrong");
            }
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
