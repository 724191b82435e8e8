package skywire.yamux;

/**
 * How a session behaves. Immutable.
 *
 * @param keepAlive ping after 30 s without a byte from the peer, end after 10 more; off only in tests
 * @param acceptBacklog streams opened by the peer that may wait for {@link YamuxSession#accept}; more are refused
 * @param maxStreams streams of both sides that may live at a time; more are refused
 * @param pingAtOnce send a ping as soon as the session starts, so that a waiting peer knows we are listening (dmsg §2)
 * @param waitForPeer hold back the first frame until the peer's first byte, at most 200 ms (dmsg §2, trailing bytes)
 */
public record YamuxConfig(
        boolean keepAlive, int acceptBacklog, int maxStreams, boolean pingAtOnce, boolean waitForPeer) {
    /** What a visor's or tool's session uses. */
    public static final YamuxConfig CLIENT = new YamuxConfig(true, 256, 512, false, true);

    /** What a dmsg server's sessions use. */
    public static final YamuxConfig SERVER = new YamuxConfig(true, 256, 2048, true, false);

    /** The same with another limit of streams. */
    public YamuxConfig withMaxStreams(int max) {
        return new YamuxConfig(keepAlive, acceptBacklog, max, pingAtOnce, waitForPeer);
    }

    /** The same with another backlog. */
    public YamuxConfig withAcceptBacklog(int backlog) {
        return new YamuxConfig(keepAlive, backlog, maxStreams, pingAtOnce, waitForPeer);
    }

    /** The same with nothing sent or held back at the start, and with or without keep-alive. */
    public YamuxConfig plain(boolean alive) {
        return new YamuxConfig(alive, acceptBacklog, maxStreams, false, false);
    }
}
