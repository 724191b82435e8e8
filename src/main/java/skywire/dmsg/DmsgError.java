package skywire.dmsg;

import skywire.platform.Failure;
import skywire.platform.Failure.Kind;

/** What can go wrong between dmsg peers, with the codes that travel in responses (spec dmsg §6). */
public enum DmsgError {
    /** No entry for the key. */
    ENTRY_NOT_FOUND(100, Kind.NOT_FOUND, "entry is not found in discovery"),
    /** The entry has no server part. */
    ENTRY_IS_NOT_SERVER(101, Kind.NOT_FOUND, "entry is not of server in discovery"),
    /** The entry has no client part. */
    ENTRY_IS_NOT_CLIENT(102, Kind.NOT_FOUND, "entry is not of client in discovery"),
    /** The client lists no servers. */
    ENTRY_HAS_NO_DELEGATED(103, Kind.NOT_FOUND, "client entry in discovery has no delegated servers"),
    /** The local client, server or listener is closed. */
    ENTITY_CLOSED(200, Kind.CLOSED_HERE, "local entity closed"),
    /** The local session is closed. */
    SESSION_CLOSED(201, Kind.CLOSED_HERE, "local session closed"),
    /** No server leads to the destination. */
    CANNOT_CONNECT_TO_DELEGATED(202, Kind.UNREACHABLE, "cannot connect to delegated server"),
    /** Bytes behind the last handshake message; only old peers mind. */
    EXTRA_BYTES_IN_HANDSHAKE(203, Kind.MALFORMED, "extra bytes received during session handshake"),
    /** The source did not sign the request. */
    REQUEST_SIGNATURE(300, Kind.UNTRUSTED, "request has invalid signature"),
    /** The time of the request is missing, or it was seen before. */
    REQUEST_TIMESTAMP(301, Kind.UNTRUSTED, "request timestamp should be higher than last"),
    /** The source key is null or not that of the session. */
    REQUEST_SOURCE_KEY(302, Kind.UNTRUSTED, "request has invalid source public key"),
    /** The destination key is null or not ours. */
    REQUEST_DESTINATION_KEY(303, Kind.UNTRUSTED, "request has invalid destination public key"),
    /** Source port 0. */
    REQUEST_SOURCE_PORT(304, Kind.MALFORMED, "request has invalid source port"),
    /** Destination port 0. */
    REQUEST_DESTINATION_PORT(305, Kind.MALFORMED, "request has invalid destination port"),
    /** Nothing listens on the port. */
    NO_LISTENER(306, Kind.REFUSED, "request has no associated listener"),
    /** The server has no session to the destination. */
    NO_NEXT_SESSION(307, Kind.UNREACHABLE, "request cannot be forwarded because the next session is non-existent"),
    /** The destination did not sign the response. */
    RESPONSE_SIGNATURE(350, Kind.UNTRUSTED, "response has invalid signature"),
    /** The response answers another request. */
    RESPONSE_HASH(351, Kind.UNTRUSTED, "response has invalid hash of associated request"),
    /** Refused without a known reason. */
    RESPONSE_NOT_ACCEPTED(352, Kind.REFUSED, "response rejected associated request without reason"),
    /** Shorter than a signature. */
    OBJECT_INVALID(370, Kind.MALFORMED, "signed object is invalid"),
    /** The local port is in use. */
    PORT_OCCUPIED(400, Kind.REFUSED, "port already occupied"),
    /** The listener does not accept fast enough. */
    ACCEPT_QUEUE_FULL(401, Kind.LIMIT, "listener accept chan maxed");

    private final int code;
    private final Kind kind;
    private final String meaning;

    DmsgError(int code, Kind kind, String meaning) {
        this.code = code;
        this.kind = kind;
        this.meaning = meaning;
    }

    /** The number of the wire. */
    public int code() {
        return code;
    }

    /** How callers should take it. */
    public Kind kind() {
        return kind;
    }

    /** The error of a response that was not accepted: that of its code, {@link #RESPONSE_NOT_ACCEPTED} if unknown. */
    public static DmsgError ofResponse(int code) {
        for (DmsgError error : values()) {
            if (error.code == code) {
                return error;
            }
        }
        return RESPONSE_NOT_ACCEPTED;
    }

    /** A failure of this kind with the usual text. */
    public Failure failure() {
        return new Failure(kind, toString());
    }

    /** The same, with what led to it. */
    public Failure failure(Throwable cause) {
        return new Failure(kind, this + ": " + Failure.text(cause), cause);
    }

    /** {@code dmsg error <code> - <meaning>}. */
    @Override
    public String toString() {
        return "dmsg error " + code + " - " + meaning;
    }
}
