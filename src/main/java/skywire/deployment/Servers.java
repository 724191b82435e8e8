package skywire.deployment;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import skywire.bytes.MalformedException;
import skywire.config.Config;
import skywire.config.ConfigException;
import skywire.entry.DmsgEntry;
import skywire.entry.ServerInfo;
import skywire.json.Json;
import skywire.key.PublicKey;
import skywire.platform.HostPort;

/** Lists of dmsg servers, {@code [{"static": "<public key>", "server": {"address": "host:port"}}]} (discovery §6). */
public final class Servers {
    /** Servers in a list that is taken from a discovery. */
    public static final int MOST = 1024;

    private Servers() {}

    /** The servers in that member, in their order; empty if it is absent. Every key stands there once. */
    public static List<DmsgEntry> read(Config block, String member) throws ConfigException {
        Map<PublicKey, DmsgEntry> servers = new LinkedHashMap<>();
        for (Config one : block.objects(member)) {
            Config server = one.object("server");
            PublicKey key = one.requiredPublicKey("static");
            String address = server.address("address")
                    .orElseThrow(() -> one.error("server", "\"address\" is missing in \"server\""))
                    .toString();
            if (servers.put(key, entry(key, address)) != null) {
                throw one.error("static", "the server " + key.brief() + "… stands here for the second time");
            }
        }
        return List.copyOf(servers.values());
    }

    /**
     * What a discovery answers when asked for all its servers, sorted by key; of each only key and address are kept.
     * A list with anything wrong in it is refused as a whole: it is to replace one that works.
     *
     * @throws MalformedException with one clear sentence, also if the list is empty or has more than {@value #MOST}
     */
    public static List<DmsgEntry> parse(byte[] json) throws MalformedException {
        JsonElement value = Json.parse(json);
        if (value.isJsonNull() || value.isJsonArray() && value.getAsJsonArray().isEmpty()) {
            throw new MalformedException("the list has no server");
        }
        List<JsonElement> items = Json.array(value, "the list of servers").asList();
        if (items.size() > MOST) {
            throw new MalformedException("the list has " + items.size() + " servers, more than " + MOST);
        }
        Map<PublicKey, DmsgEntry> servers = new TreeMap<>();
        for (JsonElement item : items) {
            DmsgEntry server = parse(Json.object(item, "a server"));
            if (servers.put(server.key(), server) != null) {
                throw new MalformedException("the server " + server.key().brief() + "… is in the list twice");
            }
        }
        return new ArrayList<>(servers.values());
    }

    private static DmsgEntry parse(JsonObject server) throws MalformedException {
        PublicKey key = PublicKey.parse(Json.string(server, "static"));
        if (key.isNull()) {
            throw new MalformedException("a server has no key");
        }
        String address = Json.string(Json.object(server.get("server"), "the server part"), "address");
        try {
            HostPort parsed = HostPort.parse(address);
            if (address.startsWith(":") || parsed.port() == 0 || !address.matches("[0-9A-Za-z.:_\\[\\]-]+")) {
                throw new IllegalArgumentException("not the address of a server");
            }
        } catch (IllegalArgumentException e) {
            throw new MalformedException("the server " + key.brief() + "… has an address that cannot be dialled");
        }
        return entry(key, address);
    }

    private static DmsgEntry entry(PublicKey key, String address) {
        return DmsgEntry.server(key, ServerInfo.of(address, 1, ""));
    }

    /** The address of a server of such a list. */
    public static String address(DmsgEntry server) {
        return server.server().map(ServerInfo::address).orElse("");
    }
}
