package skywire.noise;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import skywire.bytes.ByteReader;
import skywire.bytes.ByteWriter;
import skywire.bytes.MalformedException;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.Failure;

/**
 * One Noise handshake, either side: {@code Noise_{XK,KK}_Secp256k1_ChaChaPoly_SHA256}, empty prologue.
 *
 * <p>Call {@link #write} and {@link #read} in turn until {@link #complete}; then take the two ciphers once. After any
 * failure the handshake is of no use. Diffie-Hellman outputs are 33 bytes on this network (SHA-256 of the compressed
 * shared point, and a zero byte). Not thread-safe.
 */
public final class Handshake {
    private static final int KEY = 33;

    private final Pattern pattern;
    private final boolean initiator;
    private final SecretKey own;
    private final SecureRandom random;
    private final SymmetricState state;
    private SecretKey ephemeral; // null until our E token
    private PublicKey remote; // null until known
    private PublicKey remoteEphemeral; // null until the peer's E token
    private int next; // index of the next message
    private boolean failed;
    private byte[] sendKey; // null until complete
    private byte[] receiveKey; // null until complete

    private Handshake(
            Pattern pattern,
            boolean initiator,
            SecretKey own,
            PublicKey remote,
            SecretKey ephemeral,
            SecureRandom random) {
        this.pattern = pattern;
        this.initiator = initiator;
        this.own = own;
        this.remote = remote;
        this.ephemeral = ephemeral;
        this.random = random;
        this.state = new SymmetricState(pattern.protocolName());
        if (pattern.initiatorKnown()) {
            state.mixHash((initiator ? own.publicKey() : remote).bytes());
        }
        state.mixHash((initiator ? remote : own.publicKey()).bytes());
    }

    /** The side that writes first; it knows the remote key in both patterns. */
    public static Handshake initiator(Pattern pattern, SecretKey own, PublicKey remote, SecureRandom random) {
        requirePoint(remote);
        return new Handshake(pattern, true, own, remote, null, random);
    }

    /** The side that reads first; {@code remote} must be null for XK, where it is learnt, and not null for KK. */
    public static Handshake responder(Pattern pattern, SecretKey own, PublicKey remote, SecureRandom random) {
        if (pattern.initiatorKnown()) {
            requirePoint(remote);
        }
        return new Handshake(pattern, false, own, pattern.initiatorKnown() ? remote : null, null, random);
    }

    /** For vectors: with a given ephemeral key. */
    static Handshake withEphemeral(
            Pattern pattern, boolean initiator, SecretKey own, PublicKey remote, SecretKey ephemeral) {
        return new Handshake(pattern, initiator, own, remote, ephemeral, null);
    }

    private static void requirePoint(PublicKey key) {
        if (key.isNull()) {
            throw new IllegalArgumentException("the null key takes part in no handshake");
        }
    }

    /**
     * Our next message with a payload (mostly empty), which is encrypted under what has been agreed so far.
     *
     * @throws MalformedException if a key agreement is degenerate
     */
    public byte[] write(byte[] payload) throws IOException {
        turn(true);
        var out = new ByteWriter(2 * KEY + 2 * Aead.TAG + payload.length);
        failed = true; // until this message is done
        for (Pattern.Token token : pattern.message(next)) {
            switch (token) {
                case E -> {
                    ephemeral = ephemeral == null ? SecretKey.generate(random) : ephemeral;
                    byte[] key = ephemeral.publicKey().bytes();
                    out.bytes(key);
                    state.mixHash(key);
                }
                case S -> out.bytes(state.encryptAndHash(own.publicKey().bytes()));
                case EE, ES, SE, SS -> mix(token);
            }
        }
        out.bytes(state.encryptAndHash(payload));
        advance();
        return out.toBytes();
    }

    /**
     * Takes the peer's next message and returns its payload (mostly empty; newer peers offer key material there, which
     * may be ignored).
     *
     * @throws MalformedException if it is too short or holds an invalid key
     * @throws Failure of kind {@code UNTRUSTED} if it does not authenticate
     */
    public byte[] read(byte[] message) throws IOException {
        turn(false);
        failed = true; // until this message is done
        var in = new ByteReader(message);
        for (Pattern.Token token : pattern.message(next)) {
            switch (token) {
                case E -> {
                    byte[] key = in.bytes(KEY);
                    remoteEphemeral = point(key);
                    state.mixHash(key);
                }
                case S -> remote = point(state.decryptAndHash(in.bytes(KEY + state.overhead())));
                case EE, ES, SE, SS -> mix(token);
            }
        }
        if (in.left() < state.overhead()) {
            throw new MalformedException("handshake message too short");
        }
        byte[] payload = state.decryptAndHash(in.rest());
        advance();
        return payload;
    }

    private void turn(boolean writing) {
        boolean ours = next % 2 == 0 == initiator;
        if (failed || complete() || ours != writing) {
            throw new IllegalStateException("handshake: not the turn for this");
        }
    }

    private static PublicKey point(byte[] key) throws MalformedException {
        PublicKey point = PublicKey.of(key);
        if (point.isNull()) {
            throw new MalformedException("handshake with the null key");
        }
        return point;
    }

    private void mix(Pattern.Token token) throws MalformedException {
        boolean ourEphemeral = token == Pattern.Token.EE || token == (initiator ? Pattern.Token.ES : Pattern.Token.SE);
        boolean theirEphemeral =
                token == Pattern.Token.EE || token == (initiator ? Pattern.Token.SE : Pattern.Token.ES);
        byte[] shared = (ourEphemeral ? ephemeral : own).ecdh(theirEphemeral ? remoteEphemeral : remote);
        state.mixKey(Arrays.copyOf(shared, KEY)); // the network's DHLEN is 33: one zero byte more
    }

    /** The writer of the last message encrypts with the second key: for XK this swaps the standard assignment. */
    private void advance() {
        failed = false;
        next++;
        if (complete()) {
            boolean wroteLast = (next - 1) % 2 == 0 == initiator;
            byte[][] keys = state.split();
            sendKey = keys[wroteLast ? 1 : 0];
            receiveKey = keys[wroteLast ? 0 : 1];
            state.wipe();
        }
    }

    /** Whether all messages have gone both ways. */
    public boolean complete() {
        return next == pattern.messages();
    }

    /** The static key of the other side; for an XK responder only once complete. */
    public PublicKey remoteKey() {
        if (remote == null) {
            throw new IllegalStateException("remote key not known yet");
        }
        return remote;
    }

    /** The cipher for what we send; may be taken once, so that no nonce is used twice. */
    public SendCipher sender() {
        byte[] key = taken(sendKey);
        sendKey = null;
        return new SendCipher(key);
    }

    /** The cipher for what we receive; may be taken once. */
    public ReceiveCipher receiver() {
        byte[] key = taken(receiveKey);
        receiveKey = null;
        return new ReceiveCipher(key);
    }

    /** Instead of {@link #sender}: the key for frames with numbers of their own. */
    public FrameKey sendFrames() {
        byte[] key = taken(sendKey);
        sendKey = null;
        return new FrameKey(key);
    }

    /** Instead of {@link #receiver}: the key for frames with numbers of their own. */
    public FrameKey receiveFrames() {
        byte[] key = taken(receiveKey);
        receiveKey = null;
        return new FrameKey(key);
    }

    private static byte[] taken(byte[] key) {
        if (key == null) {
            throw new IllegalStateException("handshake not complete, or cipher already taken");
        }
        return key;
    }

    /** For vectors: the running hash. */
    byte[] hash() {
        return state.hash();
    }
}
