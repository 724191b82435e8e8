package skywire.bytes;

import java.util.HexFormat;

/** Lower-case hex text of bytes. */
public final class Hex {
    private Hex() {}

    /** Lower-case hex. */
    public static String of(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /** Bytes of hex text in either case. */
    public static byte[] parse(String text) throws MalformedException {
        try {
            return HexFormat.of().parseHex(text);
        } catch (IllegalArgumentException e) {
            throw new MalformedException("not hex");
        }
    }
}
