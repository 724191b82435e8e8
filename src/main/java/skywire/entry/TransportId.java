package skywire.entry;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import skywire.bytes.ByteReader;
import skywire.bytes.ByteWriter;
import skywire.bytes.MalformedException;
import skywire.key.PublicKey;

/** The id of a transport: a hash of its type and of both keys in either order (transport §2). */
public final class TransportId {
    private static final int NAMESPACE = 16;
    private static final long VERSION_NIBBLE = 0xf000L;

    private TransportId() {}

    /** The id of the transport of this type between two visors, which may be the same. */
    public static UUID of(PublicKey a, PublicKey b, String type) {
        boolean sorted = a.compareTo(b) <= 0;
        byte[] name = type.getBytes(StandardCharsets.UTF_8);
        var input = new ByteWriter(NAMESPACE + 66 + name.length)
                .zeros(NAMESPACE)
                .bytes((sorted ? a : b).bytes())
                .bytes((sorted ? b : a).bytes())
                .bytes(name);
        var digest = new ByteReader(sha256(input.toBytes()));
        try {
            long high = digest.i64() & ~VERSION_NIBBLE;
            long low = digest.i64() & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L;
            return new UUID(high, low);
        } catch (MalformedException e) {
            throw new IllegalStateException("SHA-256 has 32 bytes", e);
        }
    }

    /** The 36 characters of an id, either case; nothing else is accepted. */
    public static UUID parse(String text) throws MalformedException {
        if (!text.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
            throw new MalformedException("not a transport id");
        }
        return UUID.fromString(text);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
