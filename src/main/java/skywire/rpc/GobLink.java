package skywire.rpc;

import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;
import skywire.bytes.ByteWriter;
import skywire.bytes.MalformedException;
import skywire.gob.GobReader;
import skywire.gob.GobSchema;
import skywire.gob.GobValue;
import skywire.gob.GobWriter;
import skywire.platform.Deadline;
import skywire.platform.Link;

/** A link that carries gob both ways. Memory grows with what has arrived, not with announced lengths. One thread. */
final class GobLink {
    private static final int BUFFER = 4096;

    private final Link link;
    private final GobReader reader = new GobReader();
    private final GobWriter writer = new GobWriter();
    private final byte[] buffer = new byte[BUFFER];
    private int at;
    private int end;

    GobLink(Link link) {
        this.link = link;
    }

    /** Waits for the first byte of the next message; false at the peer's orderly end. */
    boolean await(Deadline deadline) throws IOException {
        if (at < end) {
            return true;
        }
        at = 0;
        end = Math.max(0, link.read(buffer, 0, BUFFER, deadline));
        return end > 0;
    }

    /** The next value. */
    GobValue read(Deadline deadline) throws IOException {
        while (true) {
            Optional<GobValue> value = reader.message(message(deadline));
            if (value.isPresent()) {
                return value.get();
            }
        }
    }

    private byte[] message(Deadline deadline) throws IOException {
        int length = length(deadline);
        var message = new ByteWriter(Math.min(length, BUFFER));
        while (message.size() < length) {
            fill(deadline);
            int n = Math.min(length - message.size(), end - at);
            message.bytes(buffer, at, n);
            at += n;
        }
        return message.toBytes();
    }

    private int length(Deadline deadline) throws IOException {
        int first = octet(deadline);
        if (first < 128) {
            return first;
        }
        int bytes = 256 - first;
        long length = bytes > 4 ? Long.MAX_VALUE : 0;
        for (int i = 0; i < bytes && bytes <= 4; i++) {
            length = length << 8 | octet(deadline);
        }
        if (length > reader.limits().message()) {
            throw new MalformedException(
                    "rpc: message longer than " + reader.limits().message() + " bytes");
        }
        return (int) length;
    }

    private int octet(Deadline deadline) throws IOException {
        fill(deadline);
        return buffer[at++] & 0xff;
    }

    private void fill(Deadline deadline) throws IOException {
        if (!await(deadline)) {
            throw new EOFException("the peer ended within a message");
        }
    }

    /** Writes two values at once: a header and its body. */
    void write(GobSchema headType, GobValue head, GobSchema bodyType, GobValue body, Deadline deadline)
            throws IOException {
        byte[] first = writer.write(headType, head);
        byte[] second = writer.write(bodyType, body);
        link.write(
                new ByteWriter(first.length + second.length)
                        .bytes(first)
                        .bytes(second)
                        .toBytes(),
                deadline);
    }
}
