package skywire.dmsg.server;

/**
 * How a server is, at one moment.
 *
 * @param sessions clients connected now
 * @param handshakes connections in their handshake now
 * @param streams streams relayed now
 * @param streamsOpened streams relayed since the start
 * @param requestsRefused stream requests refused since the start
 * @param connectionsRefused connections closed before they were sessions: limits, failed handshakes
 * @param sessionsReplaced sessions ended because their client came anew
 * @param bytesRelayed bytes of streams that have ended, both directions together
 * @param published whether the last update of our entry succeeded
 */
public record ServerHealth(
        int sessions,
        int handshakes,
        int streams,
        long streamsOpened,
        long requestsRefused,
        long connectionsRefused,
        long sessionsReplaced,
        long bytesRelayed,
        boolean published) {}
