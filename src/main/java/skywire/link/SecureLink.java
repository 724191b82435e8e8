package skywire.link;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import skywire.bytes.Buffers;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.noise.Handshake;
import skywire.noise.Pattern;
import skywire.noise.ReceiveCipher;
import skywire.noise.SendCipher;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Link;
import skywire.platform.Platform;

/**
 * Encrypts a link in frames of {@code length (2, big-endian) || nonce || ciphertext || tag} with at most {@value
 * #MAX_PLAIN} bytes of plaintext each (spec crypto §4.3). Frames of one write go to the link below together, up to 64
 * KiB at once; reads take as many whole frames as are there.
 *
 * <p>One reader and one writer at a time. Any frame that is too long, out of order or does not authenticate ends reading
 * for good; no byte of it is delivered.
 */
public final class SecureLink implements Link {
    /** Plaintext bytes a full frame carries. */
    public static final int MAX_PLAIN = 4070;

    /** Limit of a handshake over a link. */
    public static final Duration HANDSHAKE_LIMIT = Duration.ofSeconds(5);

    private static final int HEADER = 2;
    private static final int FRAME = HEADER + SendCipher.OVERHEAD + MAX_PLAIN; // 4096
    private static final int FRAMES_PER_WRITE = Buffers.SIZE / FRAME;
    /** Buffer of a link at rest. */
    private static final int SMALL = 1024;
    /** A read that brings less than this ends the use of a large buffer. */
    private static final int BULK = 2 * FRAME;

    private final Link link;
    private final SendCipher sender;
    private final ReceiveCipher receiver;

    private Failure writeFailure; // writer only; null while all writes were complete

    private final byte[] small = new byte[SMALL]; // reader only, like everything below
    private byte[] readBuffer = small; // a large shared one while much comes
    private int lastRead;
    private int rawAt; // undecrypted bytes are rawAt..rawEnd
    private int rawEnd;
    private int plainAt; // decrypted bytes not read yet are plainAt..plainEnd
    private int plainEnd;
    private Failure readFailure; // null while all frames were good

    private SecureLink(Link link, SendCipher sender, ReceiveCipher receiver) {
        this.link = link;
        this.sender = sender;
        this.receiver = receiver;
    }

    /** Over a link whose handshake has been made elsewhere; takes ownership of the link. */
    public static SecureLink over(Link link, SendCipher sender, ReceiveCipher receiver) {
        return new SecureLink(link, sender, receiver);
    }

    /**
     * Makes the handshake as the side that writes first and takes ownership of the link, which is closed on failure.
     *
     * @throws Failure of kind {@code UNTRUSTED} if the peer does not hold the key of {@code remote}
     */
    public static SecureLink initiator(
            Link link, Pattern pattern, SecretKey own, PublicKey remote, Platform platform, Deadline deadline)
            throws IOException {
        return make(link, Handshake.initiator(pattern, own, remote, platform.random()), true, platform, deadline);
    }

    /** As {@link #initiator}, as the side that reads first; {@code remote} may be null for XK only. */
    public static SecureLink responder(
            Link link, Pattern pattern, SecretKey own, PublicKey remote, Platform platform, Deadline deadline)
            throws IOException {
        return make(link, Handshake.responder(pattern, own, remote, platform.random()), false, platform, deadline);
    }

    private static SecureLink make(
            Link link, Handshake handshake, boolean initiator, Platform platform, Deadline deadline)
            throws IOException {
        try {
            Deadline limit = deadline.orEarlier(platform.clock(), HANDSHAKE_LIMIT);
            if (initiator) {
                HandshakeFrames.initiate(link, handshake, limit);
            } else {
                HandshakeFrames.respond(link, handshake, limit);
            }
            return over(link, handshake.sender(), handshake.receiver());
        } catch (IOException e) {
            link.close();
            throw e;
        }
    }

    @Override
    public void write(byte[] b, int off, int len, Deadline deadline) throws IOException {
        Objects.checkFromIndexSize(off, len, b.length);
        if (writeFailure != null) {
            throw new Failure(writeFailure.kind(), writeFailure.getMessage(), writeFailure);
        }
        for (int done = 0; done < len; ) {
            int n = Math.min(len - done, FRAMES_PER_WRITE * MAX_PLAIN);
            byte[] frames = n <= MAX_PLAIN ? new byte[n + FRAME - MAX_PLAIN] : Buffers.take();
            int sealed = seal(b, off + done, n, frames);
            try {
                link.write(frames, 0, sealed, deadline);
            } catch (IOException e) {
                writeFailure = Failure.wrap("an earlier write failed", e);
                throw e;
            }
            Buffers.give(frames);
            done += n;
        }
    }

    /** Puts the frames of {@code n} plaintext bytes into {@code frames}; how long they are together. */
    private int seal(byte[] b, int off, int n, byte[] frames) {
        int at = 0;
        for (int done = 0; done < n; ) {
            int plain = Math.min(MAX_PLAIN, n - done);
            int body = sender.seal(b, off + done, plain, frames, at + HEADER);
            frames[at] = (byte) (body >> 8);
            frames[at + 1] = (byte) body;
            at += HEADER + body;
            done += plain;
        }
        return at;
    }

    @Override
    public int read(byte[] b, int off, int len, Deadline deadline) throws IOException {
        Objects.checkFromIndexSize(off, len, b.length);
        int done = takePlain(b, off, len);
        while (done < len) {
            if (frameLength() > 0) {
                done += openFrame(b, off + done, len - done);
            } else if (done > 0) {
                break;
            } else if (!fill(deadline)) {
                return -1;
            }
        }
        return done;
    }

    private int takePlain(byte[] b, int off, int len) {
        int n = Math.min(len, plainEnd - plainAt);
        System.arraycopy(readBuffer, plainAt, b, off, n);
        plainAt += n;
        return n;
    }

    /** Length of the frame at the front with its header, 0 if it is not all there yet. */
    private int frameLength() throws Failure {
        if (readFailure != null) {
            throw new Failure(readFailure.kind(), readFailure.getMessage(), readFailure);
        }
        if (rawEnd - rawAt < HEADER) {
            return 0;
        }
        int body = (readBuffer[rawAt] & 0xff) << 8 | readBuffer[rawAt + 1] & 0xff;
        if (body > HandshakeFrames.MAX_BODY) {
            throw broken(Failure.malformed("frame of " + body + " bytes"));
        }
        return rawEnd - rawAt < HEADER + body ? 0 : HEADER + body;
    }

    /** Opens the frame at the front: straight into the caller's array where it fits, else in place. */
    private int openFrame(byte[] b, int off, int room) throws Failure {
        int frame = frameLength();
        int body = rawAt + HEADER;
        rawAt += frame;
        int length = frame - HEADER;
        try {
            if (length - SendCipher.OVERHEAD <= room) {
                return receiver.open(readBuffer, body, length, b, off);
            }
            plainAt = body + 8;
            plainEnd = plainAt; // stays empty if it does not authenticate
            plainEnd += receiver.open(readBuffer, body, length, readBuffer, plainAt);
        } catch (IOException e) {
            throw broken(new Failure(e instanceof Failure f ? f.kind() : Failure.Kind.MALFORMED, e.getMessage(), e));
        }
        return takePlain(b, off, room);
    }

    private Failure broken(Failure why) {
        readFailure = why;
        return why;
    }

    /** Reads more raw bytes; only called when no plaintext is left. False at the peer's orderly end. */
    private boolean fill(Deadline deadline) throws IOException {
        makeRoom();
        lastRead = link.read(readBuffer, rawEnd, readBuffer.length - rawEnd, deadline);
        if (lastRead < 0) {
            if (rawEnd > rawAt) {
                throw broken(new Failure(Failure.Kind.CLOSED_THERE, "stream ended within a frame", new EOFException()));
            }
            return false;
        }
        rawEnd += lastRead;
        return true;
    }

    /** Moves the beginning of a frame to the front of the buffer that fits the traffic. */
    private void makeRoom() {
        byte[] next = readBuffer;
        if (readBuffer == small && rawEnd == small.length) {
            next = Buffers.take();
        } else if (readBuffer != small && lastRead < BULK && rawEnd - rawAt < small.length) {
            next = small;
        }
        System.arraycopy(readBuffer, rawAt, next, 0, rawEnd - rawAt);
        if (next != readBuffer && readBuffer != small) {
            Buffers.give(readBuffer);
        }
        readBuffer = next;
        rawEnd -= rawAt;
        rawAt = 0;
        plainAt = 0;
        plainEnd = 0;
    }

    @Override
    public void finishWriting(Deadline deadline) throws IOException {
        link.finishWriting(deadline);
    }

    @Override
    public void close() {
        link.close();
    }

    @Override
    public String local() {
        return link.local();
    }

    @Override
    public String remote() {
        return link.remote();
    }
}
