package skywire.route.mux;

/** Bits of a Handshake's capabilities (mux §2.1). */
public final class Capability {
    /** Sequenced data, several legs. */
    public static final int MUX = 1;

    /** Selective acknowledgement. */
    public static final int SACK = 1 << 1;

    /** Head-of-line retransmission; who knows it knows the newer SACK. */
    public static final int HOL = 1 << 4;

    /** An {@link Extension} follows; only together with it this bit means anything. */
    public static final int EXTENDED = 1 << 15;

    /** What we say when we offer or agree to several legs. */
    public static final int OURS = MUX | SACK | EXTENDED;

    private Capability() {}
}
