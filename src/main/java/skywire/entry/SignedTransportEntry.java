package skywire.entry;

import com.google.gson.JsonObject;
import java.util.List;
import skywire.bytes.MalformedException;
import skywire.json.Json;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.key.Signature;

/**
 * A transport entry with the signatures of its edges (transport §3). Immutable.
 *
 * @param entry the entry
 * @param lowSignature signature of the lower edge, {@link Signature#NONE} if absent
 * @param highSignature signature of the higher edge, {@link Signature#NONE} if absent
 * @param registered when it was registered, as the service counts; 0 if unknown
 */
public record SignedTransportEntry(
        TransportEntry entry, Signature lowSignature, Signature highSignature, long registered) {
    /** The entry without signatures. */
    public static SignedTransportEntry of(TransportEntry entry) {
        return new SignedTransportEntry(entry, Signature.NONE, Signature.NONE, 0);
    }

    /**
     * With the signature of one edge added (of both, where they are equal).
     *
     * @throws IllegalArgumentException if the key is not an edge
     */
    public SignedTransportEntry sign(SecretKey edge) {
        PublicKey key = edge.publicKey();
        if (!entry.hasEdge(key)) {
            throw new IllegalArgumentException(key + " is not an edge of the transport");
        }
        Signature signature = edge.sign(entry.signedBytes());
        return new SignedTransportEntry(
                entry,
                entry.low().equals(key) ? signature : lowSignature,
                entry.high().equals(key) ? signature : highSignature,
                registered);
    }

    /** Whether the signature of this edge is there and verifies. */
    public boolean isSignedBy(PublicKey edge) {
        byte[] signed = entry.signedBytes();
        return entry.low().equals(edge) && lowSignature.verifies(edge, signed)
                || entry.high().equals(edge) && highSignature.verifies(edge, signed);
    }

    /** Whether the entry is consistent and both edges have signed it. */
    public boolean isValid() {
        byte[] signed = entry.signedBytes();
        return entry.isConsistent()
                && lowSignature.verifies(entry.low(), signed)
                && highSignature.verifies(entry.high(), signed);
    }

    /** Compact JSON in the order of the wire. */
    public String json() {
        return "{\"entry\":" + entry.json() + ",\"signatures\":[\"" + lowSignature.hex() + "\",\"" + highSignature.hex()
                + "\"]" + (registered == 0 ? "" : ",\"registered\":" + registered) + "}";
    }

    /** Reads what {@link #json} writes, in any order and spacing; verifies nothing. */
    public static SignedTransportEntry parse(JsonObject json) throws MalformedException {
        TransportEntry entry = TransportEntry.parse(Json.object(json.get("entry"), "entry"));
        List<String> signatures = Json.strings(json.get("signatures"), "signatures");
        if (signatures.size() != 2) {
            throw new MalformedException("a transport has two signatures");
        }
        return new SignedTransportEntry(
                entry,
                Signature.parse(signatures.get(0)),
                Signature.parse(signatures.get(1)),
                Json.integer(json, "registered"));
    }

    /** Reads one from text, e.g. a line of the settlement handshake. */
    public static SignedTransportEntry parse(String json) throws MalformedException {
        return parse(Json.object(json));
    }
}
