package skywire.route.setup;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import skywire.directory.Path;
import skywire.entry.TransportEntry;
import skywire.key.PublicKey;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.platform.Platform;

/**
 * Plans further legs from the list of transports, or, where there is no such list, from what those say who are asked for
 * routes. Visors under suspicion are left out. Thread-safe.
 */
final class LegPaths implements LegKeeper.Planning {
    private final Platform platform;
    private final PublicKey self;
    private final Supplier<List<TransportEntry>> own;
    private final Surroundings surroundings;
    private final PathChoice choice;
    private final Suspects suspects;

    LegPaths(
            Platform platform,
            PublicKey self,
            Supplier<List<TransportEntry>> own,
            Surroundings surroundings,
            PathChoice choice,
            Suspects suspects) {
        this.platform = platform;
        this.self = self;
        this.own = own;
        this.surroundings = surroundings;
        this.choice = choice;
        this.suspects = suspects;
    }

    @Override
    public LegPlan plan(LegPlan.Task asked, Deadline deadline) throws IOException {
        LegPlan.Task task = asked.alsoWithout(suspects.now());
        List<TransportEntry> listed;
        try {
            listed = surroundings.listed(deadline.orEarlier(platform.clock(), PathChoice.LIMIT));
        } catch (IOException e) {
            if (Failure.kindOf(e) == Failure.Kind.CANCELLED) {
                throw e;
            }
            return byAsking(task, deadline);
        }
        var places = new Places(surroundings.sightings());
        return new LegPlanner(self, own.get(), listed, places, platform.random()).plan(task);
    }

    /** One after the other, each time without what the ones before take; not all who are asked can be told that. */
    private LegPlan byAsking(LegPlan.Task task, Deadline deadline) throws IOException {
        Set<PublicKey> relays = new LinkedHashSet<>(task.held().relays());
        Set<UUID> transports = new LinkedHashSet<>(task.held().transports());
        task.taken().forEach(path -> claim(path, relays, transports));
        List<Path> chosen = new ArrayList<>();
        while (chosen.size() < task.wanted()) {
            var wish = new RouteWish(task.minHops(), task.maxHops(), relays, transports, false);
            try {
                Path next = choice.strictly(task.remote(), wish, deadline).getFirst();
                chosen.add(next);
                claim(next, relays, transports);
            } catch (Failure e) {
                if (e.kind() != Failure.Kind.NOT_FOUND) {
                    throw e;
                }
                return new LegPlan(chosen, "no disjoint path found: " + Failure.text(e));
            }
        }
        return new LegPlan(chosen, "");
    }

    private static void claim(Path path, Set<PublicKey> relays, Set<UUID> transports) {
        relays.addAll(path.relays());
        transports.add(path.hops().getFirst().transport());
        transports.add(path.hops().getLast().transport());
    }

    @Override
    public List<TransportEntry> own() {
        return own.get();
    }

    @Override
    public void works(List<PublicKey> visors) {
        suspects.clear(visors);
    }
}
