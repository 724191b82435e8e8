package skywire.local;

import java.io.IOException;
import java.util.Optional;
import skywire.deployment.LocalMember;
import skywire.key.SecretKey;
import skywire.platform.HostPort;

/**
 * The shape of a local network. Immutable.
 *
 * @param visors how many, at least {@value #FEWEST_VISORS}
 * @param hops of the route to the exit, {@value #FEWEST_HOPS} to {@link #mostHops}
 * @param port of the dmsg discovery; the transport discovery and the route finder listen on the next two, the dmsg
 *     servers 1000 above it if that can be ({@link LocalMember#address}). 0: any
 * @param socks where the SOCKS5 proxy listens
 * @param http where the HTTP proxy listens, if there is to be one
 * @param keys identities of the visors, by name; those of the services are fixed ({@link LocalMember})
 */
public record LocalSettings(int visors, int hops, int port, HostPort socks, Optional<HostPort> http, Keys keys) {
    /** The first visor, a relay and the exit. */
    public static final int FEWEST_VISORS = 3;

    /** More would only take memory. */
    public static final int MOST_VISORS = 64;

    /** The first visor has no direct link to the exit. */
    public static final int FEWEST_HOPS = 2;

    private static final int LAST_PORT = 65533; // the directories take two more

    /** Gives a visor its key: always the same for the same name, if it is to be recognised. */
    @FunctionalInterface
    public interface Keys {
        /** The key of the visor of this name, e.g. {@code visor-3}. */
        SecretKey of(String name) throws IOException;
    }

    /** Checks the ranges. */
    public LocalSettings {
        if (port < 0 || port > LAST_PORT) {
            throw new IllegalArgumentException("the port must be 0 to " + LAST_PORT + ", not " + port);
        }
        if (visors < FEWEST_VISORS || visors > MOST_VISORS) {
            throw new IllegalArgumentException(
                    "a local network has " + FEWEST_VISORS + " to " + MOST_VISORS + " visors, not " + visors);
        }
        if (hops < FEWEST_HOPS || hops > mostHops(visors)) {
            throw new IllegalArgumentException("with " + visors + " visors a route has " + FEWEST_HOPS + " to "
                    + mostHops(visors) + " hops, not " + hops);
        }
    }

    /** The longest route there can be, through all relays in a row, within what can be set up. */
    public static int mostHops(int visors) {
        return Math.min(visors - 1, skywire.route.setup.RouteRequest.MOST_HOPS);
    }
}
