package skywire.app.socks;

import java.util.Optional;
import skywire.key.PublicKey;
import skywire.platform.HostPort;

/**
 * A local proxy and its exit.
 *
 * @param name what the operator calls it
 * @param exit key of the exit
 * @param socks where SOCKS5 listens; must be a loopback address, as anybody who reaches it can use it
 * @param http where an HTTP proxy listens too, likewise
 * @param passcode what to say to the exit, if programs do not say it themselves
 */
public record SocksClientConfig(
        String name, PublicKey exit, HostPort socks, Optional<HostPort> http, Optional<String> passcode) {
    /** The usual name. */
    public static final String NAME = "skysocks-client";

    /** The usual address for SOCKS5. */
    public static final HostPort SOCKS = new HostPort("127.0.0.1", 1080);

    /** Refuses addresses that others can reach. */
    public SocksClientConfig {
        loopback(socks);
        http.ifPresent(SocksClientConfig::loopback);
        passcode.ifPresent(Socks::credentials); // checks its length
    }

    private static void loopback(HostPort at) {
        String host = at.host();
        if (!host.startsWith("127.") && !host.equals("localhost") && !host.equals("::1")) {
            throw new IllegalArgumentException(
                    at + ": a proxy listens on a loopback address only (127.0.0.1), as whoever reaches it can use it");
        }
    }

    /** Without the passcode. */
    @Override
    public String toString() {
        return name + " " + socks + " → " + exit.brief();
    }
}
