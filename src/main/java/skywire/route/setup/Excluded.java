package skywire.route.setup;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import skywire.directory.Path;
import skywire.key.PublicKey;
import skywire.packet.Hop;
import skywire.platform.Failure;
import skywire.rpc.RpcFault;

/**
 * What one dial has found not to work. A setup node's answer that names a relay or transport of the path excludes it; a
 * failure that names nothing excludes all relays, or the transport where there is no relay. One thread.
 */
final class Excluded {
    private final Set<PublicKey> relays = new LinkedHashSet<>();
    private final Set<UUID> transports = new LinkedHashSet<>();
    private List<PublicKey> latest = List.of();

    Set<PublicKey> relays() {
        return relays;
    }

    Set<UUID> transports() {
        return transports;
    }

    /** The relays excluded last. */
    List<PublicKey> latest() {
        return latest;
    }

    /** Draws the conclusion from a setup node's answer for this path; false if no other path would help. */
    boolean byAnswer(RpcFault answer, Path path) {
        latest = List.of();
        if (isOfAnEnd(answer, path)) {
            return false;
        }
        for (Hop hop : path.hops()) {
            if (names(answer, hop.transport().toString())) {
                return transports.add(hop.transport());
            }
        }
        List<PublicKey> between = path.relays();
        List<PublicKey> named =
                between.stream().filter(relay -> names(answer, relay.hex())).toList();
        return exclude(named.isEmpty() ? between : named, path);
    }

    /**
     * Draws the conclusion from the failure of a new group on this path; false if no other path would help. A relay can
     * write any text, so texts count for nothing: who is not known to be innocent is left out.
     */
    boolean byFailure(IOException why, Path path) {
        latest = List.of();
        List<PublicKey> between = path.relays();
        return switch (Failure.kindOf(why)) {
            case TIMEOUT, UNTRUSTED, CLOSED_THERE, MALFORMED, NOT_FOUND -> exclude(between, path);
            case UNREACHABLE -> exclude(between.subList(0, Math.min(1, between.size())), path); // our own transport
            case REFUSED, CLOSED_HERE, LIMIT, CANCELLED -> false;
        };
    }

    private boolean exclude(List<PublicKey> which, Path path) {
        if (which.isEmpty()) {
            return transports.add(path.hops().getFirst().transport());
        }
        latest = which;
        return relays.addAll(which);
    }

    /** Whether the setup node could not even speak with an end of the path: the same by every path. */
    private static boolean isOfAnEnd(RpcFault answer, Path path) {
        return Stream.of(path.from().hex(), path.to().hex())
                .anyMatch(end -> names(answer, "dial " + end) || names(answer, "reserve routeID from " + end));
    }

    private static boolean names(RpcFault answer, String what) {
        return answer.getMessage().contains(what);
    }
}
