package skywire.route.group;

/** What the two ends of a route group have agreed on (mux §2.1, §2.3). */
public enum GroupKind {
    /** One leg, data without sequence numbers: all that a peer without the capability knows. */
    PLAIN,
    /** Several legs within the limits of the first peers that knew them: 64 packets out of order, 128 unacknowledged. */
    COMPATIBLE,
    /** Several legs, frames sealed one by one, windows in bytes. */
    FULL
}
