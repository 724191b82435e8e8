package skywire.packet;

import java.io.IOException;
import skywire.bytes.ByteReader;
import skywire.bytes.MalformedException;
import skywire.platform.Deadline;
import skywire.platform.Link;

/**
 * One routing packet: a route id in the table of its receiver, and a payload whose meaning depends on the kind (routing
 * §1). On a transport it is {@code type u8 ‖ route id u32 ‖ payload length u16 ‖ payload}, back to back.
 *
 * <p>Every kind keeps its payload as it came, so that a relay passes on what it does not understand: {@link #to} shares
 * the payload and {@link #encode} copies it once, into the frame to be written. Fields inside the payload are views; a
 * packet is decoded only if its payload is long enough for them. The payload array is never changed by this package and
 * must not be changed by its users.
 */
public sealed interface Packet
        permits Data, Close, KeepAlive, Handshake, Ping, Pong, ErrorText, Sack, TransportPing, TransportPong, Unknown {
    /** Bytes before the payload. */
    int HEADER = 7;

    /** The longest payload the length field can say. */
    int MAX_PAYLOAD = 65535;

    /** The type number on the wire. */
    int type();

    /** The route id, 0..2³²−1. */
    long routeId();

    /** The payload as it was received or made; not copied. */
    byte[] payload();

    /** The same packet under another route id, for the next hop; shares the payload. */
    default Packet to(long routeId) {
        return of(type(), routeId, payload());
    }

    /** Header and payload in one fresh array. */
    default byte[] encode() {
        byte[] frame = new byte[HEADER + payload().length];
        encode(frame, 0);
        return frame;
    }

    /** Writes header and payload into {@code out} from {@code off} on; returns the number of bytes written. */
    default int encode(byte[] out, int off) {
        byte[] payload = payload();
        long id = routeId();
        out[off] = (byte) type();
        out[off + 1] = (byte) (id >> 24);
        out[off + 2] = (byte) (id >> 16);
        out[off + 3] = (byte) (id >> 8);
        out[off + 4] = (byte) id;
        out[off + 5] = (byte) (payload.length >> 8);
        out[off + 6] = (byte) payload.length;
        System.arraycopy(payload, 0, out, off + HEADER, payload.length);
        return HEADER + payload.length;
    }

    /** Bytes {@link #encode} makes. */
    default int size() {
        return HEADER + payload().length;
    }

    /**
     * Reads the next packet of a transport.
     *
     * @param deadline for the first byte; the rest of a packet whose header has come is waited for under it as well
     * @throws MalformedException if the payload is too short for the packet's kind. The packet has then been consumed
     *     whole: the stream is still in step, and the caller may count the offence and read on
     */
    static Packet read(Link link, Deadline deadline) throws IOException {
        byte[] header = new byte[HEADER];
        link.readFully(header, 0, HEADER, deadline);
        var fields = new ByteReader(header);
        int type = fields.u8();
        long routeId = fields.u32();
        byte[] payload = new byte[fields.u16()];
        link.readFully(payload, 0, payload.length, deadline);
        return decode(type, routeId, payload);
    }

    /**
     * Decodes exactly one whole frame.
     *
     * @throws MalformedException if the array is not one frame, or its payload is too short for its kind
     */
    static Packet decode(byte[] frame) throws MalformedException {
        var fields = new ByteReader(frame);
        int type = fields.u8();
        long routeId = fields.u32();
        int length = fields.u16();
        byte[] payload = fields.bytes(length);
        fields.end();
        return decode(type, routeId, payload);
    }

    /** A packet of its parts, checked for its kind; takes over the array. */
    static Packet decode(int type, long routeId, byte[] payload) throws MalformedException {
        try {
            return of(type, routeId, payload);
        } catch (Payload.Bad e) {
            throw new MalformedException(e.getMessage());
        }
    }

    private static Packet of(int type, long routeId, byte[] payload) {
        return switch (type) {
            case Data.TYPE -> new Data(routeId, payload);
            case Close.TYPE -> new Close(routeId, payload);
            case KeepAlive.TYPE -> new KeepAlive(routeId, payload);
            case Handshake.TYPE -> new Handshake(routeId, payload);
            case Ping.TYPE -> new Ping(routeId, payload);
            case Pong.TYPE -> new Pong(routeId, payload);
            case ErrorText.TYPE -> new ErrorText(routeId, payload);
            case Sack.TYPE -> new Sack(routeId, payload);
            case TransportPing.TYPE -> new TransportPing(routeId, payload);
            case TransportPong.TYPE -> new TransportPong(routeId, payload);
            default -> new Unknown(type, routeId, payload);
        };
    }
}
