package skywire.dmsg;

import static skywire.gob.GobSchema.field;

import java.security.MessageDigest;
import skywire.bytes.ByteReader;
import skywire.bytes.MalformedException;
import skywire.gob.GobReader;
import skywire.gob.GobSchema;
import skywire.gob.GobStruct;
import skywire.gob.GobValue;
import skywire.gob.GobWriter;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.platform.Failure;

/**
 * Answers a {@link StreamRequest} (spec dmsg §4.3). Immutable by agreement.
 *
 * @param requestHash {@link SignedObject#hash} of the request
 * @param accepted whether the stream is open now
 * @param errorCode why not, 0 if accepted
 * @param noiseMessage message 2 of the KK handshake
 * @param ip the address asked for, 4 or 16 bytes, else empty
 */
public record StreamResponse(byte[] requestHash, boolean accepted, int errorCode, byte[] noiseMessage, byte[] ip) {
    private static final byte[] NONE = new byte[0];
    private static final int HASH = 32;

    private static final GobSchema PLAIN = GobSchema.Struct.of(
            "StreamResponse",
            field("ReqHash", GobSchema.byteArray("SHA256", HASH)),
            field("Accepted", GobSchema.BOOL),
            field("ErrCode", GobSchema.UINT),
            field("NoiseMsg", GobSchema.BYTES));

    private static final GobSchema WITH_IP = GobSchema.Struct.of(
            "StreamResponse",
            field("ReqHash", GobSchema.byteArray("SHA256", HASH)),
            field("Accepted", GobSchema.BOOL),
            field("IP", GobSchema.BYTES),
            field("ErrCode", GobSchema.UINT),
            field("NoiseMsg", GobSchema.BYTES));

    /** Yes. */
    public static StreamResponse accept(byte[] requestHash, byte[] noiseMessage) {
        return new StreamResponse(requestHash, true, 0, noiseMessage, NONE);
    }

    /** No. */
    public static StreamResponse refuse(byte[] requestHash, DmsgError why) {
        return new StreamResponse(requestHash, false, why.code(), NONE, NONE);
    }

    /** The IP address asked for. */
    public static StreamResponse ip(byte[] requestHash, byte[] ip) {
        return new StreamResponse(requestHash, true, 0, NONE, ip);
    }

    /** The object to be sent, signed by the destination. */
    public SignedObject sign(SecretKey key) {
        var value = GobValue.struct()
                .byteArray("ReqHash", requestHash)
                .flag("Accepted", accepted)
                .unsigned("ErrCode", errorCode)
                .bytes("NoiseMsg", noiseMessage);
        if (ip.length > 0) {
            value.bytes("IP", ip);
        }
        return SignedObject.sign(new GobWriter().write(ip.length > 0 ? WITH_IP : PLAIN, value.build()), key);
    }

    /**
     * Reads a response without believing it: call {@link #verify} before using it.
     *
     * @throws MalformedException if it is no response
     */
    public static StreamResponse read(SignedObject object) throws MalformedException {
        GobStruct value = new GobReader()
                .next(new ByteReader(object.gob()))
                .asStruct()
                .expecting("ReqHash", "Accepted", "ErrCode", "NoiseMsg", "IP");
        return new StreamResponse(
                value.byteArray("ReqHash", HASH),
                value.flag("Accepted"),
                (int) value.unsigned("ErrCode", 65535),
                value.bytes("NoiseMsg"),
                value.bytes("IP"));
    }

    /**
     * Checks that it answers that request and was signed by its destination, in the order of spec dmsg §4.5; whether it
     * is a yes is another question, see {@link #refusal}.
     */
    public void verify(SignedObject object, byte[] expectedHash, PublicKey destination) throws Failure {
        if (!MessageDigest.isEqual(requestHash, expectedHash)) {
            throw DmsgError.RESPONSE_HASH.failure();
        }
        if (!object.verifies(destination)) {
            throw DmsgError.RESPONSE_SIGNATURE.failure();
        }
    }

    /** Why it was refused; only meaningful if it was not {@link #accepted}. */
    public DmsgError refusal() {
        return DmsgError.ofResponse(errorCode);
    }
}
