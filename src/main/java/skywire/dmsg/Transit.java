package skywire.dmsg;

import skywire.yamux.YamuxStream;

/**
 * What a dmsg server makes of the sessions of its own client: its links to other servers (spec dmsg §7, §8). There is one
 * client per key, as servers keep only the newest session of a key; so links and client are the same sessions.
 * Implementations are thread-safe and do not wait.
 */
public interface Transit {
    /** Nothing is made of them: a stream for another key is a mistake. */
    Transit NONE = new Transit() {
        @Override
        public void up(DmsgSession session) {}

        @Override
        public void down(DmsgSession session) {}

        @Override
        public boolean forward(DmsgSession session, YamuxStream stream, SignedObject object) {
            return false;
        }
    };

    /** A session has begun. Called once, before {@link #down}. */
    void up(DmsgSession session);

    /** A session has ended. Called once, also when the client is closed at that moment. */
    void down(DmsgSession session);

    /**
     * The server at the other end asks for a stream to a key that is not ours. On a thread of that stream.
     *
     * @param object the request, of which nothing but its destination was looked at
     * @return whether the stream was taken over
     */
    boolean forward(DmsgSession session, YamuxStream stream, SignedObject object);
}
