package skywire.transport;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import skywire.bytes.Buffers;
import skywire.bytes.MalformedException;
import skywire.packet.Packet;
import skywire.platform.Deadline;
import skywire.platform.Link;

/**
 * Reads packets from a link with few reads: as much as is there goes into one buffer, a small one while little comes and
 * a large shared one while much does. For one thread.
 */
final class PacketReader {
    private static final int SMALL = 512;
    /** A read that brings less than this ends the use of the large buffer. */
    private static final int BULK = 8 * 1024;

    /** Packets of our own visors are not longer, but for those on a quick leg, of which more is here at once anyway. */
    private static final int USUAL = 9 * 1024;

    private final Link link;
    private final byte[] small = new byte[SMALL];
    private byte[] buffer = small;
    private int at;
    private int end;
    private int lastRead;

    PacketReader(Link link) {
        this.link = link;
    }

    /**
     * The next packet.
     *
     * @throws MalformedException if the payload is too short for the packet's kind; the stream is still in step
     * @throws EOFException at the end of the stream
     */
    Packet next() throws IOException {
        while (end - at < Packet.HEADER) {
            fill();
        }
        int type = buffer[at] & 0xff;
        long routeId = (long) u16(at + 1) << 16 | u16(at + 3);
        int length = u16(at + 5);
        at += Packet.HEADER;
        return Packet.decode(type, routeId, payload(length));
    }

    /** Memory grows with what has arrived, not with what was announced; the usual packet is read without a detour. */
    private byte[] payload(int length) throws IOException {
        int here = Math.min(length, end - at);
        byte[] payload = new byte[Math.min(length, Math.max(USUAL, here))];
        System.arraycopy(buffer, at, payload, 0, here);
        at += here;
        while (true) {
            link.readFully(payload, here, payload.length - here, Deadline.NEVER);
            if (payload.length == length) {
                return payload;
            }
            here = payload.length;
            payload = Arrays.copyOf(payload, Math.min(length, 2 * here));
        }
    }

    private int u16(int i) {
        return (buffer[i] & 0xff) << 8 | buffer[i + 1] & 0xff;
    }

    private void fill() throws IOException {
        makeRoom();
        lastRead = link.read(buffer, end, buffer.length - end, Deadline.NEVER);
        if (lastRead < 0) {
            throw new EOFException("transport closed by peer");
        }
        end += lastRead;
    }

    /** Moves what is left of a header to the front of the buffer that fits the traffic. */
    private void makeRoom() {
        byte[] next = buffer;
        if (buffer == small && end == small.length) {
            next = Buffers.take();
        } else if (buffer != small && lastRead < BULK) {
            next = small;
        }
        System.arraycopy(buffer, at, next, 0, end - at);
        if (next != buffer && buffer != small) {
            Buffers.give(buffer);
        }
        buffer = next;
        end -= at;
        at = 0;
    }
}
