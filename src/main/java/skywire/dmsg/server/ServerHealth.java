package skywire.dmsg.server;

import java.time.Duration;
import java.util.SortedMap;

/**
 * How a server is, at one moment.
 *
 * @param up how long it has run
 * @param sessions clients connected now
 * @param maxSessions how many there may be
 * @param handshakes connections in their handshake now
 * @param streams streams relayed now
 * @param streamsOpened streams relayed since the start
 * @param streamsForwarded of these, the ones that went over another server
 * @param requestsRefused stream requests refused since the start, by the name of the {@link skywire.dmsg.DmsgError} in
 *     lower case; only reasons that happened
 * @param connectionsRefused connections that did not become sessions since the start, by reason
 * @param sessionsReplaced sessions ended because their client came anew
 * @param bytesRelayed bytes of all streams since the start, both directions together
 * @param published whether the last update of our entry succeeded
 * @param draining whether it takes nothing new any more, see {@link DmsgServer#drain}
 */
public record ServerHealth(
        Duration up,
        int sessions,
        int maxSessions,
        int handshakes,
        int streams,
        long streamsOpened,
        long streamsForwarded,
        SortedMap<String, Long> requestsRefused,
        SortedMap<String, Long> connectionsRefused,
        long sessionsReplaced,
        long bytesRelayed,
        boolean published,
        boolean draining) {}
