package skywire.route.setup;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import skywire.directory.Path;
import skywire.key.PublicKey;
import skywire.packet.Hop;
import skywire.packet.RouteDescriptor;
import skywire.rpc.RpcFault;

/**
 * What a visor asks a setup node for: a route there and a route back (setup §4). Immutable.
 *
 * @param descriptor source is the visor that asks
 * @param keepAlive how long unused rules stay
 * @param forward from source to destination
 * @param reverse from destination to source; may take other visors
 */
public record RouteRequest(RouteDescriptor descriptor, Duration keepAlive, List<Hop> forward, List<Hop> reverse) {
    /** Hops of one direction. */
    public static final int MOST_HOPS = 30;

    /** Copies the lists. */
    public RouteRequest {
        forward = List.copyOf(forward);
        reverse = List.copyOf(reverse);
    }

    /** A request for a path and the same path back. */
    public static RouteRequest symmetric(RouteDescriptor descriptor, Duration keepAlive, Path path) {
        return new RouteRequest(
                descriptor, keepAlive, path.hops(), path.reversed().hops());
    }

    /** Refuses what is not a route there and back, with the texts the network knows. */
    public void check() throws RpcFault {
        if (forward.isEmpty()) {
            throw new RpcFault("bidirectional route does not have forward hops");
        }
        if (reverse.isEmpty()) {
            throw new RpcFault("bidirectional route does not have reverse hops");
        }
        boolean keys = !descriptor.srcKey().isNull() && !descriptor.dstKey().isNull();
        if (!keys
                || !leads(forward, descriptor.srcKey(), descriptor.dstKey())
                || !leads(reverse, descriptor.dstKey(), descriptor.srcKey())) {
            throw new RpcFault("bidirectional route has an invalid route description");
        }
    }

    private static boolean leads(List<Hop> hops, PublicKey from, PublicKey to) {
        PublicKey at = from;
        for (Hop hop : hops) {
            if (!hop.from().equals(at) || hop.to().isNull()) {
                return false;
            }
            at = hop.to();
        }
        return at.equals(to) && hops.size() <= MOST_HOPS;
    }

    /** All visors of both directions, the source first, each once. */
    public List<PublicKey> visors() {
        Set<PublicKey> visors = new LinkedHashSet<>();
        visors.add(descriptor.srcKey());
        forward.forEach(hop -> visors.add(hop.to()));
        reverse.forEach(hop -> visors.add(hop.to()));
        return new ArrayList<>(visors);
    }
}
