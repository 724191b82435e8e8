package skywire.dmsg;

import java.io.IOException;
import java.util.Arrays;
import skywire.noise.ReceiveCipher;
import skywire.noise.SendCipher;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Link;

/**
 * Sends and receives signed objects on the streams of one session, under the session's keys: {@code length (2,
 * big-endian) || nonce || ciphertext || tag} (spec dmsg §4.1). Thread-safe; the nonces of all streams are one sequence,
 * and each is accepted once.
 */
public final class SessionObjects {
    private static final int LONGEST = 65535;
    private static final int STEP = 4096; // an announced length is believed this far without having seen the bytes

    private final SendCipher sender;
    private final ReceiveCipher receiver;

    /** With the ciphers of the session's XK handshake. */
    public SessionObjects(SendCipher sender, ReceiveCipher receiver) {
        this.sender = sender;
        this.receiver = receiver;
    }

    /** Sends an object in one write. */
    public void write(Link stream, SignedObject object, Deadline deadline) throws IOException {
        byte[] plain = object.bytes();
        int body = plain.length + SendCipher.OVERHEAD;
        if (body > LONGEST) {
            throw new Failure(Failure.Kind.LIMIT, "object of " + plain.length + " bytes");
        }
        byte[] frame = new byte[2 + body];
        frame[0] = (byte) (body >> 8);
        frame[1] = (byte) body;
        sender.seal(plain, 0, plain.length, frame, 2);
        stream.write(frame, deadline);
    }

    /**
     * Receives one object and not a byte more.
     *
     * @throws Failure of kind {@code UNTRUSTED} if it does not authenticate or came before
     */
    public SignedObject read(Link stream, Deadline deadline) throws IOException {
        byte[] header = new byte[2];
        stream.readFully(header, 0, 2, deadline);
        int length = (header[0] & 0xff) << 8 | header[1] & 0xff;
        byte[] body = new byte[Math.min(length, STEP)];
        for (int done = 0, n; done < length; done += n) {
            body = done < body.length ? body : Arrays.copyOf(body, Math.min(length, 4 * body.length));
            n = body.length - done;
            stream.readFully(body, done, n, deadline);
        }
        return SignedObject.of(receiver.openAny(body));
    }
}
