package skywire.route.mux;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import skywire.platform.Failure;

/**
 * The legs of a group, the primary first, and which of them are sent on (mux §1). Whoever is added or removed in whatever
 * order: there is a primary while there is a leg, no two share a first transport, and what was counted stays with its
 * leg. Guarded by the user of {@link Sender}.
 */
public final class LegSet {
    /** Who is to take the place of a primary that is gone. */
    private static final Comparator<Leg> BEST = Comparator.comparing((Leg l) -> l.retired)
            .thenComparing(l -> !l.proven)
            .thenComparing(l -> l.parked)
            .thenComparing(l -> !l.isActive())
            .thenComparingLong(l -> l.path.leastRoundTrip());

    private final int most;
    private final List<Leg> legs = new ArrayList<>();
    private int width = 1;
    private long changes;

    /** An empty one for at most that many. */
    public LegSet(int most) {
        this.most = most;
    }

    /**
     * Adds a leg; the first one is the primary.
     *
     * @throws Failure of kind {@code REFUSED} if there is one over that transport or of that number, {@code LIMIT} if there are too many
     */
    public void add(Leg leg) throws Failure {
        if (find(leg.id()).isPresent()) {
            throw new Failure(Failure.Kind.REFUSED, "a leg over transport " + leg.id() + " is in the group already");
        }
        if (find(leg.number()).isPresent()) {
            throw new Failure(Failure.Kind.REFUSED, "a leg of number " + leg.number() + " is in the group already");
        }
        if (legs.size() >= most) {
            throw new Failure(Failure.Kind.LIMIT, "a group has at most " + most + " legs");
        }
        legs.add(leg);
        settle();
    }

    /** Something has come by it: it may be sent on. */
    public void prove(Leg leg) {
        if (!leg.proven) {
            leg.proven = true;
            settle();
        }
    }

    /**
     * Says whether a leg may be removed by hand.
     *
     * @throws Failure of kind {@code NOT_FOUND}, or {@code REFUSED} for the primary and the last one
     */
    public Leg removable(UUID id) throws Failure {
        Leg leg = find(id).orElseThrow(() -> new Failure(Failure.Kind.NOT_FOUND, "no leg over transport " + id));
        if (leg == legs.getFirst()) {
            throw new Failure(
                    Failure.Kind.REFUSED,
                    "this is the primary leg; it stays until its transport ends or the group does");
        }
        if (legs.stream().noneMatch(other -> other != leg && other.isUsable())) {
            throw new Failure(Failure.Kind.REFUSED, "this is the last leg that works");
        }
        return leg;
    }

    /** Nothing new goes by it from now on. */
    public void retire(Leg leg, String why) {
        leg.retired = true;
        leg.reason = why;
        settle();
    }

    /** It is gone; if it was the primary, the best of the others becomes that. */
    public void remove(Leg leg, String why) {
        boolean wasPrimary = !legs.isEmpty() && legs.getFirst() == leg;
        if (!legs.remove(leg)) {
            return;
        }
        leg.state = LegState.DEAD;
        leg.reason = why;
        if (wasPrimary) {
            legs.stream().min(BEST).ifPresent(best -> {
                legs.remove(best);
                legs.addFirst(best);
            });
        }
        settle();
    }

    /** Leaves a leg alone, but sends on it all the same while there is no other. */
    public void park(Leg leg, String why, long now) {
        leg.park(why, now);
        settle();
    }

    /** It answers again. */
    public void unpark(Leg leg) {
        leg.unpark();
        settle();
    }

    /** How many are to be sent on at once. */
    public void width(int legsAtOnce) {
        width = Math.clamp(legsAtOnce, 1, most);
        settle();
    }

    /** What {@link #width(int)} said last. */
    public int width() {
        return width;
    }

    /** The peer wants a leg to rest, or no longer. */
    public void wishStandby(Leg leg, boolean standby) {
        if (leg.wishedStandby != standby) {
            leg.wishedStandby = standby;
            settle();
        }
    }

    /** Decides who is active: the primary, then those that are, then the quickest; nobody changes without need. */
    private void settle() {
        changes++;
        Leg primary = legs.isEmpty() ? null : legs.getFirst();
        List<Leg> order = legs.stream()
                .filter(Leg::isUsable)
                .sorted(Comparator.comparing((Leg l) -> l.parked)
                        .thenComparing(l -> l.wishedStandby)
                        .thenComparing(l -> l != primary)
                        .thenComparing(l -> !l.isActive())
                        .thenComparingLong(l -> l.path.leastRoundTrip()))
                .toList();
        long least = legs.stream()
                .filter(Leg::isActive)
                .mapToLong(l -> l.share)
                .min()
                .orElse(0);
        for (Leg leg : legs) {
            int place = order.indexOf(leg);
            boolean active = place == 0 || place > 0 && place < width && !leg.parked && !leg.wishedStandby;
            if (active && !leg.isActive()) {
                leg.share = Math.max(leg.share, least);
            }
            leg.state = leg.retired
                    ? LegState.DRAINING
                    : !leg.proven ? LegState.PROBING : active ? LegState.ACTIVE : LegState.STANDBY;
        }
    }

    /** The leg with that first transport. */
    public Optional<Leg> find(UUID id) {
        return legs.stream().filter(leg -> leg.id().equals(id)).findFirst();
    }

    /** The leg with that number. */
    public Optional<Leg> find(int number) {
        return legs.stream().filter(leg -> leg.number() == number).findFirst();
    }

    /** All, the primary first. */
    public List<Leg> list() {
        return new ArrayList<>(legs);
    }

    /** All, without a copy, for this package. */
    List<Leg> view() {
        return legs;
    }

    /** The primary; empty if there is no leg left. */
    public Optional<Leg> primary() {
        return legs.isEmpty() ? Optional.empty() : Optional.of(legs.getFirst());
    }

    /** Whether another one than this could be sent on in its place. */
    public boolean hasOther(Leg leg) {
        for (Leg other : legs) {
            if (other != leg && other.isUsable() && !other.parked) {
                return true;
            }
        }
        return false;
    }

    /** The legs that control frames go by: the quickest of those that are heard of, two if there are so many. */
    public List<Leg> forControl(long now) {
        return legs.stream()
                .filter(Leg::isUsable)
                .sorted(Comparator.comparing((Leg l) -> l.parked)
                        .thenComparing(l -> isSilent(l, now))
                        .thenComparing(l -> !l.isActive())
                        .thenComparingLong(l -> l.path.leastRoundTrip()))
                .limit(2)
                .toList();
    }

    /** Whether nothing has come by it although it is in use, so that what we send may not get there either. */
    private static boolean isSilent(Leg leg, long now) {
        return leg.isActive() && leg.heard && now - leg.heardAt > Math.max(100_000_000L, 2 * leg.path.roundTrip());
    }

    /** Counts changes of the set or of a state. */
    public long changes() {
        return changes;
    }
}
