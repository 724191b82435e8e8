package skywire.dmsg.server;

/** How far another server takes part in the mesh. */
public enum PeerState {
    /** Not known yet. */
    ASKING("asking"),
    /** It was silent where newer servers answer: an old one, which neither forwards nor takes forwarded requests. */
    NOT_CAPABLE("not capable"),
    /** It takes requests of others from us: it knows us for a server of the mesh. */
    CAPABLE("linked"),
    /** It has taken our announcement: our clients can be reached through it. */
    ANNOUNCED("announced"),
    /** It answers, but does not know us or has not taken our announcement, and so takes no requests of others from us. */
    REFUSED("not accepted"),
    /** We have taken its announcement. */
    ACCEPTED("accepted");

    private final String words;

    PeerState(String words) {
        this.words = words;
    }

    /** Whether it is worth passing requests on to it. */
    public boolean forwards() {
        return switch (this) {
            case ASKING, NOT_CAPABLE, REFUSED -> false;
            case CAPABLE, ANNOUNCED, ACCEPTED -> true;
        };
    }

    /** For people. */
    @Override
    public String toString() {
        return words;
    }
}
