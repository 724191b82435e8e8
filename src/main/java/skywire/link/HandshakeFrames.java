package skywire.link;

import java.io.IOException;
import skywire.noise.Handshake;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Link;

/**
 * Runs a Noise handshake over a link as raw frames, {@code length (2, big-endian) || message} (spec crypto §4.3). Reads
 * not one byte more than the handshake, so whatever follows stays in the link.
 */
public final class HandshakeFrames {
    /** Longest message of a raw frame. */
    static final int MAX_BODY = 4094;

    private static final byte[] NO_PAYLOAD = new byte[0];

    private HandshakeFrames() {}

    /** The side that writes first. On failure the link is left open, for the caller to close. */
    public static void initiate(Link link, Handshake handshake, Deadline deadline) throws IOException {
        while (true) {
            write(link, handshake, deadline);
            if (handshake.complete()) {
                return;
            }
            read(link, handshake, deadline);
            if (handshake.complete()) {
                return;
            }
        }
    }

    /** The side that reads first. On failure the link is left open, for the caller to close. */
    public static void respond(Link link, Handshake handshake, Deadline deadline) throws IOException {
        while (true) {
            read(link, handshake, deadline);
            if (handshake.complete()) {
                return;
            }
            write(link, handshake, deadline);
            if (handshake.complete()) {
                return;
            }
        }
    }

    private static void write(Link link, Handshake handshake, Deadline deadline) throws IOException {
        byte[] message = handshake.write(NO_PAYLOAD);
        byte[] frame = new byte[2 + message.length];
        frame[0] = (byte) (message.length >> 8);
        frame[1] = (byte) message.length;
        System.arraycopy(message, 0, frame, 2, message.length);
        link.write(frame, deadline);
    }

    private static void read(Link link, Handshake handshake, Deadline deadline) throws IOException {
        byte[] header = new byte[2];
        link.readFully(header, 0, 2, deadline);
        int length = (header[0] & 0xff) << 8 | header[1] & 0xff;
        if (length > MAX_BODY) {
            throw Failure.malformed("handshake frame of " + length + " bytes");
        }
        byte[] message = new byte[length]; // at most 4094
        link.readFully(message, 0, length, deadline);
        handshake.read(message); // a payload is material for newer handshakes, which may be ignored
    }
}
