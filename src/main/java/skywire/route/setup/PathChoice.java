package skywire.route.setup;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import skywire.directory.Path;
import skywire.entry.TransportEntry;
import skywire.key.PublicKey;
import skywire.packet.PathEnds;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;

/**
 * Asks those who know paths, in their order, and keeps what begins with a live transport of ours. Relays under suspicion
 * are left out where there is another way. Thread-safe.
 */
final class PathChoice {
    /** For one question for paths. */
    static final Duration LIMIT = Duration.ofSeconds(10);

    private final Platform platform;
    private final PublicKey self;
    private final Supplier<List<TransportEntry>> own;
    private final List<RouteSource> sources;
    private final Suspects suspects;

    PathChoice(
            Platform platform,
            PublicKey self,
            Supplier<List<TransportEntry>> own,
            List<RouteSource> sources,
            Suspects suspects) {
        this.platform = platform;
        this.self = self;
        this.own = own;
        this.sources = List.copyOf(sources);
        this.suspects = suspects;
    }

    /**
     * Usable paths, best first.
     *
     * @throws Failure of kind {@code NOT_FOUND} if there is none
     */
    List<Path> paths(PublicKey remote, RouteWish wish, Deadline deadline) throws IOException {
        Set<PublicKey> left = suspects.now();
        left.remove(remote);
        if (!left.isEmpty()) {
            try {
                left.addAll(wish.relays());
                return among(remote, wish.without(left), deadline);
            } catch (Failure e) {
                if (e.kind() != Failure.Kind.NOT_FOUND) {
                    throw e;
                }
            }
        }
        return among(remote, wish, deadline);
    }

    /** As {@link #paths}, but whoever is under suspicion is none of this call's concern. */
    List<Path> strictly(PublicKey remote, RouteWish wish, Deadline deadline) throws IOException {
        return among(remote, wish, deadline);
    }

    private List<Path> among(PublicKey remote, RouteWish wish, Deadline deadline) throws IOException {
        List<TransportEntry> mine = own.get();
        if (mine.isEmpty()) {
            throw new Failure(Failure.Kind.NOT_FOUND, "no transport found: this visor has none");
        }
        var ends = new PathEnds(self, remote);
        List<Path> direct = new PathSearch(mine, wish, platform.random()).find(ends, LocalRoutes.MOST_PATHS);
        if (!direct.isEmpty()) {
            return direct;
        }
        Set<UUID> live = new LinkedHashSet<>();
        mine.forEach(transport -> live.add(transport.id()));
        IOException last = null;
        for (RouteSource source : sources) {
            try {
                List<Path> usable = source.paths(ends, wish, deadline.orEarlier(platform.clock(), LIMIT)).stream()
                        .filter(path -> live.contains(path.hops().getFirst().transport()))
                        .toList();
                if (!usable.isEmpty()) {
                    return usable;
                }
            } catch (IOException e) {
                if (Failure.kindOf(e) == Failure.Kind.CANCELLED) {
                    throw e;
                }
                last = e;
            }
        }
        String why = last == null ? "" : ": " + Failure.text(last);
        throw new Failure(Failure.Kind.NOT_FOUND, "no route to " + remote.brief() + why, last);
    }
}
