package skywire.local;

import java.io.IOException;
import java.util.Optional;
import skywire.deployment.LocalMember;
import skywire.key.SecretKey;
import skywire.platform.HostPort;
import skywire.route.group.RouteGroup;

/**
 * The shape of a local network. Immutable.
 *
 * @param visors how many, at least {@value #FEWEST_VISORS}
 * @param hops of the route to the exit, {@value #FEWEST_HOPS} to {@link #mostHops}
 * @param mux legs of that route, which share no visor on the way, 1 to {@link RouteGroup#MOST_LEGS}
 * @param port of the dmsg discovery; the transport discovery and the route finder listen on the next two, the dmsg
 *     servers 1000 above it if that can be ({@link LocalMember#address}). 0: any
 * @param socks where the SOCKS5 proxy listens
 * @param http where the HTTP proxy listens, if there is to be one
 * @param keys identities of the visors, by name; those of the services are fixed ({@link LocalMember})
 */
public record LocalSettings(
        int visors, int hops, int mux, int port, HostPort socks, Optional<HostPort> http, Keys keys) {
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

    /** For a route of one leg. */
    public LocalSettings(int visors, int hops, int port, HostPort socks, Optional<HostPort> http, Keys keys) {
        this(visors, hops, 1, port, socks, http, keys);
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
        if (mux < 1 || mux > RouteGroup.MOST_LEGS) {
            throw new IllegalArgumentException("a route has 1 to " + RouteGroup.MOST_LEGS + " legs, not " + mux);
        }
        if (hops < FEWEST_HOPS || hops > mostHops(visors)) {
            throw new IllegalArgumentException("with " + visors + " visors a route has " + FEWEST_HOPS + " to "
                    + mostHops(visors) + " hops, not " + hops);
        }
        int needed = mux * (hops - 1) + 2;
        if (visors < needed) {
            throw new IllegalArgumentException(
                    mux + " legs of " + hops + " hops, which share no visor on the way, need " + needed + " visors, "
                            + (needed > MOST_VISORS ? "more than there can be" : "not " + visors));
        }
    }

    /** Legs beyond those of the route that are kept warm: one if there are visors left for it. */
    public int spares() {
        return mux > 1 && mux < RouteGroup.MOST_LEGS && visors - 2 >= (mux + 1) * (hops - 1) ? 1 : 0;
    }

    /** The longest route of so many legs that there can be; {@link #FEWEST_HOPS} if there are too few visors for any. */
    public static int mostHops(int visors, int mux) {
        return Math.max(FEWEST_HOPS, Math.min(mostHops(visors), (visors - 2) / Math.max(1, mux) + 1));
    }

    /** The longest route there can be, through all relays in a row, within what can be set up. */
    public static int mostHops(int visors) {
        return Math.min(visors - 1, skywire.route.setup.RouteRequest.MOST_HOPS);
    }
}
