package skywire.route.setup;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import skywire.directory.Path;
import skywire.entry.TransportEntry;
import skywire.key.PublicKey;
import skywire.limit.LogLimit;
import skywire.platform.Clock;
import skywire.platform.Deadline;
import skywire.route.group.RouteGroup;
import skywire.route.mux.LegInfo;
import skywire.route.mux.LegState;

/**
 * What is known of a group's legs and what is to be done about them: how many to plan now, when to look again, which to
 * retire. Without threads and I/O; guarded by its user.
 */
final class LegBook {
    /** Set-ups at once. */
    static final int MOST_AT_ONCE = 4;

    /** How long there may be more legs than wanted: the one that has come back may be parked again. */
    static final Duration SURPLUS_HOLD = Duration.ofSeconds(30);

    /** How often our transports are looked at while legs are missing. */
    static final Duration LOOK = Duration.ofSeconds(1);

    private static final int MOST_FAILURES = 16;

    private final Clock clock;
    private final PublicKey remote;
    private final RouteDialer.Settings settings;
    private final int firstLength;
    private final Map<UUID, Path> legs = new LinkedHashMap<>(); // those there are, oldest first
    private final Set<UUID> retiring = new LinkedHashSet<>();
    private final List<Path> dialling = new ArrayList<>();
    private final Rests<PublicKey> relays;
    private final Rests<UUID> transports;
    private final Bursts bursts;
    private final Deque<String> failures = new ArrayDeque<>();
    private Set<UUID> own; // transports of this visor when last seen; null before
    private LegWish wish;
    private int live;
    private String shortfall = ""; // of the last plan
    private long surplusSince; // nanoTime; meaningful while live > wish.total()
    private boolean surplus;

    LegBook(Clock clock, PublicKey remote, Path first, LegWish wish, RouteDialer.Settings settings) {
        this.clock = clock;
        this.remote = remote;
        this.settings = settings;
        this.firstLength = first.length();
        this.wish = wish;
        this.relays = new Rests<>(clock);
        this.transports = new Rests<>(clock);
        this.bursts = new Bursts(clock);
        this.live = 1;
        legs.put(id(first), first);
    }

    static UUID id(Path path) {
        return path.hops().getFirst().transport();
    }

    LegWish wish() {
        return wish;
    }

    Map<UUID, Path> paths() {
        return new LinkedHashMap<>(legs);
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    // ---- what has happened

    /** Something else is wanted: what is too much goes at once. */
    void want(LegWish other) {
        wish = other;
        surplus = true;
        surplusSince = clock.nanoTime() - SURPLUS_HOLD.toNanos();
        bursts.tryAgain();
    }

    /** A set-up is over. */
    void done(LegPort.Outcome outcome) {
        dialling.remove(outcome.path());
        if (!outcome.failed()) {
            legs.put(id(outcome.path()), outcome.path());
            bursts.encourage();
            return;
        }
        bursts.failed();
        failures.addLast(LogLimit.clean(outcome.failure()));
        if (failures.size() > MOST_FAILURES) {
            failures.removeFirst();
        }
        if (outcome.another()) {
            rest(outcome.path(), outcome.blamed());
        } else {
            bursts.giveUp();
        }
    }

    private void rest(Path path, List<PublicKey> blamed) {
        List<PublicKey> which = blamed.isEmpty() ? path.relays() : blamed;
        which.forEach(relays::failed);
        if (which.isEmpty()) {
            transports.failed(id(path));
        }
    }

    /** The legs as the group has them now, all set-ups that are over having been told. */
    void see(List<LegInfo> now) {
        Set<UUID> present = new LinkedHashSet<>();
        now.stream().filter(leg -> leg.state() != LegState.DEAD).forEach(leg -> present.add(leg.id()));
        List<UUID> gone =
                legs.keySet().stream().filter(id -> !present.contains(id)).toList();
        for (UUID id : gone) {
            Path path = legs.remove(id);
            if (!retiring.remove(id)) {
                rest(path, List.of());
            }
        }
        int before = live;
        live = live(now);
        if (live < before || !gone.isEmpty()) {
            bursts.tryAgain();
        }
        boolean more = live > wish.total();
        if (more && !surplus) {
            surplusSince = clock.nanoTime();
        }
        surplus = more;
    }

    /** Our transports as they are now. Who is joined to us anew is alive, and there may be other ways now. */
    List<PublicKey> see(Collection<TransportEntry> transportsNow, PublicKey self) {
        Set<UUID> ids = new LinkedHashSet<>();
        List<PublicKey> joined = new ArrayList<>();
        for (TransportEntry transport : transportsNow) {
            ids.add(transport.id());
            if (own != null && !own.contains(transport.id())) {
                joined.add(transport.other(self));
                transports.wake(transport.id());
            }
        }
        own = ids;
        if (joined.isEmpty()) {
            return List.of();
        }
        joined.forEach(relays::wake);
        bursts.encourage();
        bursts.tryAgain();
        return joined;
    }

    static int live(List<LegInfo> legs) {
        return (int) legs.stream().filter(LegBook::isLive).count();
    }

    private static boolean isLive(LegInfo leg) {
        return leg.state() == LegState.ACTIVE || leg.state() == LegState.STANDBY && !isParked(leg);
    }

    /** A standby that is only kept warm has nothing to say. */
    private static boolean isParked(LegInfo leg) {
        return leg.state() == LegState.STANDBY && !leg.reason().isEmpty();
    }

    // ---- what is to be done

    private int missing() {
        return wish.total() - live - dialling.size();
    }

    /** How many legs to plan now. */
    int due() {
        int missing = missing();
        if (missing <= 0) {
            if (dialling.isEmpty()) {
                bursts.complete();
            }
            return 0;
        }
        int room = RouteGroup.MOST_LEGS - legs.size() - dialling.size();
        int most = Math.min(Math.min(missing, room), MOST_AT_ONCE - dialling.size());
        return most <= 0 ? 0 : bursts.allow(missing, most, dialling.isEmpty());
    }

    /** What to plan. */
    LegPlan.Task task(int wanted) {
        int least = wish.minHops() == 0 ? settings.minHops() : wish.minHops();
        int usual = Math.min(settings.maxHops(), Math.max(firstLength, least) + LegWish.LONGER);
        int most = wish.maxHops() == 0 ? usual : wish.maxHops();
        var taken = new ArrayList<>(legs.values());
        taken.addAll(dialling);
        var held = new LegPlan.Held(relays.now(), transports.now());
        return new LegPlan.Task(remote, wanted, Math.min(least, most), most, taken, held);
    }

    /** There is a plan; its paths are dialled by the deadline that is returned. */
    Deadline begin(LegPlan plan) {
        dialling.addAll(plan.paths());
        shortfall = plan.shortfall();
        return bursts.begin(plan.paths().size(), !shortfall.isEmpty());
    }

    /** Legs to retire now, the newest first; never the primary. */
    List<UUID> surplus(List<LegInfo> now) {
        if (!surplus || clock.nanoTime() - surplusSince < SURPLUS_HOLD.toNanos()) {
            return List.of();
        }
        Set<UUID> candidates = new LinkedHashSet<>();
        now.stream().filter(leg -> isLive(leg) && !leg.primary()).forEach(leg -> candidates.add(leg.id()));
        List<UUID> newest = new ArrayList<>(
                legs.keySet().stream().filter(candidates::contains).toList().reversed());
        List<UUID> chosen = newest.subList(0, Math.clamp(live(now) - wish.total(), 0, newest.size()));
        retiring.addAll(chosen);
        surplusSince = clock.nanoTime(); // whoever cannot be retired now is looked at again then
        return chosen;
    }

    /** When to look again if nothing happens before. */
    Deadline next() {
        long now = clock.nanoTime();
        long wait = Long.MAX_VALUE;
        if (surplus) {
            wait = Math.max(0, surplusSince + SURPLUS_HOLD.toNanos() - now);
        }
        if (missing() > 0) {
            long due = bursts.nanosLeft();
            wait = Math.min(wait, due > 0 ? Math.min(due, LOOK.toNanos()) : LOOK.toNanos());
        }
        return wait == Long.MAX_VALUE ? Deadline.NEVER : clock.in(Duration.ofNanos(wait));
    }

    // ---- what people see of it

    LegCount count(List<LegInfo> now) {
        int there = live(now);
        int actual = Math.min(there, wish.inUse());
        String reason = there >= wish.total() ? "" : reason(now);
        return new LegCount(wish.inUse(), actual, wish.spares(), there - actual, reason);
    }

    private String reason(List<LegInfo> now) {
        List<String> parts = new ArrayList<>();
        parked(now).ifPresent(parts::add);
        if (!dialling.isEmpty()) {
            parts.add(dialling.size() + " being set up");
        } else if (!shortfall.isEmpty()) {
            parts.add(shortfall);
        } else if (legs.size() >= RouteGroup.MOST_LEGS) {
            parts.add("no route has more than " + RouteGroup.MOST_LEGS + " legs");
        } else if (!failures.isEmpty()) {
            parts.add(failures.getLast());
        }
        return parts.isEmpty() ? "about to be set up" : String.join("; ", parts);
    }

    private static Optional<String> parked(List<LegInfo> now) {
        List<LegInfo> parked = now.stream().filter(LegBook::isParked).toList();
        return parked.isEmpty()
                ? Optional.empty()
                : Optional.of(parked.size() + " parked ("
                        + LogLimit.clean(parked.getFirst().reason()) + ")");
    }
}
