package skywire.yamux;

import java.time.Duration;

/**
 * How a session behaves. Immutable.
 *
 * @param keepAlive ping after 30 s without a byte from the peer, end after 10 more; off only in tests
 * @param acceptBacklog streams opened by the peer that may wait for {@link YamuxSession#accept}; more are refused
 * @param maxStreams streams of both sides that may live at a time; more are refused
 * @param pingAtOnce send a ping as soon as the session starts, so that a waiting peer knows we are listening (dmsg §2)
 * @param writeLimit for one write of up to 64 KiB to the link; a peer that takes them more slowly loses the session
 * @param mostWindow bytes of a stream that the peer may send ahead of its reader, once it reads them that fast; at least
 *     256 KiB, which is what a stream begins with
 * @param waitForPeer hold back the first frame until the peer's first byte, at most 200 ms (dmsg §2, trailing bytes)
 */
public record YamuxConfig(
        boolean keepAlive,
        int acceptBacklog,
        int maxStreams,
        boolean pingAtOnce,
        boolean waitForPeer,
        Duration writeLimit,
        int mostWindow) {
    private static final Duration TCP_WRITE = Duration.ofSeconds(10);

    /** A route group cuts writes into packets and gives each of them a minute, so it knows best whether it moves. */
    private static final Duration ROUTE_WRITE = Duration.ofMinutes(10);

    /** Several legs carry much, over long ways: 4 MiB are 100 Mbit/s at 330 ms. */
    private static final int ROUTE_WINDOW = 4 * 1024 * 1024;

    /** What a visor's or tool's session uses. */
    public static final YamuxConfig CLIENT = new YamuxConfig(true, 256, 512, false, true, TCP_WRITE, Frame.WINDOW);

    /** What a dmsg server's sessions use. */
    public static final YamuxConfig SERVER = new YamuxConfig(true, 256, 2048, true, false, TCP_WRITE, Frame.WINDOW);

    /** The same with another limit of streams. */
    public YamuxConfig withMaxStreams(int max) {
        return new YamuxConfig(keepAlive, acceptBacklog, max, pingAtOnce, waitForPeer, writeLimit, mostWindow);
    }

    /** The same with another backlog. */
    public YamuxConfig withAcceptBacklog(int backlog) {
        return new YamuxConfig(keepAlive, backlog, maxStreams, pingAtOnce, waitForPeer, writeLimit, mostWindow);
    }

    /** The same with nothing sent or held back at the start, and with or without keep-alive. */
    public YamuxConfig plain(boolean alive) {
        return new YamuxConfig(alive, acceptBacklog, maxStreams, false, false, writeLimit, mostWindow);
    }

    /**
     * The same for a session over a route, which may be slow because others use its transports too: no keep-alive, as an
     * answer may be a long way behind data, writes that may take as long as they move at all, and windows that grow.
     */
    public YamuxConfig overRoute() {
        return new YamuxConfig(false, acceptBacklog, maxStreams, false, false, ROUTE_WRITE, ROUTE_WINDOW);
    }
}
