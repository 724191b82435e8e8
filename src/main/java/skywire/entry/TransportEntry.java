package skywire.entry;

import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import skywire.bytes.ByteWriter;
import skywire.bytes.MalformedException;
import skywire.json.Json;
import skywire.key.PublicKey;

/**
 * A transport as directories know it (transport §3). Immutable.
 *
 * @param id its id; {@link #isConsistent} tells whether it fits the rest
 * @param low the lower of the two keys
 * @param high the higher of the two keys
 * @param type name of the carrier, e.g. {@code stcp}; unknown ones are tolerated
 * @param label {@code user}, {@code automatic} or {@code skycoin}; part of neither id nor signature
 */
public record TransportEntry(UUID id, PublicKey low, PublicKey high, String type, String label) {
    /** Label of transports a person asked for. */
    public static final String USER = "user";

    /** Label of transports the node made by itself. */
    public static final String AUTOMATIC = "automatic";

    /** Label of transports made through the transport setup. */
    public static final String SKYCOIN = "skycoin";

    /** The longest type or label that is read. */
    public static final int LONGEST_NAME = 64;

    /** The entry of the transport between two visors, given in either order. */
    public static TransportEntry of(PublicKey a, PublicKey b, String type, String label) {
        boolean sorted = a.compareTo(b) <= 0;
        return new TransportEntry(TransportId.of(a, b, type), sorted ? a : b, sorted ? b : a, type, label);
    }

    /** Whether the keys are sorted and not null, and the id is that of keys and type. */
    public boolean isConsistent() {
        return !low.isNull()
                && !high.isNull()
                && low.compareTo(high) <= 0
                && TransportId.of(low, high, type).equals(id);
    }

    /** Whether the key is one of the edges. */
    public boolean hasEdge(PublicKey key) {
        return low.equals(key) || high.equals(key);
    }

    /** The edge that is not this one (the same, where both are equal). */
    public PublicKey other(PublicKey edge) {
        return low.equals(edge) ? high : low;
    }

    /** Both edges, sorted. */
    public List<PublicKey> edges() {
        return List.of(low, high);
    }

    /** What the edges sign: id, edges, type. */
    public byte[] signedBytes() {
        return new ByteWriter(100)
                .i64(id.getMostSignificantBits())
                .i64(id.getLeastSignificantBits())
                .bytes(low.bytes())
                .bytes(high.bytes())
                .bytes(type.getBytes(StandardCharsets.UTF_8))
                .toBytes();
    }

    /** Compact JSON in the order of the wire. */
    public String json() {
        return "{\"t_id\":\"" + id + "\",\"edges\":[\"" + low.hex() + "\",\"" + high.hex() + "\"],\"type\":"
                + Json.quote(type) + ",\"label\":" + Json.quote(label) + "}";
    }

    /** Reads what {@link #json} writes, in any order and spacing; says nothing about consistency. */
    public static TransportEntry parse(JsonObject json) throws MalformedException {
        List<String> edges = Json.strings(json.get("edges"), "edges");
        if (edges.size() != 2) {
            throw new MalformedException("a transport has two edges");
        }
        UUID id = TransportId.parse(Json.string(json, "t_id"));
        String type = name(json, "type");
        String label = name(json, "label");
        return new TransportEntry(id, PublicKey.parse(edges.get(0)), PublicKey.parse(edges.get(1)), type, label);
    }

    private static String name(JsonObject json, String field) throws MalformedException {
        String name = Json.string(json, field);
        if (name.length() > LONGEST_NAME) {
            throw new MalformedException(field + " is longer than " + LONGEST_NAME + " characters");
        }
        return name;
    }
}
