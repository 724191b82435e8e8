package skywire.entry;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import skywire.bytes.MalformedException;
import skywire.json.Json;
import skywire.key.PublicKey;
import skywire.key.SecretKey;
import skywire.key.Signature;
import skywire.platform.Failure;

/**
 * What a dmsg client or server says of itself in a discovery (discovery §1). Immutable.
 *
 * <p>An entry read from JSON keeps the text it came in if that has fields this class does not know, since the signature
 * may cover them; {@link #verified} decides. A fetched entry may rightly fail to verify (the discovery rewrites the
 * server type), so trust never comes from an entry but from the handshake with its key.
 */
public final class DmsgEntry {
    /** The version every entry has. */
    public static final String VERSION = "0.0.1";

    /** Client type of visors. */
    public static final String VISOR = "visor";

    /** The longest JSON text of one entry that is read, in bytes. */
    public static final int LONGEST = 64 * 1024;

    private static final List<String> FIELDS = List.of(
            "version", "sequence", "timestamp", "static", "client", "client_type", "server", "signature", "protocol");

    private final String version;
    private final long sequence; // bits of an unsigned number
    private final long timestamp;
    private final PublicKey key;
    private final ClientInfo client; // null if it is no client
    private final String clientType;
    private final ServerInfo server; // null if it is no server
    private final String signature; // hex, empty if there is none
    private final String protocol;
    private final JsonObject received; // as it came, if that has unknown fields; else null. Never changed

    private record ClientInfo(List<PublicKey> servers, boolean isNull) {}

    private DmsgEntry(Parts p) {
        version = p.version;
        sequence = p.sequence;
        timestamp = p.timestamp;
        key = p.key;
        client = p.client;
        clientType = p.clientType;
        server = p.server;
        signature = p.signature;
        protocol = p.protocol;
        received = p.received;
    }

    /** The fields while they are collected. */
    private static final class Parts {
        private String version = "";
        private long sequence;
        private long timestamp;
        private PublicKey key = PublicKey.NULL;
        private ClientInfo client;
        private String clientType = "";
        private ServerInfo server;
        private String signature = "";
        private String protocol = "";
        private JsonObject received;
    }

    private Parts parts() {
        var p = new Parts();
        p.version = version;
        p.sequence = sequence;
        p.timestamp = timestamp;
        p.key = key;
        p.client = client;
        p.clientType = clientType;
        p.server = server;
        p.protocol = protocol;
        return p; // without signature and received: a changed entry is a new statement
    }

    /** An unsigned client entry with sequence 0 and no timestamp yet. */
    public static DmsgEntry client(PublicKey key, List<PublicKey> delegatedServers, String clientType) {
        var p = new Parts();
        p.version = VERSION;
        p.key = key;
        p.client = new ClientInfo(List.copyOf(delegatedServers), false);
        p.clientType = clientType;
        return new DmsgEntry(p);
    }

    /** An unsigned server entry with sequence 0 and no timestamp yet. */
    public static DmsgEntry server(PublicKey key, ServerInfo server) {
        var p = new Parts();
        p.version = VERSION;
        p.key = key;
        p.server = server;
        return new DmsgEntry(p);
    }

    /**
     * Reads an entry, in any order and spacing.
     *
     * @throws MalformedException if it is not a JSON object, or a known field has the wrong type
     */
    public static DmsgEntry parse(String json) throws MalformedException {
        return parse(Json.object(json));
    }

    /** Reads an entry from its JSON object. */
    public static DmsgEntry parse(JsonObject json) throws MalformedException {
        var p = new Parts();
        p.version = Json.string(json, "version");
        p.sequence = Json.unsigned(json, "sequence");
        p.timestamp = Json.integer(json, "timestamp");
        p.key = PublicKey.parse(Json.string(json, "static"));
        if (!Json.isAbsent(json, "client")) {
            p.client = parseClient(Json.object(json.get("client"), "client"));
        }
        p.clientType = Json.string(json, "client_type");
        if (!Json.isAbsent(json, "server")) {
            p.server = ServerInfo.parse(Json.object(json.get("server"), "server"));
        }
        p.signature = Json.string(json, "signature");
        p.protocol = Json.string(json, "protocol");
        var canonical = new DmsgEntry(p);
        if (!hasUnknown(json, canonical)) {
            return canonical;
        }
        p.received = json.deepCopy();
        return new DmsgEntry(p);
    }

    private static ClientInfo parseClient(JsonObject json) throws MalformedException {
        if (Json.isAbsent(json, "delegated_servers")) {
            return new ClientInfo(List.of(), true);
        }
        List<PublicKey> servers = new ArrayList<>();
        for (String hex : Json.strings(json.get("delegated_servers"), "delegated_servers")) {
            servers.add(PublicKey.parse(hex));
        }
        return new ClientInfo(List.copyOf(servers), false);
    }

    private static boolean hasUnknown(JsonObject json, DmsgEntry entry) {
        return json.keySet().stream().anyMatch(name -> !FIELDS.contains(name))
                || entry.client != null && hasOther(json.getAsJsonObject("client"), List.of("delegated_servers"))
                || entry.server != null && hasOther(json.getAsJsonObject("server"), SERVER_FIELDS);
    }

    private static final List<String> SERVER_FIELDS = List.of(
            "address",
            "address_v6",
            "address_udp",
            "address_udp_v6",
            "address_ws",
            "availableSessions",
            "serverType",
            "dht_bootstrap");

    private static boolean hasOther(JsonObject json, List<String> known) {
        return json.keySet().stream().anyMatch(name -> !known.contains(name));
    }

    /** Format version; empty if absent. */
    public String version() {
        return version;
    }

    /** Counts the publisher's updates; the bits of an unsigned number. */
    public long sequence() {
        return sequence;
    }

    /** When it was signed, in nanoseconds since the Unix epoch. */
    public long timestamp() {
        return timestamp;
    }

    /** Whose entry it is; may be {@link PublicKey#NULL} in one that was read. */
    public PublicKey key() {
        return key;
    }

    /** Whether it has a client part. */
    public boolean isClient() {
        return client != null;
    }

    /** The servers the client can be reached through; empty if it is no client. */
    public List<PublicKey> delegatedServers() {
        return client == null ? List.of() : client.servers;
    }

    /** E.g. {@link #VISOR}; empty if absent. */
    public String clientType() {
        return clientType;
    }

    /** The server part. */
    public Optional<ServerInfo> server() {
        return Optional.ofNullable(server);
    }

    /** The signature as it came, hex if valid; empty if absent. */
    public String signature() {
        return signature;
    }

    /** Name of the multiplexer a later client speaks; empty if absent. */
    public String protocol() {
        return protocol;
    }

    /** The next statement of the same publisher: this sequence number and time, no signature. */
    public DmsgEntry with(long newSequence, long newTimestamp) {
        Parts p = parts();
        p.sequence = newSequence;
        p.timestamp = newTimestamp;
        return new DmsgEntry(p);
    }

    /** The same with other delegated servers (which makes it a client), no signature. */
    public DmsgEntry withDelegatedServers(List<PublicKey> servers) {
        Parts p = parts();
        p.client = new ClientInfo(List.copyOf(servers), false);
        return new DmsgEntry(p);
    }

    /** The same with another server part, no signature. */
    public DmsgEntry withServer(ServerInfo newServer) {
        Parts p = parts();
        p.server = newServer;
        return new DmsgEntry(p);
    }

    /** The same with the server type a discovery decided on; keeps the signature, which then may no longer verify. */
    public DmsgEntry rewriteServerType(String type) {
        if (server == null) {
            return this;
        }
        Parts p = parts();
        p.server = server.withServerType(type);
        p.signature = signature;
        if (received != null) {
            p.received = received.deepCopy();
            p.received.getAsJsonObject("server").addProperty("serverType", type);
        }
        return new DmsgEntry(p);
    }

    /** Signed by the owner of its key; unknown fields are dropped. */
    public DmsgEntry sign(SecretKey secret) {
        if (!secret.publicKey().equals(key)) {
            throw new IllegalArgumentException("the entry belongs to another key");
        }
        Parts p = parts();
        p.signature = secret.sign(signedBytes()).hex();
        return new DmsgEntry(p);
    }

    /** What is signed: the canonical compact form of the known fields without the signature (discovery §1.1). */
    public byte[] signedBytes() {
        return Json.write(canonical(false)).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Checks the signature, over the canonical form or else, if there are unknown fields, over the entry as it came.
     *
     * @return the entry with exactly the fields its signature covers
     * @throws Failure of kind {@code UNTRUSTED} if neither verifies
     */
    public DmsgEntry verified() throws Failure {
        Signature parsed;
        try {
            parsed = Signature.parse(signature);
        } catch (MalformedException e) {
            throw Failure.untrusted("invalid signature");
        }
        if (parsed.verifies(key, signedBytes())) {
            Parts p = parts();
            p.signature = signature;
            return received == null ? this : new DmsgEntry(p);
        }
        if (received != null && parsed.verifies(key, receivedBytes())) {
            return this;
        }
        throw Failure.untrusted("invalid signature");
    }

    private byte[] receivedBytes() {
        JsonObject unsigned = received.deepCopy();
        unsigned.remove("signature");
        return Json.write(unsigned).getBytes(StandardCharsets.UTF_8);
    }

    /** Compact JSON: canonical, or as it came where unknown fields are kept. */
    public String json() {
        return Json.write(received == null ? canonical(true) : received);
    }

    private JsonObject canonical(boolean signed) {
        var json = new JsonObject();
        json.addProperty("version", version);
        json.add("sequence", Json.unsigned(sequence));
        json.addProperty("timestamp", timestamp);
        json.addProperty("static", key.hex());
        if (client != null) {
            var part = new JsonObject();
            part.add("delegated_servers", keys());
            json.add("client", part);
        }
        ServerInfo.addUnlessEmpty(json, "client_type", clientType);
        if (server != null) {
            json.add("server", server.toJson());
        }
        ServerInfo.addUnlessEmpty(json, "signature", signed ? signature : "");
        ServerInfo.addUnlessEmpty(json, "protocol", protocol);
        return json;
    }

    private JsonElement keys() {
        if (client.isNull) {
            return JsonNull.INSTANCE;
        }
        var list = new JsonArray();
        client.servers.forEach(server -> list.add(server.hex()));
        return list;
    }

    /** Two entries are equal if their JSON is. */
    @Override
    public boolean equals(Object other) {
        return other instanceof DmsgEntry e && e.json().equals(json());
    }

    @Override
    public int hashCode() {
        return key.hashCode() * 31 + Long.hashCode(sequence);
    }

    /** For logs. */
    @Override
    public String toString() {
        return "entry of " + key.brief() + ", sequence " + Long.toUnsignedString(sequence);
    }
}
