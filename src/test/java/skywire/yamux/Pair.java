package skywire.yamux;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import skywire.platform.Deadline;
import skywire.platform.HostPort;
import skywire.platform.Link;
import skywire.platform.Listener;
import skywire.platform.Platform;

/** Two ends of a loopback connection, and sessions on them. */
final class Pair implements Closeable {
    static final Platform PLATFORM = Platform.system();
    static final YamuxConfig CONFIG = YamuxConfig.SERVER.plain(true);

    final Link near;
    final Link far;

    private Pair(Link near, Link far) {
        this.near = near;
        this.far = far;
    }

    static Deadline soon() {
        return PLATFORM.clock().in(Duration.ofSeconds(10));
    }

    static Pair links() throws IOException {
        try (Listener listener = PLATFORM.network().listen(new HostPort("127.0.0.1", 0))) {
            Link near = PLATFORM.network().dial(listener.local(), soon());
            return new Pair(near, listener.accept());
        }
    }

    YamuxSession client(YamuxConfig config) {
        return YamuxSession.open(PLATFORM, "near", near, Side.CLIENT, config);
    }

    YamuxSession server(YamuxConfig config) {
        return YamuxSession.open(PLATFORM, "far", far, Side.SERVER, config);
    }

    /** Sends a raw frame from the near end. */
    void frame(int type, int flags, int id, long length, byte... payload) throws IOException {
        var b = new byte[Frame.HEADER + payload.length];
        Frame.put(b, 0, type, flags, id, (int) length);
        System.arraycopy(payload, 0, b, Frame.HEADER, payload.length);
        near.write(b, soon());
    }

    /** The next raw frame header at the near end, as {@code type flags id length}. */
    String header() throws IOException {
        var b = new byte[Frame.HEADER];
        near.readFully(b, 0, b.length, soon());
        return Frame.type(b, 0) + " " + Frame.flags(b, 0) + " " + Frame.id(b, 0) + " " + Frame.length(b, 0);
    }

    @Override
    public void close() {
        near.close();
        far.close();
    }
}
