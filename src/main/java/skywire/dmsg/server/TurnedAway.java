package skywire.dmsg.server;

/** Why a connection did not become a session. */
enum TurnedAway {
    /** Its address has too many handshakes under way. */
    HANDSHAKES,
    /** Its handshake failed, or took too long. */
    HANDSHAKE,
    /** Its address has as many sessions as one may have. */
    ADDRESS,
    /** All sessions are taken. */
    FULL,
    /** The server is about to end. */
    DRAINING
}
