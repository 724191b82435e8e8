package skywire.app.socks;

import java.util.List;
import java.util.Optional;
import skywire.key.PublicKey;

/**
 * Whom a SOCKS server serves, and what it reaches for them. If there is a passcode and a key list, both must fit.
 *
 * @param passcode what a client must say, 1 to 255 bytes; empty if nothing
 * @param clients keys that are served; empty for all
 * @param open whether anybody may use it; needed when there is neither passcode nor key list
 * @param filter what it may connect to
 */
public record SocksServerConfig(Optional<String> passcode, List<PublicKey> clients, boolean open, TargetFilter filter) {
    /** Refuses to serve the whole world by mistake. */
    public SocksServerConfig {
        clients = List.copyOf(clients);
        if (passcode.isEmpty() && clients.isEmpty() && !open) {
            throw new IllegalArgumentException(
                    "a SOCKS server needs a passcode, a list of keys, or to be declared open");
        }
        passcode.ifPresent(Socks::credentials); // checks its length
    }

    /** Without the passcode. */
    @Override
    public String toString() {
        return "SocksServerConfig[" + (passcode.isPresent() ? "passcode, " : "") + clients.size() + " keys"
                + (open ? ", open" : "") + "]";
    }
}
