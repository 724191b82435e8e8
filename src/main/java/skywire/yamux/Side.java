package skywire.yamux;

/** Which end of a session we are; it decides the parity of the stream ids we open. */
public enum Side {
    /** The end that connected: odd ids, from 1. */
    CLIENT,
    /** The end that accepted: even ids, from 2. */
    SERVER
}
