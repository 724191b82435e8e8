package skywire.route.setup;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import skywire.directory.Path;
import skywire.entry.TransportEntry;
import skywire.key.PublicKey;
import skywire.platform.Deadline;
import skywire.platform.Failure;
import skywire.route.group.RouteGroup;
import skywire.route.mux.LegInfo;
import skywire.route.mux.LegState;
import skywire.sim.Simulation;

/** A group that does what its legs are told to do by a test, and the network around it. */
final class ModelGroup implements LegPort, LegKeeper.Planning {
    final Simulation sim;
    final PathGraph graph;
    final Path first;
    final Set<UUID> down = new LinkedHashSet<>(); // transports of ours that have ended
    final List<Path> tried = new ArrayList<>();
    final List<Duration> triedAt = new ArrayList<>();
    final List<UUID> retired = new ArrayList<>();
    final Set<PublicKey> alive = new LinkedHashSet<>(); // known to be, as the keeper said
    Duration setUpTakes = Duration.ofSeconds(2);
    Function<Path, Outcome> outcome = Outcome::success;
    int atOnce;
    int mostAtOnce;
    int forward;
    int reverse;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<UUID, Leg> legs = new LinkedHashMap<>(); // guarded by lock
    private long changes; // guarded by lock
    private boolean closed; // guarded by lock

    private record Leg(Path path, LegState state, String reason) {}

    ModelGroup(Simulation sim, PathGraph graph, Path first) {
        this.sim = sim;
        this.graph = graph;
        this.first = first;
        legs.put(LegBook.id(first), new Leg(first, LegState.ACTIVE, ""));
    }

    LegKeeper keep(LegWish wish) throws IOException {
        return LegKeeper.start(sim, this, this, first, wish, RouteDialer.Settings.DEFAULT, "");
    }

    // ---- what a test does to it

    private interface Change {
        void run();
    }

    private void change(Change change) {
        lock.lock();
        try {
            change.run();
            changes++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        change(() -> closed = true);
    }

    void die(UUID leg) {
        change(() -> legs.remove(leg));
    }

    void park(UUID leg) {
        change(() -> legs.computeIfPresent(leg, (id, l) -> new Leg(l.path(), LegState.STANDBY, "no progress for 1 s")));
    }

    void back(UUID leg) {
        change(() -> legs.computeIfPresent(leg, (id, l) -> new Leg(l.path(), LegState.ACTIVE, "")));
    }

    List<UUID> ids() {
        lock.lock();
        try {
            return List.copyOf(legs.keySet());
        } finally {
            lock.unlock();
        }
    }

    List<Path> paths() {
        lock.lock();
        try {
            return legs.values().stream().map(Leg::path).toList();
        } finally {
            lock.unlock();
        }
    }

    UUID over(int relay) {
        return paths().stream()
                .filter(path -> path.relays().contains(graph.visor(relay)))
                .map(LegBook::id)
                .findFirst()
                .orElseThrow();
    }

    // ---- what the keeper needs

    @Override
    public List<LegInfo> legs() {
        lock.lock();
        try {
            List<LegInfo> list = new ArrayList<>();
            legs.forEach((id, leg) -> list.add(info(id, leg, list.isEmpty())));
            return list;
        } finally {
            lock.unlock();
        }
    }

    private static LegInfo info(UUID id, Leg leg, boolean primary) {
        Duration zero = Duration.ZERO;
        PublicKey neighbour = leg.path().hops().getFirst().to();
        return new LegInfo(
                id, neighbour, leg.state(), leg.reason(), primary, zero, zero, zero, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    @Override
    public long changes() {
        lock.lock();
        try {
            return changes;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean await(long seen, Deadline deadline) throws IOException {
        lock.lock();
        try {
            while (changes <= seen && !closed) {
                if (!sim.clock().await(lock, changed, deadline)) {
                    return false;
                }
            }
            if (closed) {
                throw Failure.closedHere("the group");
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void width(int forth, int back) {
        forward = forth;
        reverse = back;
    }

    @Override
    public void remove(UUID leg) throws Failure {
        if (ids().getFirst().equals(leg)) {
            throw new Failure(Failure.Kind.REFUSED, "it is the primary");
        }
        retired.add(leg);
        die(leg);
    }

    @Override
    public Outcome add(Path path, Deadline deadline) {
        tried.add(path);
        triedAt.add(sim.elapsed());
        atOnce++;
        mostAtOnce = Math.max(mostAtOnce, atOnce);
        try {
            sim.sleep(setUpTakes);
            Outcome result = down.contains(LegBook.id(path))
                    ? new Outcome(path, "our transport has ended", true, List.of())
                    : outcome.apply(path);
            if (!result.failed()) {
                change(() -> {
                    if (legs.size() >= RouteGroup.MOST_LEGS || legs.containsKey(LegBook.id(path))) {
                        throw new AssertionError("a leg too many");
                    }
                    legs.put(LegBook.id(path), new Leg(path, LegState.ACTIVE, ""));
                });
            }
            return result;
        } catch (Exception e) {
            return new Outcome(path, Failure.text(e), false, List.of());
        } finally {
            atOnce--;
        }
    }

    @Override
    public LegPlan plan(LegPlan.Task task, Deadline deadline) {
        return new LegPlanner(PathGraph.SELF, own(), graph.transports, new Places(List.of()), sim.random()).plan(task);
    }

    @Override
    public List<TransportEntry> own() {
        return graph.own().stream().filter(t -> !down.contains(t.id())).toList();
    }

    @Override
    public void works(List<PublicKey> visors) {
        alive.addAll(visors);
    }
}
