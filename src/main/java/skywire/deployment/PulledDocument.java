package skywire.deployment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import skywire.config.Config;
import skywire.config.ConfigException;
import skywire.config.ConfigText;
import skywire.entry.DmsgEntry;
import skywire.json.Json;
import skywire.key.PublicKey;

/**
 * The text of a deployment document with another list of servers in all its {@value #MEMBER} (discovery §6.3). Everything
 * else in it stays as it is, byte for byte. A list that says the same already stays too, with its comments. Immutable.
 */
public final class PulledDocument {
    /** The member that holds a list of servers. */
    public static final String MEMBER = "dmsg_servers";

    private final String text;
    private final List<Changes> lists;

    private PulledDocument(String text, List<Changes> lists) {
        this.text = text;
        this.lists = List.copyOf(lists);
    }

    /**
     * What came and went in one list; key and address of each server.
     *
     * @param line where the list begins in the old text, counted from 1
     * @param came servers that were not in it
     * @param went servers that are no longer in it
     * @param moved servers that have another address; the new one
     */
    public record Changes(
            int line, Map<PublicKey, String> came, Map<PublicKey, String> went, Map<PublicKey, String> moved) {
        /** Whether the list said the same before. */
        public boolean isEmpty() {
            return came.isEmpty() && went.isEmpty() && moved.isEmpty();
        }
    }

    /**
     * Puts these servers into a text.
     *
     * @param name what messages call it
     * @param servers at least one, each key once
     * @throws ConfigException if it is not JSON (with comments), or has no such list
     */
    public static PulledDocument of(String name, String text, List<DmsgEntry> servers) throws ConfigException {
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("a deployment without servers leads nowhere");
        }
        List<Changes> lists = new ArrayList<>();
        Map<PublicKey, String> wanted = addresses(servers);
        ConfigText changed = new ConfigText(name, text).withLists(MEMBER, (before, line, layout) -> {
            Map<PublicKey, String> old = read(before);
            Changes changes = compare(line, old, wanted);
            lists.add(changes);
            return changes.isEmpty() ? before : write(wanted, layout);
        });
        if (lists.isEmpty()) {
            throw new ConfigException(
                    name + ": has no list \"" + MEMBER + "\" to write to",
                    "add  \"" + MEMBER + "\": []  to a deployment");
        }
        return new PulledDocument(changed.text(), lists);
    }

    private static Map<PublicKey, String> addresses(List<DmsgEntry> servers) {
        Map<PublicKey, String> addresses = new LinkedHashMap<>();
        servers.forEach(server -> addresses.put(server.key(), Servers.address(server)));
        return addresses;
    }

    /** The servers of a list as it stands in a text; none if it is not such a list. */
    private static Map<PublicKey, String> read(String list) {
        try {
            return addresses(Servers.read(Config.parse(MEMBER, "{\"" + MEMBER + "\":" + list + "}"), MEMBER));
        } catch (ConfigException e) {
            return Map.of(); // it is replaced as a whole, whatever it was
        }
    }

    private static Changes compare(int line, Map<PublicKey, String> old, Map<PublicKey, String> wanted) {
        Map<PublicKey, String> came = new TreeMap<>(wanted);
        came.keySet().removeAll(old.keySet());
        Map<PublicKey, String> went = new TreeMap<>(old);
        went.keySet().removeAll(wanted.keySet());
        Map<PublicKey, String> moved = new TreeMap<>(wanted);
        moved.entrySet().removeIf(now -> now.getValue().equals(old.getOrDefault(now.getKey(), now.getValue())));
        return new Changes(line, came, went, moved);
    }

    private static String write(Map<PublicKey, String> servers, ConfigText.Layout layout) {
        String[] levels = new String[4];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = layout.newline().isEmpty()
                    ? ""
                    : layout.newline() + layout.indent() + layout.unit().repeat(i);
        }
        String blank = layout.newline().isEmpty() ? "" : " ";
        var list = new StringBuilder("[");
        servers.forEach((key, address) -> list.append(list.length() > 1 ? "," : "")
                .append(levels[1])
                .append('{')
                .append(levels[2])
                .append("\"static\":" + blank + "\"" + key.hex() + "\",")
                .append(levels[2])
                .append("\"server\":" + blank + "{")
                .append(levels[3])
                .append("\"address\":" + blank + Json.quote(address))
                .append(levels[2])
                .append('}')
                .append(levels[1])
                .append('}'));
        return list.append(levels[0]).append(']').toString();
    }

    /** The new text. */
    public String text() {
        return text;
    }

    /** Each list, in the order of the text. */
    public List<Changes> lists() {
        return lists;
    }

    /** Whether the text is another one now. */
    public boolean isChanged() {
        return lists.stream().anyMatch(list -> !list.isEmpty());
    }
}
