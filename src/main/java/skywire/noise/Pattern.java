package skywire.noise;

import java.util.List;

/** The two handshake patterns in use: who knows whose static key, and what each message carries. */
public enum Pattern {
    /** Sessions: the initiator knows the responder, the responder learns the initiator from message 3. */
    XK(List.of(List.of(Token.E, Token.ES), List.of(Token.E, Token.EE), List.of(Token.S, Token.SE))),
    /** Streams, transports and groups: both know each other. */
    KK(List.of(List.of(Token.E, Token.ES, Token.SS), List.of(Token.E, Token.EE, Token.SE)));

    /** What a message carries, or which two keys are mixed; the first letter stands for the initiator's key. */
    enum Token {
        E,
        S,
        EE,
        ES,
        SE,
        SS
    }

    private final List<List<Token>> messages;

    Pattern(List<List<Token>> messages) {
        this.messages = messages;
    }

    /** Number of handshake messages. */
    public int messages() {
        return messages.size();
    }

    List<Token> message(int index) {
        return messages.get(index);
    }

    String protocolName() {
        return "Noise_" + name() + "_Secp256k1_ChaChaPoly_SHA256";
    }

    /** Whether the responder knows the initiator's static key beforehand. */
    boolean initiatorKnown() {
        return this == KK;
    }
}
