package skywire.dmsg;

import static skywire.gob.GobSchema.field;

import java.util.Optional;
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
 * Asks for a stream to a port of another key, or a server for our own address (spec dmsg §4.3). Immutable by agreement.
 *
 * @param timestamp nanoseconds since the Unix epoch, above 0
 * @param source who asks
 * @param destination whom it is for
 * @param ipInfo whether the server is asked for our IP address instead
 * @param geoInfo whether the place of that address is wanted too
 * @param noiseMessage message 1 of the KK handshake
 */
public record StreamRequest(
        long timestamp,
        DmsgAddress source,
        DmsgAddress destination,
        boolean ipInfo,
        boolean geoInfo,
        byte[] noiseMessage) {
    static final GobSchema KEY = new GobSchema.Opaque("PubKey");

    private static final GobSchema ADDRESS =
            GobSchema.Struct.of("Addr", field("PK", KEY), field("Port", GobSchema.UINT));

    private static final GobSchema PLAIN = GobSchema.Struct.of(
            "StreamRequest",
            field("Timestamp", GobSchema.INT),
            field("SrcAddr", ADDRESS),
            field("DstAddr", ADDRESS),
            field("NoiseMsg", GobSchema.BYTES));

    private static final GobSchema WITH_INFO = GobSchema.Struct.of(
            "StreamRequest",
            field("Timestamp", GobSchema.INT),
            field("SrcAddr", ADDRESS),
            field("DstAddr", ADDRESS),
            field("IPinfo", GobSchema.BOOL),
            field("GeoInfo", GobSchema.BOOL),
            field("NoiseMsg", GobSchema.BYTES));

    /** A request for a stream. */
    public static StreamRequest dial(long timestamp, DmsgAddress source, DmsgAddress destination, byte[] noiseMessage) {
        return new StreamRequest(timestamp, source, destination, false, false, noiseMessage);
    }

    /** The object to be sent, signed by the source. */
    public SignedObject sign(SecretKey key) {
        var value = GobValue.struct()
                .signed("Timestamp", timestamp)
                .put("SrcAddr", address(source))
                .put("DstAddr", address(destination))
                .bytes("NoiseMsg", noiseMessage);
        if (ipInfo || geoInfo) {
            value.flag("IPinfo", ipInfo).flag("GeoInfo", geoInfo);
        }
        return SignedObject.sign(new GobWriter().write(ipInfo || geoInfo ? WITH_INFO : PLAIN, value.build()), key);
    }

    private static GobStruct address(DmsgAddress address) {
        return GobValue.struct()
                .opaque("PK", address.key().bytes())
                .unsigned("Port", address.port())
                .build();
    }

    /**
     * Reads a request without believing it: call {@link #verify} before using it.
     *
     * @throws MalformedException if it is no request
     */
    public static StreamRequest read(SignedObject object) throws MalformedException {
        GobStruct value = new GobReader()
                .next(new ByteReader(object.gob()))
                .asStruct()
                .expecting("Timestamp", "SrcAddr", "DstAddr", "IPinfo", "GeoInfo", "NoiseMsg");
        return new StreamRequest(
                value.signed("Timestamp"),
                address(value.struct("SrcAddr")),
                address(value.struct("DstAddr")),
                value.flag("IPinfo"),
                value.flag("GeoInfo"),
                value.bytes("NoiseMsg"));
    }

    private static DmsgAddress address(GobStruct value) throws MalformedException {
        PublicKey key = PublicKey.of(value.expecting("PK", "Port").opaque("PK", PublicKey.BYTES));
        return new DmsgAddress(key, (int) value.unsigned("Port", 65535));
    }

    /** Checks everything that needs no further knowledge, in the order of spec dmsg §4.5. */
    public void verify(SignedObject object) throws Failure {
        Optional<DmsgError> fault = fault(object);
        if (fault.isPresent()) {
            throw fault.get().failure();
        }
    }

    /** What {@link #verify} finds wrong with it. */
    public Optional<DmsgError> fault(SignedObject object) {
        if (source.key().isNull()) {
            return Optional.of(DmsgError.REQUEST_SOURCE_KEY);
        }
        if (source.port() == 0) {
            return Optional.of(DmsgError.REQUEST_SOURCE_PORT);
        }
        if (destination.key().isNull()) {
            return Optional.of(DmsgError.REQUEST_DESTINATION_KEY);
        }
        if (destination.port() == 0) {
            return Optional.of(DmsgError.REQUEST_DESTINATION_PORT);
        }
        if (timestamp <= 0) {
            return Optional.of(DmsgError.REQUEST_TIMESTAMP);
        }
        return object.verifies(source.key()) ? Optional.empty() : Optional.of(DmsgError.REQUEST_SIGNATURE);
    }
}
