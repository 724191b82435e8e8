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

/**
 * A dmsg server tells another, over the link it has dialled, that it forwards for its own clients (spec dmsg §8): so a
 * server that nobody can dial becomes reachable. Immutable.
 *
 * @param timestamp nanoseconds since the Unix epoch
 * @param key the server that announces itself
 */
public record PeerAnnounce(long timestamp, PublicKey key) {
    private static final GobSchema SCHEMA =
            GobSchema.Struct.of("PeerAnnounce", field("Timestamp", GobSchema.INT), field("SrcPK", StreamRequest.KEY));

    /** The object to be sent, signed by the server. */
    public SignedObject sign(SecretKey secret) {
        var value = GobValue.struct().signed("Timestamp", timestamp).opaque("SrcPK", key.bytes());
        return SignedObject.sign(new GobWriter().write(SCHEMA, value.build()), secret);
    }

    /**
     * Reads an object that may be an announcement. Gob matches fields by name, so a stream request reads as one without
     * a key; that, and what is no announcement at all, is none.
     *
     * @return what it says, not yet believed: its signature and its time are the caller's to check
     */
    public static Optional<PeerAnnounce> read(SignedObject object) {
        try {
            GobStruct value = new GobReader()
                    .next(new ByteReader(object.gob()))
                    .asStruct()
                    .expecting("Timestamp", "SrcPK");
            PublicKey key = PublicKey.of(value.opaque("SrcPK", PublicKey.BYTES));
            return key.isNull() ? Optional.empty() : Optional.of(new PeerAnnounce(value.signed("Timestamp"), key));
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }
}
