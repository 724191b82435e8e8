package skywire.testkit;

/**
 * How a {@link JunePeer} behaves where peers of that time differ, or where no source tells (mux §2, §3).
 *
 * @param capabilities the bits it advertises
 * @param shortHandshake its Handshake is the one byte of 2024
 * @param announces it says Handshake on a leg directly after taking it up
 * @param answer where it answers a Handshake of the other end for an extra leg
 * @param block packets in a row on one leg before the next leg's turn
 * @param resendsUnseen a SACK makes it send again all of the window of 64 that is not acknowledged, also what lies beyond
 *     the highest packet seen: what §3.3 says to the letter. Otherwise only what is missing below that
 */
public record JuneStyle(
        int capabilities, boolean shortHandshake, boolean announces, Answer answer, int block, boolean resendsUnseen) {
    /** Sequenced data over several legs. */
    public static final int MUX = 1;

    /** Selective acknowledgement and retransmission. */
    public static final int SACK = 2;

    /** A visor of June 2026. */
    public static final JuneStyle JUNE = new JuneStyle(MUX | SACK, false, true, Answer.ON_PRIMARY, 1, true);

    /** Where a Handshake for an extra leg is answered. */
    public enum Answer {
        /** On the leg it came by. */
        ON_LEG,
        /** On index 0, as everything else is. */
        ON_PRIMARY,
        /** Not at all: the far end learns of the leg from data only. */
        NEVER
    }

    /** The same with these bits. */
    public JuneStyle capabilities(int bits) {
        return new JuneStyle(bits, shortHandshake, announces, answer, block, resendsUnseen);
    }

    /** The same with the Handshake of 2024, which has no capabilities. */
    public JuneStyle old() {
        return new JuneStyle(0, true, announces, answer, block, resendsUnseen);
    }

    /** The same, speaking of a new leg like this. */
    public JuneStyle legs(boolean announce, Answer where) {
        return new JuneStyle(capabilities, shortHandshake, announce, where, block, resendsUnseen);
    }

    /** The same with this many packets in a row on a leg. */
    public JuneStyle block(int packets) {
        return new JuneStyle(capabilities, shortHandshake, announces, answer, packets, resendsUnseen);
    }

    /** The same, sending again only what is missing below the highest packet seen. */
    public JuneStyle frugal() {
        return new JuneStyle(capabilities, shortHandshake, announces, answer, block, false);
    }

    boolean has(int bit) {
        return (capabilities & bit) != 0;
    }
}
