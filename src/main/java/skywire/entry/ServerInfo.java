package skywire.entry;

import com.google.gson.JsonObject;
import skywire.bytes.MalformedException;
import skywire.json.Json;

/**
 * The server part of a dmsg entry (discovery §1). Immutable; texts are empty where absent.
 *
 * @param address {@code host:port} of its TCP listener
 * @param addressV6 the same over IPv6, where it differs
 * @param addressUdp {@code host:port} of its QUIC listener
 * @param addressUdpV6 the same over IPv6
 * @param addressWs URL of its WebSocket listener
 * @param availableSessions how many more sessions it takes; may be 0 or negative
 * @param serverType {@code official}, {@code community} or empty; in a post it works as a password
 * @param dhtBootstrap whether it offers itself as a first contact
 */
public record ServerInfo(
        String address,
        String addressV6,
        String addressUdp,
        String addressUdpV6,
        String addressWs,
        long availableSessions,
        String serverType,
        boolean dhtBootstrap) {
    /** A server at a TCP address. */
    public static ServerInfo of(String address, long availableSessions, String serverType) {
        return new ServerInfo(address, "", "", "", "", availableSessions, serverType, false);
    }

    /** The same with another type. */
    public ServerInfo withServerType(String type) {
        return new ServerInfo(
                address, addressV6, addressUdp, addressUdpV6, addressWs, availableSessions, type, dhtBootstrap);
    }

    /** The same with another number of sessions. */
    public ServerInfo withAvailableSessions(long sessions) {
        return new ServerInfo(
                address, addressV6, addressUdp, addressUdpV6, addressWs, sessions, serverType, dhtBootstrap);
    }

    static ServerInfo parse(JsonObject json) throws MalformedException {
        return new ServerInfo(
                Json.string(json, "address"),
                Json.string(json, "address_v6"),
                Json.string(json, "address_udp"),
                Json.string(json, "address_udp_v6"),
                Json.string(json, "address_ws"),
                Json.integer(json, "availableSessions"),
                Json.string(json, "serverType"),
                Json.bool(json, "dht_bootstrap"));
    }

    /** In the order of the wire, which signatures depend on. */
    JsonObject toJson() {
        var json = new JsonObject();
        json.addProperty("address", address);
        addUnlessEmpty(json, "address_v6", addressV6);
        addUnlessEmpty(json, "address_udp", addressUdp);
        addUnlessEmpty(json, "address_udp_v6", addressUdpV6);
        addUnlessEmpty(json, "address_ws", addressWs);
        json.addProperty("availableSessions", availableSessions);
        addUnlessEmpty(json, "serverType", serverType);
        if (dhtBootstrap) {
            json.addProperty("dht_bootstrap", true);
        }
        return json;
    }

    static void addUnlessEmpty(JsonObject json, String name, String value) {
        if (!value.isEmpty()) {
            json.addProperty(name, value);
        }
    }
}
