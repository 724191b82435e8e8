package skywire.dmsg;

import java.time.Duration;
import skywire.key.SecretKey;

/**
 * How a dmsg client behaves. Immutable.
 *
 * @param key its identity; one client per key at a time, or servers close the older one's sessions
 * @param sessions servers to stay connected to, 0 for all
 * @param serverType only servers whose entry has this type, e.g. {@code official}; empty for all
 * @param clientType what the published entry calls us, e.g. {@code visor}; may be empty
 * @param publish whether the directory is told which servers we can be reached through
 * @param strictClocks whether requests from clocks more than 5 min behind or 1 min ahead of ours are refused
 * @param updateInterval how often servers and our entry are looked at when nothing changes
 */
public record DmsgConfig(
        SecretKey key,
        int sessions,
        String serverType,
        String clientType,
        boolean publish,
        boolean strictClocks,
        Duration updateInterval) {
    /** Checks the range. */
    public DmsgConfig {
        if (sessions < 0) {
            throw new IllegalArgumentException("sessions must not be negative");
        }
    }

    /** Two servers of any type, published, lenient clocks, one minute. */
    public static DmsgConfig of(SecretKey key) {
        return new DmsgConfig(key, 2, "", "", true, false, Duration.ofMinutes(1));
    }

    /** With another number of servers to stay connected to, 0 for all. */
    public DmsgConfig withSessions(int count) {
        return new DmsgConfig(key, count, serverType, clientType, publish, strictClocks, updateInterval);
    }

    /** With servers of this type only. */
    public DmsgConfig withServerType(String type) {
        return new DmsgConfig(key, sessions, type, clientType, publish, strictClocks, updateInterval);
    }

    /** With this type in the published entry. */
    public DmsgConfig withClientType(String type) {
        return new DmsgConfig(key, sessions, serverType, type, publish, strictClocks, updateInterval);
    }

    /** Without an entry in the directory: it can dial, but is not found by others. */
    public DmsgConfig unpublished() {
        return new DmsgConfig(key, sessions, serverType, clientType, false, strictClocks, updateInterval);
    }

    /** Refusing requests from clocks that are far off. */
    public DmsgConfig withStrictClocks() {
        return new DmsgConfig(key, sessions, serverType, clientType, publish, true, updateInterval);
    }

    /** With another interval. */
    public DmsgConfig withUpdateInterval(Duration interval) {
        return new DmsgConfig(key, sessions, serverType, clientType, publish, strictClocks, interval);
    }
}
