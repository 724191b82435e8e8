package skywire.route.setup;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import skywire.key.PublicKey;
import skywire.platform.HostPort;

/**
 * Which visors are on one local network, as far as their addresses are known (mux §3.5, same-LAN): those whose addresses
 * share the first 24 bits of IPv4, or 64 of IPv6. Legs by way of one network end together when its uplink does, and share
 * what that carries. Loopback is no place: there, everybody has the same address. Immutable.
 */
final class Places {
    private static final int IPV4_NETWORK = 3; // bytes
    private static final int IPV6_NETWORK = 8;

    private final Map<PublicKey, Set<String>> of = new LinkedHashMap<>();

    /** The places of visors that were seen. */
    Places(Collection<Surroundings.Sighting> sightings) {
        for (Surroundings.Sighting seen : sightings) {
            network(seen.address())
                    .ifPresent(network -> of.computeIfAbsent(seen.visor(), v -> new LinkedHashSet<>())
                            .add(network));
        }
    }

    private static Optional<String> network(String address) {
        byte[] bytes;
        try {
            InetAddress at = InetAddress.ofLiteral(HostPort.parse(address).host());
            if (at.isLoopbackAddress() || at.isAnyLocalAddress()) {
                return Optional.empty();
            }
            bytes = at.getAddress();
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // a name or a key: nobody knows where that is
        }
        int length = bytes.length == 4 ? IPV4_NETWORK : IPV6_NETWORK;
        return Optional.of(HexFormat.of().formatHex(Arrays.copyOf(bytes, length)));
    }

    /** All visors that are known to share a place with one of these; these themselves too, if their place is known. */
    Set<PublicKey> beside(Collection<PublicKey> visors) {
        Set<String> networks = new LinkedHashSet<>();
        visors.forEach(visor -> networks.addAll(of.getOrDefault(visor, Set.of())));
        Set<PublicKey> beside = new LinkedHashSet<>();
        of.forEach((visor, its) -> {
            if (its.stream().anyMatch(networks::contains)) {
                beside.add(visor);
            }
        });
        return beside;
    }
}
