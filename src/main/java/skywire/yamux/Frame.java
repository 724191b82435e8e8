package skywire.yamux;

import skywire.bytes.MalformedException;

/** The 12-byte frame header (dmsg §3) in an array, without an object per frame. */
final class Frame {
    static final int HEADER = 12;
    /** What each side may send on a stream before the other gives more. */
    static final int WINDOW = 262_144;

    static final int DATA = 0;
    static final int WINDOW_UPDATE = 1;
    static final int PING = 2;
    static final int GO_AWAY = 3;

    static final int SYN = 1;
    static final int ACK = 2;
    static final int FIN = 4;
    static final int RST = 8;

    static final int NORMAL = 0;
    static final int PROTOCOL_ERROR = 1;

    private Frame() {}

    static void put(byte[] b, int at, int type, int flags, int id, int length) {
        b[at] = 0;
        b[at + 1] = (byte) type;
        b[at + 2] = (byte) (flags >> 8);
        b[at + 3] = (byte) flags;
        putInt(b, at + 4, id);
        putInt(b, at + 8, length);
    }

    private static void putInt(byte[] b, int at, int v) {
        b[at] = (byte) (v >> 24);
        b[at + 1] = (byte) (v >> 16);
        b[at + 2] = (byte) (v >> 8);
        b[at + 3] = (byte) v;
    }

    private static int getInt(byte[] b, int at) {
        return b[at] << 24 | (b[at + 1] & 0xff) << 16 | (b[at + 2] & 0xff) << 8 | b[at + 3] & 0xff;
    }

    /** The frame type; throws for a version or type that does not exist. */
    static int type(byte[] b, int at) throws MalformedException {
        if (b[at] != 0) {
            throw new MalformedException("yamux version " + (b[at] & 0xff));
        }
        int type = b[at + 1] & 0xff;
        if (type > GO_AWAY) {
            throw new MalformedException("yamux frame type " + type);
        }
        return type;
    }

    static int flags(byte[] b, int at) {
        return (b[at + 2] & 0xff) << 8 | b[at + 3] & 0xff;
    }

    static int id(byte[] b, int at) {
        return getInt(b, at + 4);
    }

    /** The length field, unsigned. */
    static long length(byte[] b, int at) {
        return getInt(b, at + 8) & 0xffff_ffffL;
    }
}
