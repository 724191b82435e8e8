package skywire.packet;

import skywire.bytes.ByteReader;
import skywire.bytes.ByteWriter;
import skywire.bytes.MalformedException;
import skywire.key.PublicKey;

/**
 * The two ends of a route group (routing §2). A group is known by the descriptor in which its own visor is the
 * destination.
 *
 * @param srcKey key of the source
 * @param dstKey key of the destination
 * @param srcPort port at the source, 0..65535
 * @param dstPort port at the destination, 0..65535
 */
public record RouteDescriptor(PublicKey srcKey, PublicKey dstKey, int srcPort, int dstPort) {
    /** Bytes on the wire. */
    public static final int SIZE = 70;

    private static final int KEY = 33;

    /** Checks the ranges of the ports. */
    public RouteDescriptor {
        if ((srcPort | dstPort) >>> 16 != 0) {
            throw new IllegalArgumentException("not ports: " + srcPort + ", " + dstPort);
        }
    }

    /** The same group seen from the other end: both pairs swapped. */
    public RouteDescriptor inverted() {
        return new RouteDescriptor(dstKey, srcKey, dstPort, srcPort);
    }

    /** The 70 bytes. */
    public byte[] encode() {
        var out = new ByteWriter(SIZE);
        write(out);
        return out.toBytes();
    }

    void write(ByteWriter out) {
        out.bytes(srcKey.bytes()).bytes(dstKey.bytes()).u16(srcPort).u16(dstPort);
    }

    /** Decodes exactly 70 bytes with two valid keys. */
    public static RouteDescriptor decode(byte[] bytes) throws MalformedException {
        var in = new ByteReader(bytes);
        RouteDescriptor descriptor = read(in);
        in.end();
        return descriptor;
    }

    static RouteDescriptor read(ByteReader in) throws MalformedException {
        PublicKey src = PublicKey.of(in.bytes(KEY));
        PublicKey dst = PublicKey.of(in.bytes(KEY));
        return new RouteDescriptor(src, dst, in.u16(), in.u16());
    }

    /** The form used in summaries of rules. */
    public String summaryJson() {
        return "{\"dst_pk\":\"" + dstKey.hex() + "\",\"src_pk\":\"" + srcKey.hex() + "\",\"dst_port\":" + dstPort
                + ",\"src_port\":" + srcPort + "}";
    }

    /** {@code rAddr:<destination>:<port>, lAddr:<source>:<port>}. */
    @Override
    public String toString() {
        return "rAddr:" + dstKey.hex() + ":" + dstPort + ", lAddr:" + srcKey.hex() + ":" + srcPort;
    }
}
